"""How the last run of each timer went: a file each in the folder `runs`, so that `check` need not ask systemd."""

from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from sync.files import make_folder, write_whole

Timer = Literal["night", "watch", "restoretest"]
Note = TypeVar("Note", bound=msgspec.Struct)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run. faults: what each step that failed said, by its name. well: when last a whole run went without a fault, or None."""

    began: datetime
    ended: datetime
    faults: dict[str, str] = {}
    well: datetime | None = None


class KeysKept(msgspec.Struct, frozen=True):
    """When the private keys were last written into a file of their own, and for which signing key (public half, hex)."""

    at: datetime
    signing_key: str


class RestoreTest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was tried. made_at: when the backup was made; held: what was found in it, in words."""

    file: str
    made_at: datetime
    at: datetime
    held: str
    fault: str = ""


def write(folder: Path, name: str, note: msgspec.Struct) -> None:
    """Keep a note under a name, in the place of the one before. Raises OSError."""
    make_folder(folder)
    write_whole(folder / f"{name}.json", msgspec.json.encode(note), 0o600)


def read_run(folder: Path, timer: Timer) -> Run | None:
    """How the timer's last run went; None where there was none, or its note cannot be read."""
    return _read(folder, timer, Run)


def read_keys(folder: Path) -> KeysKept | None:
    """What is known of the keys' file; None as above."""
    return _read(folder, "keys", KeysKept)


def read_test(folder: Path) -> RestoreTest | None:
    """What the last restore test found; None as above."""
    return _read(folder, "restored", RestoreTest)


def _read(folder: Path, name: str, kind: type[Note]) -> Note | None:
    try:
        return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None
