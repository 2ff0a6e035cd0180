"""The courier: takes what is pending, sends it, marks what was received, waits. It never gives up.

It runs in a thread of its own, and knows the kiosk only through `Store`.
"""

import logging
import random
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync.backoff import LONGEST_SECONDS, Backoff, honour
from sync.errors import Disagreed, ExchangeError, Refused, TryLater
from sync.wire import Acked, Batch, BatchHeader, Clock, Genuine, Health, Held, Receipt, encode_batch

HOURLY_SECONDS = 3600.0
AWAITS_A_PERSON = (401, 403, 426)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pending:
    """What follows `acked` in the oldest ledger that has something to send; lines is empty where none has."""

    ledger: str
    first: int
    previous: str
    lines: Sequence[bytes]


class Store(Protocol):
    """The kiosk's ledgers, as the courier needs them."""

    def held(self) -> list[Held]:
        """Every ledger on disk, the oldest first."""

    def pending(self) -> Pending:
        """The next entries to send, within the limits of a batch."""

    def acknowledge(self, at: Acked) -> bool:
        """Move `acked`, up or down, to where the server stands; False where our digest there is another."""


class Exchange(Protocol):
    """`sync.client.Client`, as the courier needs it."""

    def send(self, body: bytes) -> Receipt:
        """The receipt for a batch."""

    def config(self, digest: str) -> bytes:
        """The configuration of that digest."""


class Kiosk(Protocol):
    """What else the courier asks of the kiosk."""

    def clock(self) -> Clock:
        """The clocks now."""

    def health(self) -> Health:
        """How the kiosk is now."""

    def config_digest(self) -> str | None:
        """Digest of the configuration that the kiosk has, or None."""

    def store_config(self, config: bytes) -> None:
        """Keep a configuration that was received."""


@dataclass(frozen=True)
class Step:
    """What one round did, and how long to wait before the next.

    outcome: received, disagreed, refused or failed. detail: for the technician. server_time: of a receipt, else None.
    """

    outcome: str
    wait_seconds: float
    detail: str = ""
    server_time: datetime | None = None


class Courier:
    """The loop. report is called in the courier's thread after every step, errands (which never raises) with every receipt."""

    def __init__(
        self,
        store: Store,
        exchange: Exchange,
        kiosk: Kiosk,
        report: Callable[[Step], None],
        uniform: Callable[[float, float], float] = random.uniform,
        errands: Callable[[Receipt], None] = lambda receipt: None,
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._kiosk = kiosk
        self._report = report
        self._uniform = uniform
        self._errands = errands
        self._backoff = Backoff()
        self._genuine: Genuine | None = None

    def run(self, stop: threading.Event) -> None:
        """Exchange until `stop` is set."""
        while not stop.is_set():
            step = self.run_once()
            self._report(step)
            stop.wait(step.wait_seconds)

    def run_once(self) -> Step:
        """One exchange. Never raises: an unexpected error is logged, and waits like a failed exchange."""
        try:
            step = self._exchange_once()
        except TryLater as error:
            step = self._failed(str(error), error.after_seconds)
        except Refused as error:
            wait = HOURLY_SECONDS if error.status in AWAITS_A_PERSON else LONGEST_SECONDS
            step = Step("refused", wait, str(error))
        except ExchangeError as error:
            step = self._failed(str(error), None)
        except Exception as error:
            log.exception("the courier met what it does not know")
            step = self._failed(f"{type(error).__name__}: {error}", None)
        if step.outcome == "received":
            self._backoff = Backoff()
        return step

    def _exchange_once(self) -> Step:
        pending = self._store.pending()
        header = BatchHeader(
            ledger=pending.ledger,
            first=pending.first,
            previous=pending.previous,
            ledgers=self._store.held(),
            clock=self._kiosk.clock(),
            genuine=self._genuine,
            health=self._kiosk.health(),
            nonce=secrets.token_hex(16),
        )
        try:
            receipt = self._exchange.send(encode_batch(Batch(header, pending.lines)))
        except Disagreed as disagreement:
            return self._settle(disagreement, pending)
        clock = self._kiosk.clock()
        self._genuine = Genuine(receipt.time, clock.up, clock.boot)
        strangers = [at.ledger for at in receipt.ledgers if not self._store.acknowledge(at)]
        self._errands(receipt)
        if strangers:
            return Step("disagreed", LONGEST_SECONDS, f"the server holds other entries under {', '.join(strangers)}", receipt.time)
        if receipt.config != self._kiosk.config_digest():
            self._kiosk.store_config(self._exchange.config(receipt.config))
        following = self._store.pending()
        at_once = following.lines and _moved(pending, following)
        return Step("received", 0.0 if at_once else receipt.next_seconds, server_time=receipt.time)

    def _settle(self, disagreement: Disagreed, sent: Pending) -> Step:
        agreed = not disagreement.forked and self._store.acknowledge(disagreement.at)
        if agreed and _moved(sent, self._store.pending()):
            return Step("received", 0.0, f"{disagreement}; sending from there")
        return Step("disagreed", LONGEST_SECONDS, str(disagreement))

    def _failed(self, detail: str, after_seconds: float | None) -> Step:
        self._backoff = self._backoff.after_failure()
        wait = self._backoff.seconds(self._uniform) if after_seconds is None else honour(after_seconds, self._uniform)
        return Step("failed", wait, detail)


def _moved(before: Pending, after: Pending) -> bool:
    """Whether an answer changed what is to be sent; if not, asking again at once would be a loop without end."""
    return (before.ledger, before.first) != (after.ledger, after.first)
