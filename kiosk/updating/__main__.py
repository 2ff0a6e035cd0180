"""`hailong-kiosk-update`: look for an update, take the one of a file, repair after a cut, or say how it stands. Root only, but `status`."""

import argparse
import fcntl
import json
import logging
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from kiosk.updating.errors import NoUpdateError
from kiosk.updating.session import Session
from kiosk.updating.state import ASKED, FOLDER, read_state
from kiosk.updating.steps import Updater
from kiosk.updating.told import Told
from sync.files import make_folder, sync_directory

SETTINGS = Path("/etc/hailong/kiosk.toml")
DATA = Path("/var/lib/hailong-kiosk/hailong")
KEY = Path("/usr/lib/hailong-kiosk/release.pub")
PROGRAM = Path(__file__).resolve().parents[2]

log = logging.getLogger("hailong-kiosk-update")


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 whatever came of it, 1 where a file was not taken or something failed, 2 for who may not."""
    parser = argparse.ArgumentParser(prog="hailong-kiosk-update", description=__doc__)
    asked = "look (the timer), asked (the kiosk), repair (at boot), status, or a .deb file"
    parser.add_argument("what", nargs="?", default="look", help=asked)
    what: str = parser.parse_args(words).what
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if what == "status":
        print(json.dumps(asdict(read_state(FOLDER)), indent=1, ensure_ascii=False))  # noqa: T201 the command's answer
        return 0
    if os.geteuid() != 0:
        log.error("Cần quyền quản trị: sudo hailong-kiosk-update %s", what)
        return 2
    make_folder(FOLDER)
    FOLDER.chmod(0o755)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _do(what)


def _do(what: str) -> int:
    updater = Updater(FOLDER, KEY, Told(SETTINGS, DATA), Session(), _stand_in)
    package = _asked() if what == "asked" else None if what in ("look", "repair") else Path(what)
    try:
        if what == "repair":
            updater.repair()
        elif package is not None:
            updater.take(package)
        else:
            updater.look()
    except (NoUpdateError, OSError) as error:
        log.warning("no update: %s", error)
        if package is not None:
            updater.refused(package.name, getattr(error, "word", "unreadable"))
        return 0 if what == "look" else 1
    return 0


def _asked() -> Path | None:
    """The file that the kiosk asks for; it is asked for once."""
    path = DATA / ASKED
    try:
        asked = Path(str(json.loads(path.read_text("utf-8"))["package"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    finally:
        path.unlink(missing_ok=True)
    return asked


def _stand_in(folder: Path) -> None:
    """A copy of this program, which is run instead of the installed one as long as it is there: `packaging/kiosk/update/`."""
    if folder != PROGRAM:
        aside = folder.with_name(".stand-in.new")
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(PROGRAM, aside, ignore=shutil.ignore_patterns("__pycache__"))
        os.sync()  # all of it is on the disk before it has its name
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
        sync_directory(folder.parent)


if __name__ == "__main__":
    sys.exit(main())
