"""`hailong-server import FOLDER`: what kiosks without network wrote on a stick, taken in; receipts and settings written back to it.

Root reads and writes the stick, the server's own command works on a copy. What the copy holds then beside the kiosks' own files is what
the server wrote: `answers/`, `config/` and `keys` (`sync.stick`).
"""

import errno
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from server.installation.arguments import Arguments
from server.installation.handing import content, inside, lent, put, why
from server.installation.running import Refused, follow
from sync.stick import ANSWERS, CONFIG, CONTENTS, FOLDER, KEYS, MAX_CONTENTS_BYTES, MAX_FILE_BYTES, REQUESTS, device_folders

_ROOM = "Xin xóa bớt tệp khác trên USB rồi chạy lại lệnh này."
_AGAIN = "Xin kiểm tra USB, gắn lại rồi chạy lại lệnh này."


def main(words: Sequence[str]) -> None:
    """Raises `Refused` where the stick cannot be read or written, SystemExit with the command's exit code where something was left out."""
    parser = Arguments("import", "Nhận những gì kiosk không có mạng đã chép ra USB, rồi ghi biên nhận và cấu hình mới lên USB.")
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help=f"nơi gắn USB, chẳng hạn /mnt: thư mục có thư mục {FOLDER}")
    stick: Path = parser.parse_args(words).folder
    unread: list[str] = []

    def fill(copy: Path) -> None:
        unread.extend(bring_in(stick, copy))

    with lent(fill) as copy:
        exit_code = follow("import", str(copy)).returncode
        bring_back(copy, stick)
    if unread:
        raise Refused("\n".join(["Không đọc được trên USB, và vẫn còn nguyên trên kiosk:", *(f"  {one}" for one in unread), _AGAIN]))
    if exit_code:
        sys.exit(exit_code)
    sys.stdout.write("Biên nhận đã ở trên USB. Lần tới mang USB này về kiosk, Chép ra USB: kiosk nhận biên nhận và ghi phần tiếp theo.\n")


def bring_in(stick: Path, copy: Path) -> list[str]:
    """Copy what kiosks wrote; what could not be read, each with its reason. Raises `Refused` where nothing of a kiosk is on the stick."""
    unread: list[str] = []
    try:
        kiosks = device_folders(stick) if inside(stick / FOLDER) else []
    except OSError as error:
        raise Refused(f"Không đọc được {stick}: {why(error)}. {_AGAIN}") from error
    if not kiosks:
        raise Refused(f"Không có gì của kiosk trong {stick / FOLDER}. Đúng USB chưa, đã gắn chưa?")
    try:
        for kiosk in kiosks:
            (copy / FOLDER / kiosk.name / REQUESTS).mkdir(parents=True)
            for path, data in _written_by(kiosk, unread):
                (copy / path.relative_to(stick)).write_bytes(data)
    except OSError as error:
        raise Refused(f"Không chép được USB vào máy chủ: {why(error)}. Chưa nhận gì.") from error
    return unread


def _written_by(kiosk: Path, unread: list[str]) -> Iterator[tuple[Path, bytes]]:
    """A kiosk's own files; adds to `unread` what cannot be read."""
    try:
        files = [path for path in inside(kiosk) if path.name == CONTENTS] + inside(kiosk / REQUESTS)
    except OSError as error:
        unread.append(f"{kiosk.name}: {why(error)}")
        return
    for path in files:
        try:
            data = content(path, MAX_CONTENTS_BYTES if path.name == CONTENTS else MAX_FILE_BYTES)
        except OSError as error:
            unread.append(f"{kiosk.name}, {path.name}: {why(error)}")
            continue
        yield path, data


def bring_back(copy: Path, stick: Path) -> None:
    """Write what the server wrote onto the stick, each file whole or not at all. Raises `Refused` where the stick cannot be written.

    What an earlier time, broken off, left half-written is removed.
    """
    try:
        for kiosk in device_folders(copy):
            target = stick / FOLDER / kiosk.name
            for torn in [
                path for folder in (target, target / CONFIG, target / ANSWERS) for path in inside(folder) if path.suffix == ".new"
            ]:
                torn.unlink()
            for path in [*inside(kiosk / CONFIG), *_keys(kiosk), *inside(kiosk / ANSWERS)]:  # a receipt names its settings
                put(stick / path.relative_to(copy), content(path), private=False)
    except OSError as error:
        do = _ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else _AGAIN
        raise Refused(
            f"Không ghi được biên nhận lên {stick}: {why(error)}. Những gì máy chủ đã nhận vẫn được tính, không mất lượt nào. {do}"
        ) from error


def _keys(kiosk: Path) -> list[Path]:
    return [path for path in inside(kiosk) if path.name == KEYS]
