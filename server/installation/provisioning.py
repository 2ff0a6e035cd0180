"""`hailong-server provision … --out FOLDER`: what kiosks need before their first contact, onto a stick that only root may write."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE

from server.installation.handing import content, copies, inside, lent, put, why
from server.installation.running import Refused, follow
from sync.files import sync_directory

_SETTINGS = "kiosk.toml"


def main(words: Sequence[str]) -> None:
    """Raises `Refused` where the folder cannot be written, SystemExit with the command's exit code where the command refuses."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ca", type=Path)
    given, others = parser.parse_known_args(words)
    if given.out is None or {"-h", "--help"} & {*others}:
        sys.exit(follow("provision", *words).returncode)
    with lent(copies(*filter(None, [given.ca]))) as folder:
        made = folder / "out"
        trusted = ["--ca", str(folder / given.ca.name)] if given.ca else []
        done = follow("provision", *others, *trusted, "--out", str(made), stdout=PIPE)
        if done.returncode:
            sys.exit(done.returncode)
        hand_out(made, given.out)
    sys.stdout.write(done.stdout.replace(str(made), str(given.out)))


def hand_out(made: Path, out: Path) -> None:
    """Copy the counters' folders to where they are wanted, all or none. Raises `Refused` where one is there already or the disk fails.

    Of a stick that is pulled out meanwhile no folder is left that a kiosk would take for a whole one.
    """
    done: list[Path] = []
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders = inside(made)
        for target in (out / folder.name for folder in folders):
            if target.exists():
                raise Refused(f"{target} đã có. Xin chọn --out khác, hoặc xóa thư mục đó, rồi chạy lại.")
        for folder in folders:
            done.append(out / folder.name)
            for file in sorted(inside(folder), key=lambda path: path.name == _SETTINGS):  # the settings last: by them a kiosk knows it
                put(done[-1] / file.name, content(file), private=True)
            sync_directory(out)
    except OSError as error:
        for folder in done:
            with suppress(OSError):
                shutil.rmtree(folder)
        raise Refused(f"Không chép được tệp cài sẵn vào {out}: {why(error)}. Xin kiểm tra USB rồi thử lại.") from error
