"""What a receipt asks of the kiosk besides its ledgers: sealed comments to hand over, and those to erase.

Nothing here may hold up the entries: a comment that could not be handed over is wanted again by the next receipt.
"""

import logging
import time
from collections.abc import Callable, Collection
from typing import Protocol

from sync.errors import ExchangeError, Refused
from sync.wire import Receipt

BUDGET_SECONDS = 30.0

log = logging.getLogger(__name__)


class SealedStore(Protocol):
    """The kiosk's sealed comments, by their SHA-256."""

    def read(self, sealed: str) -> bytes | None:
        """The sealed bytes, or None where the kiosk does not have them. Raises OSError."""

    def erase(self, sealed: str) -> None:
        """Delete the file, if there is one. Raises OSError."""

    def keep_house(self, receipt: Receipt) -> None:
        """Let go of what no receipt wanted for long. Raises OSError."""


class Exchange(Protocol):
    """`sync.client.Client`, as errands need it."""

    def put_sealed(self, sealed: str, body: bytes) -> None:
        """Hand over a sealed comment. Raises any `ExchangeError`."""


class Errands:
    """Runs the errands of a receipt. Handing over begins no further comment after 30 s, so that entries never wait for long."""

    def __init__(self, store: SealedStore, exchange: Exchange, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._exchange = exchange
        self._monotonic = monotonic

    def run(self, receipt: Receipt) -> None:
        """Erase, hand over, and tidy up. The receipt's signature must have been checked. Never raises: errors are logged."""
        try:
            self._erase(receipt.erase)
            self._hand_over([sealed for sealed in receipt.wanted if sealed not in receipt.erase])
            self._store.keep_house(receipt)
        except Exception:
            log.exception("an errand failed")

    def _erase(self, erase: Collection[str]) -> None:
        for sealed in erase:
            try:
                self._store.erase(sealed)
            except OSError:
                log.exception("the sealed comment %s could not be erased; the next receipt asks again", sealed)

    def _hand_over(self, wanted: Collection[str]) -> None:
        until = self._monotonic() + BUDGET_SECONDS
        for sealed in wanted:
            if self._monotonic() >= until:
                return
            body = self._store.read(sealed)
            if body is None:
                continue
            try:
                self._exchange.put_sealed(sealed, body)
            except Refused as error:
                log.warning("the server refused the sealed comment %s: %s", sealed, error)
            except ExchangeError as error:
                log.warning("the sealed comment %s was not handed over, nor those after it: %s", sealed, error)
                return
