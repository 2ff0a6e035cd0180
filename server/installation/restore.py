"""`hailong-server restore FILE`: the server stopped, the backup put in the place of its database, the server started again."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from server.installation.places import BACKUPS, DATA, TIMERS, USER
from server.installation.running import Refused, as_the_server, environment, quietly, run

UNITS = (*(f"hailong-{timer}.timer" for timer in TIMERS), "hailong-server.service")


def main(words: Sequence[str]) -> None:
    """Raises `Refused` when the backup cannot be put back; what ran before runs again then, too."""
    parser = argparse.ArgumentParser(
        prog="hailong-server restore", description="Khôi phục cơ sở dữ liệu từ bản sao lưu. Máy chủ tự dừng rồi chạy lại."
    )
    parser.add_argument("file", type=Path, metavar="TỆP", help=f"bản sao lưu, thường ở {BACKUPS}")
    parser.add_argument("--keys", type=Path, metavar="TỆP", help="khôi phục cả khóa riêng từ tệp này")
    parser.add_argument("--replace", action="store_true", help="thay cái đang dùng; bản đang dùng được giữ lại dưới tên khác")
    given = parser.parse_args(words)
    ran = [unit for unit in UNITS if quietly("systemctl", "is-active", unit).strip() == "active"]
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=DATA) as folder:
        shutil.chown(folder, USER)
        options = [str(_readable(given.file, Path(folder)))]
        options += ["--keys", str(_readable(given.keys, Path(folder)))] if given.keys else []
        options += ["--replace"] if given.replace else []
        run("systemctl", "stop", *UNITS)
        try:
            done = subprocess.run(as_the_server(["restore", *options]), check=False, env=environment(), cwd="/")
        finally:
            if ran:
                run("systemctl", "start", *ran, failing="Máy chủ không chạy lại được. Xin xem: journalctl -u hailong-server -e")
    if done.returncode:
        raise Refused("Chưa khôi phục được; lý do ở trên.")
    sys.stdout.write("Kiosk sẽ tự gửi lại những gì ghi sau bản sao lưu này. Xin xem: sudo hailong-server check\n")


def _readable(file: Path, folder: Path) -> Path:
    """The file, or a copy of it that the server's user may read: a stick often belongs to root alone. Raises `Refused`."""
    if file.absolute().parent == BACKUPS:
        return file.absolute()
    copy = folder / file.name
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        raise Refused(f"Không đọc được {file}: {error.strerror}") from error
    shutil.chown(copy, USER)
    return copy
