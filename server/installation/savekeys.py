"""`hailong-server savekeys FOLDER`: the private keys as one file on a stick, to be kept elsewhere.

A server that vouches for itself (`internal`) has an authority too, without which no kiosk trusts the machine that takes its place.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from server.installation import authority
from server.installation.arguments import Arguments
from server.installation.handing import content, lent, why
from server.installation.places import BACKUPS, DATA
from server.installation.running import Refused, server
from sync.files import write_whole

MOST_BYTES = 10_000_000  # of a file of keys: a few hundred each
HERE = ZoneInfo("Asia/Ho_Chi_Minh")  # the names of backups go by it too, however the machine's clock is set


def main(words: Sequence[str]) -> None:
    """Raises `Refused` where the folder is not there or cannot be written."""
    parser = Arguments("savekeys", "Chép khóa riêng của máy chủ ra một tệp, để cất nơi khác.")
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="chẳng hạn /media/usb")
    parser.add_argument("--same-disk", action="store_true", help="chép cả khi thư mục nằm trên đĩa của máy chủ, để rồi tự mang đi nơi khác")
    given = parser.parse_args(words)
    saved = save_keys(given.folder, same_disk=given.same_disk)
    sys.stdout.write(f"{saved}\nAi có tệp này thì giả được máy chủ: xin cất ở nơi khóa kín, không để lại trên máy.\n")


def save_keys(into: Path, *, same_disk: bool) -> Path:
    """Write the file; its path. same_disk: also where it would be lost together with the server. Raises `Refused`."""
    if not into.is_dir():
        raise Refused(f"Không có thư mục {into}. USB đã được gắn chưa?")
    if not same_disk and into.stat().st_dev in {folder.stat().st_dev for folder in (Path("/"), DATA, BACKUPS) if folder.exists()}:
        raise Refused(
            f"{into} nằm trên chính đĩa của máy chủ: đĩa hỏng thì khóa mất theo. USB đã được gắn vào đó chưa? Xem bằng: lsblk\n"
            f"Nếu sẽ tự mang tệp sang máy khác: sudo hailong-server savekeys {into} --same-disk"
        )
    target = into / f"hailong-keys-{datetime.now(HERE):%Y-%m-%d-%H%M}.tar"
    with lent() as folder:
        server("backup", f"{folder}/database.tar", "--keys", f"{folder}/keys.tar")
        try:
            keys = authority.with_authority(content(folder / "keys.tar", MOST_BYTES), authority.in_use())
            write_whole(target, keys, 0o600)
        except OSError as error:
            raise Refused(f"Không ghi được vào {into}: {why(error)}") from error
    return target
