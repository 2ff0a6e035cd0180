"""`status.json`: how the running kiosk is, for whoever may not open its database."""

from datetime import datetime
from pathlib import Path

import msgspec

from sync.files import write_whole
from sync.wire import Genuine, Held


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """After an exchange.

    outcome, detail, next_in_seconds: of that exchange. advice: what is to be done about it, as a sentence. server_time: of its
    receipt, if it got one. waiting: entries that the server is not known to hold. genuine: the last server time that was heard, by
    the network. ledgers: what each offers.
    """

    at: datetime
    outcome: str
    detail: str
    advice: str = ""
    next_in_seconds: float
    server_time: datetime | None
    waiting: int
    genuine: Genuine | None = None
    ledgers: list[Held] = []


def write_status(data: Path, status: Status) -> None:
    """Replace what was there. data: the data folder. Raises OSError."""
    write_whole(data / "status.json", msgspec.json.format(msgspec.json.encode(status)))


def read_status(data: Path) -> Status | None:
    """What the kiosk noted last, or None where it has not, or that cannot be read."""
    try:
        return msgspec.json.decode((data / "status.json").read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return None
