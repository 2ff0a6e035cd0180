"""A tablet made ready to be the model of a disk image: whoever is set up from it must not be taken for this one.

Two tablets with one key and one ledger would each go on where the other one is (docs/wire.md, `forked`).
"""

from dataclasses import dataclass
from pathlib import Path

from kiosk.clocks import Clocks
from kiosk.rewriting import rewritten
from kiosk.setup.prepared import ROSTER
from kiosk.storage.ledger import Ledger
from sync.entries import uuid7
from sync.files import sync_directory, write_whole


class StillWaiting(Exception):
    """Entries are on this tablet only; `waiting` says how many."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} entries are not known to be on the server")
        self.waiting = waiting


@dataclass(frozen=True)
class Reset:
    """What was done. aside: where everything is now; None where there was nothing. waiting: entries that are there only."""

    aside: Path | None
    waiting: int


def reset_for_imaging(folder: Path, settings: Path, *, force: bool) -> Reset:
    """Move a data folder aside as a whole, so that key, enrolment and ledgers are no more where the kiosk looks for them; and take out of
    the settings, a kiosk.toml, what a server prepared for this one tablet: its secret, and its counter's officers, who are known to the
    server. `ca.pem` stays: it is that of the server, and the next counter's folder brings its own.

    force: even if entries wait for the server. Raises `StillWaiting`, `AlreadyRunning`, OSError, sqlite3.Error; what is done then stays,
    and is gone on with by the next call.
    """
    done = _move_aside(folder, force=force)
    text = settings.read_text("utf-8")
    if (without := rewritten(text, {"provision": None})) != text:
        write_whole(settings, without.encode(), 0o600)
    settings.with_name(ROSTER).unlink(missing_ok=True)
    return done


def _move_aside(folder: Path, *, force: bool) -> Reset:
    if not folder.is_dir() or not any(folder.iterdir()):
        return Reset(None, 0)
    ledger = Ledger(folder, Clocks())
    waiting = ledger.waiting()
    ledger.close()
    if waiting and not force:
        raise StillWaiting(waiting)
    aside = folder.with_name(f"{folder.name}.before-imaging-{uuid7()}")
    folder.rename(aside)
    sync_directory(folder.parent)
    return Reset(aside, waiting)
