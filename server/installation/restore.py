"""`hailong-server restore FILE`: the server stopped, the backup put in the place of its database, the server started again."""

import sys
from collections.abc import Sequence
from pathlib import Path

from server.installation import authority
from server.installation.arguments import Arguments
from server.installation.handing import copies, lent, why
from server.installation.places import BACKUPS, TIMERS
from server.installation.proxy import in_force
from server.installation.running import Refused, follow, quietly, run, wait_for_server

UNITS = (*(f"hailong-{timer}.timer" for timer in TIMERS), "hailong-server.service")
_REGISTER = Path("register", "erasures.tsv")  # beside the backups: what was erased stays erased on the next machine, too
_WITHOUT_AUTHORITY = (
    "CHÚ Ý: tệp khóa này không kèm chứng thư gốc. Nếu đây là máy thay cho máy đã mất, kiosk và máy văn phòng chưa tin nó: "
    "phải chép hailong-ca.pem mới sang từng máy.\n"
)


def main(words: Sequence[str]) -> None:
    """Raises `Refused` when the backup cannot be put back; what ran before runs again then, too."""
    parser = Arguments("restore", "Khôi phục cơ sở dữ liệu từ bản sao lưu. Máy chủ tự dừng rồi chạy lại.")
    parser.add_argument("file", type=Path, metavar="TỆP", help=f"bản sao lưu, thường ở {BACKUPS}")
    parser.add_argument("--keys", type=Path, metavar="TỆP", help="khôi phục cả khóa riêng từ tệp này")
    parser.add_argument("--replace", action="store_true", help="thay cái đang dùng; bản đang dùng được giữ lại dưới tên khác")
    given = parser.parse_args(words)
    ran = [unit for unit in UNITS if quietly("systemctl", "is-active", unit).strip() == "active"]
    keys, trusted = _keys(given.keys) if given.keys else (b"", {})

    def fill(folder: Path) -> None:
        if not _is_the_servers(given.file):
            copies(given.file)(folder)
            if (register := given.file.absolute().parent / _REGISTER).is_file():
                (folder / _REGISTER).parent.mkdir()
                copies(register)((folder / _REGISTER).parent)
        if given.keys:
            (folder / "keys").mkdir()
            (folder / "keys" / given.keys.name).write_bytes(keys)

    with lent(fill) as folder:
        options = [str(given.file.absolute() if _is_the_servers(given.file) else folder / given.file.name)]
        options += ["--keys", str(folder / "keys" / given.keys.name)] if given.keys else []
        options += ["--replace"] if given.replace else []
        run("systemctl", "stop", *UNITS)
        try:
            done = follow("restore", *options)
            trusted_again = not done.returncode and authority.put_back(trusted)
        finally:
            if ran:
                run("systemctl", "start", *ran, failing="Máy chủ không chạy lại được. Xin xem: journalctl -u hailong-server -e")
    if done.returncode:
        raise Refused("Chưa khôi phục được; lý do ở trên.")
    if trusted_again:
        sys.stdout.write("Chứng thư gốc của máy chủ cũ đã được đặt lại: kiosk và máy văn phòng tin máy này như trước.\n")
    elif given.keys and not trusted and in_force() == "internal":
        sys.stdout.write(_WITHOUT_AUTHORITY)
    if UNITS[-1] in ran:
        wait_for_server()
    sys.stdout.write("Kiosk sẽ tự gửi lại những gì ghi sau bản sao lưu này. Xin xem: sudo hailong-server check\n")


def _is_the_servers(file: Path) -> bool:
    """Backups are large, and not copied where the server's user may read them."""
    return file.absolute().parent == BACKUPS


def _keys(file: Path) -> tuple[bytes, authority.Parts]:
    """What the server's user is to see of the file of the keys, and what is for root alone. Raises `Refused`."""
    try:
        return authority.apart(file.read_bytes())
    except OSError as error:
        raise Refused(f"Không đọc được {file}: {why(error)}") from error
