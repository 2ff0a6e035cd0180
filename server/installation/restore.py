"""`hailong-server restore FILE`: the server stopped, the backup put in the place of its database, the server started again."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from server.installation.handing import copies, lent
from server.installation.places import BACKUPS, TIMERS
from server.installation.running import Refused, follow, quietly, run

UNITS = (*(f"hailong-{timer}.timer" for timer in TIMERS), "hailong-server.service")


def main(words: Sequence[str]) -> None:
    """Raises `Refused` when the backup cannot be put back; what ran before runs again then, too."""
    parser = argparse.ArgumentParser(
        prog="sudo hailong-server restore", description="Khôi phục cơ sở dữ liệu từ bản sao lưu. Máy chủ tự dừng rồi chạy lại."
    )
    parser.add_argument("file", type=Path, metavar="TỆP", help=f"bản sao lưu, thường ở {BACKUPS}")
    parser.add_argument("--keys", type=Path, metavar="TỆP", help="khôi phục cả khóa riêng từ tệp này")
    parser.add_argument("--replace", action="store_true", help="thay cái đang dùng; bản đang dùng được giữ lại dưới tên khác")
    given = parser.parse_args(words)
    ran = [unit for unit in UNITS if quietly("systemctl", "is-active", unit).strip() == "active"]
    brought = [file for file in (given.file, given.keys) if file and not _is_the_servers(file)]
    with lent(copies(*brought)) as folder:
        options = [str(_as_seen(given.file, folder))]
        options += ["--keys", str(_as_seen(given.keys, folder))] if given.keys else []
        options += ["--replace"] if given.replace else []
        run("systemctl", "stop", *UNITS)
        try:
            done = follow("restore", *options)
        finally:
            if ran:
                run("systemctl", "start", *ran, failing="Máy chủ không chạy lại được. Xin xem: journalctl -u hailong-server -e")
    if done.returncode:
        raise Refused("Chưa khôi phục được; lý do ở trên.")
    sys.stdout.write("Kiosk sẽ tự gửi lại những gì ghi sau bản sao lưu này. Xin xem: sudo hailong-server check\n")


def _is_the_servers(file: Path) -> bool:
    return file.absolute().parent == BACKUPS


def _as_seen(file: Path, lent_folder: Path) -> Path:
    """Where the server's user finds it: backups are large, and not copied where that user may read them."""
    return file.absolute() if _is_the_servers(file) else lent_folder / file.name
