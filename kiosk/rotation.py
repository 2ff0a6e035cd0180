"""The kiosk's own key is changed: the next key lies ready, the old one says that it follows, and the server takes it.

What was said stays: the server's ledgers name the keys that opened them, and a server that was restored from a backup must hear
it again. So nothing is lost whatever is cut short, and no former private key need be kept.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from nacl.signing import SigningKey

from kiosk.enrolment import device_key, key_in, public_key
from sync.client import HandOver, signed_hand_over
from sync.entries import Malformed
from sync.files import sync_directory, write_whole
from sync.keys import KeyTaken
from sync.wire import decode

NEXT_KEY = "device.key.next"


class HandOvers(Struct, frozen=True):
    """Every change of this kiosk's key, the oldest first. told: id of the device as which the server has heard of them all."""

    told: str | None = None
    all: list[HandOver] = []


def prepare(folder: Path) -> None:
    """Make the next key, and let the present one say that it follows. Repeated, it changes nothing. Raises OSError, ValueError."""
    key, following = device_key(folder), key_in(folder / NEXT_KEY)
    known = read(folder)
    if not known.all or known.all[-1].new != public_key(following):
        known = HandOvers(None, [*known.all, signed_hand_over(key, following)])
    _store(folder, HandOvers(None, known.all))


def read(folder: Path) -> HandOvers:
    """Every change of the key so far. Raises OSError."""
    try:
        return decode((folder / "key-changes.json").read_bytes(), HandOvers)
    except (FileNotFoundError, Malformed):
        return HandOvers()


def former_keys(folder: Path) -> set[str]:
    """The public keys that this kiosk had before, or has: ledgers may name any of them. Raises OSError."""
    return {change.old for change in read(folder).all}


def own_keys(folder: Path) -> set[str]:
    """The public keys by which a signature is this kiosk's: its own, and those that it had before. Raises OSError, ValueError."""
    return {public_key(device_key(folder)), *former_keys(folder)}


def is_pending(folder: Path) -> bool:
    """Whether a next key lies ready that is not in force yet."""
    return (folder / NEXT_KEY).exists()


def forget_told(folder: Path) -> bool:
    """The server does not know our key: tell it everything again. False where there is nothing to tell. Raises OSError."""
    known = read(folder)
    if not known.all:
        return False
    _store(folder, HandOvers(None, known.all))
    return True


def tell(folder: Path, device: str, say: Callable[[HandOver], KeyTaken | None]) -> None:
    """Tell the server what it has not heard as this device, and bring the next key into force when it has taken it.

    say: hands over once; None where the server refuses. The oldest first, for a server that stands before them all; then the
    newest first, for one that knows only the newest. Raises OSError, and what `say` raises.
    """
    known = read(folder)
    if not known.all or known.told == device:
        return
    taken: Sequence[KeyTaken | None] = [say(change) for change in [*known.all, *reversed(known.all)]]
    following = folder / NEXT_KEY
    with suppress(FileNotFoundError):  # the running kiosk, or the command beside it, was there first and has done the same
        if any(answer and answer.key == public_key(SigningKey(following.read_bytes())) for answer in taken):
            following.replace(folder / "device.key")
            sync_directory(folder)
    _store(folder, HandOvers(device, known.all))


def _store(folder: Path, known: HandOvers) -> None:
    write_whole(folder / "key-changes.json", msgspec.json.format(msgspec.json.encode(known)), 0o600)
