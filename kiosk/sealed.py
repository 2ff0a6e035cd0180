"""Sealed comments on the kiosk: one file each, `sealed/<SHA-256 of its bytes>`, written before the entry that names it.

What leaves the folder leaves it by one of two ways. A signed receipt says to erase it: at once. Or for 30 days of server time no
receipt wanted it while no entry was waiting: then the server has it, or no entry ever named it (the power went between file
and entry). Without receipts nothing is deleted.

Erasing unlinks the file and syncs the folder. Flash memory may keep the old cells until it reuses them; what lies there is
sealed, and the kiosk has no key that opens it.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from sync.files import sync_directory, write_whole
from sync.sealing import Written, key_id, seal
from sync.wire import MAX_WANTED, Held, Receipt, sha256

KEPT = timedelta(days=30)
_UNWANTED = "unwanted.json"

log = logging.getLogger(__name__)


class Sealed:
    """The folder of sealed comments. Any thread may call, but `keep_house` is the courier's alone.

    folder: the data folder. ledgers: gives what every ledger on disk offers. Raises OSError.
    """

    def __init__(self, folder: Path, ledgers: Callable[[], Sequence[Held]]) -> None:
        self._folder = folder / "sealed"
        self._ledgers = ledgers
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True)
            sync_directory(folder)
        for torn in self._folder.glob("*.new"):  # no entry names it: the power went while it was written
            torn.unlink()

    def seal(self, written: Written, sealing_key: str) -> tuple[str, str]:
        """Keep what was written sealed to a public key (hex); on disk when this returns. Gives what a `comment` entry says: the SHA-256
        of the sealed bytes, and the key's id. Raises `Malformed`, OSError.
        """
        body = seal(written, sealing_key)
        sealed = sha256(body)
        write_whole(self._folder / sealed, body, 0o600)
        return sealed, key_id(sealing_key)

    def held(self) -> set[str]:
        """The hashes of all that are here."""
        return {path.name for path in self._folder.iterdir() if len(path.name) == 64}

    def read(self, sealed: str) -> bytes | None:
        """The sealed bytes, or None where they are not here, or damaged."""
        try:
            body = (self._folder / sealed).read_bytes()
        except FileNotFoundError:
            return None
        if sha256(body) != sealed:
            log.error("the sealed comment %s is damaged", sealed)
            return None
        return body

    def erase(self, sealed: str) -> None:
        """Delete the file, if there is one; it is off the folder, power cut or not, when this returns."""
        try:
            (self._folder / sealed).unlink()
        except FileNotFoundError:
            return
        sync_directory(self._folder)

    def keep_house(self, receipt: Receipt) -> None:
        """Delete what no receipt wanted for 30 days of server time; receipt: the one just accepted.

        While entries wait the server cannot want what they name, nor what is of ledgers that the receipt does not name; and a
        full list says nothing of what is not on it.
        """
        named = {at.ledger for at in receipt.ledgers}
        if any(ledger.last > ledger.acked or ledger.ledger not in named for ledger in self._ledgers()):
            return
        since, at = self._unwanted_since(), receipt.time
        unwanted = self.held().difference(receipt.wanted) if len(receipt.wanted) < MAX_WANTED else set()
        now = {sealed: min(since.get(sealed, at), at) for sealed in unwanted}
        for sealed in [sealed for sealed, first in now.items() if at - first >= KEPT]:
            self.erase(sealed)
            del now[sealed]
        if now != since:
            write_whole(self._folder / _UNWANTED, msgspec.json.encode(now), 0o600)

    def _unwanted_since(self) -> dict[str, datetime]:
        """Since when no receipt wanted a file. Where this cannot be read, the 30 days begin anew."""
        try:
            return msgspec.json.decode((self._folder / _UNWANTED).read_bytes(), type=dict[str, datetime])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}
