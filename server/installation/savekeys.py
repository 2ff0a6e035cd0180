"""`hailong-server savekeys FOLDER`: the private keys as one file on a stick, to be kept elsewhere."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from server.installation.handing import lent, why
from server.installation.running import Refused, server
from sync.files import write_whole


def main(words: Sequence[str]) -> None:
    """Raises `Refused` where the folder is not there or cannot be written."""
    parser = argparse.ArgumentParser(
        prog="sudo hailong-server savekeys", description="Chép khóa riêng của máy chủ ra một tệp, để cất nơi khác."
    )
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="chẳng hạn /media/usb")
    into: Path = parser.parse_args(words).folder
    sys.stdout.write(f"{save_keys(into)}\nAi có tệp này thì giả được máy chủ: xin cất ở nơi khóa kín, không để lại trên máy.\n")


def save_keys(into: Path) -> Path:
    """Write the file; its path. Raises `Refused`."""
    if not into.is_dir():
        raise Refused(f"Không có thư mục {into}. USB đã được gắn chưa?")
    target = into / f"hailong-keys-{datetime.now():%Y-%m-%d-%H%M}.tar"  # noqa: DTZ005 a name, by the clock on the wall
    with lent() as folder:
        server("backup", f"{folder}/database.tar", "--keys", f"{folder}/keys.tar")
        try:
            write_whole(target, (folder / "keys.tar").read_bytes(), 0o600)
        except OSError as error:
            raise Refused(f"Không ghi được vào {into}: {why(error)}") from error
    return target
