"""The courier: takes what is pending, sends it, lets the answer be settled, waits. It never gives up.

It runs in a thread of its own, and knows the kiosk only through the protocols of `sync.store`.
"""

import logging
import random
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sync.backoff import LONGEST_SECONDS, Backoff, honour
from sync.errors import Disagreed, ExchangeError, Refused, TryLater
from sync.ladder import Ladder
from sync.naming import MAX_NAMED, named
from sync.settle import Question, Settler
from sync.store import Exchange, Kiosk, Pending, Store
from sync.wire import Batch, BatchHeader, Genuine, Held, Receipt, encode_batch

HOURLY_SECONDS = 3600.0
AWAITS_A_PERSON = (401, 403, 426)
TOO_LARGE = 413
AWAY_AFTER_FAILURES = 2
RETURN_SPREAD_SECONDS = 60.0

log = logging.getLogger(__name__)


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
    """The loop. report is called in the courier's thread after every step, errands (which never raises) with every receipt.

    wait: waits for so many seconds, or until the event is set, or as long as it sees fit.
    """

    def __init__(
        self,
        store: Store,
        exchange: Exchange,
        kiosk: Kiosk,
        report: Callable[[Step], None],
        uniform: Callable[[float, float], float] = random.uniform,
        errands: Callable[[Receipt], None] = lambda receipt: None,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._exchange = exchange
        self._kiosk = kiosk
        self._report = report
        self._uniform = uniform
        self._errands = errands
        self._wait = wait
        self._settler = Settler(store)
        self._backoff = Backoff()
        self._ladder = Ladder()
        self._genuine: Genuine | None = None
        # What was read to learn whether more waits, so that it is not read again to be sent.
        self._following: Question | None = None
        self._turn = 0
        self._unreachable = 0
        self._config_failed: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Exchange until `stop` is set."""
        while not stop.is_set():
            step = self.run_once()
            self._report(step)
            self._wait(stop, step.wait_seconds)

    def run_once(self) -> Step:
        """One exchange. Never raises: an unexpected error is logged, and waits like a failed exchange."""
        try:
            step = self._exchange_once()
        except TryLater as error:
            self._unreachable += error.reason == "unreachable"
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
        if step.wait_seconds > 0:
            self._following = self._config_failed = None
            self._settler.rest()
        return step

    def _exchange_once(self) -> Step:
        self._ladder = self._ladder.at(self._kiosk.clock().up)
        question = self._following or self._settler.question(self._ladder.most)
        self._following = None
        # After an outage many kiosks come back at once: a hello first, and the backlog at a moment of each one's own.
        returning = self._unreachable >= AWAY_AFTER_FAILURES
        sent = replace(question.pending, lines=()) if returning else question.pending
        try:
            receipt = self._exchange.send(self._batch(sent, question.held))
        except Disagreed as answer:
            return self._disagreed(sent, answer)
        except Refused as refused:
            if refused.status != TOO_LARGE:
                raise
            return self._too_large(sent, refused)
        step = self._received(sent, receipt)
        return replace(step, wait_seconds=self._uniform(0, RETURN_SPREAD_SECONDS)) if returning and question.urgent else step

    def _batch(self, sent: Pending, held: list[Held]) -> bytes:
        self._turn += 1
        header = BatchHeader(
            ledger=sent.ledger,
            first=sent.first,
            previous=sent.previous,
            ledgers=named(held, sent.ledger, min(MAX_NAMED, self._ladder.most), self._turn),
            clock=self._kiosk.clock(),
            genuine=self._genuine,
            health=self._kiosk.health(),
            nonce=secrets.token_hex(16),
        )
        return encode_batch(Batch(header, sent.lines))

    def _received(self, sent: Pending, receipt: Receipt) -> Step:
        self._unreachable = 0
        clock = self._kiosk.clock()
        self._genuine = Genuine(receipt.time, clock.up, clock.boot)
        self._settler.received(sent, receipt)
        self._errands(receipt)
        detail = self._refresh_config(receipt.config)
        wait = 0.0 if self._goes_on(sent) else receipt.next_seconds
        return Step("received", wait, detail, receipt.time)

    def _disagreed(self, sent: Pending, answer: Disagreed) -> Step:
        self._unreachable = 0
        self._settler.disagreed(sent, answer)
        if self._goes_on(sent):
            return Step("received", 0.0, f"{answer}; going on from there")
        return Step("disagreed", LONGEST_SECONDS, str(answer))

    def _too_large(self, sent: Pending, refused: Refused) -> Step:
        smaller = self._ladder.down(len(sent.lines), self._kiosk.clock().up)
        if smaller is None:
            return Step("refused", LONGEST_SECONDS, f"{refused}, although there is nothing smaller to send")
        self._ladder = smaller
        return Step("refused", 0.0, f"{refused}; at most {smaller.most} entries from now on")

    def _goes_on(self, sent: Pending) -> bool:
        """Whether to ask on at once; never the same again, which would be a loop without end."""
        following = self._settler.question(self._ladder.most)
        if not following.urgent or _same(sent, following.pending):
            return False
        self._following = following
        return True

    def _refresh_config(self, digest: str) -> str:
        """Fetch the configuration where ours is another; what went wrong. It is tried once while entries go on at once."""
        if digest in (self._kiosk.config_digest(), self._config_failed):
            return ""
        try:
            self._kiosk.store_config(self._exchange.config(digest))
        except Exception as error:  # entries were acknowledged, and must not wait for it
            log.exception("the configuration %s was not taken", digest)
            self._config_failed = digest
            return f"configuration: {error}"
        return ""

    def _failed(self, detail: str, after_seconds: float | None) -> Step:
        self._backoff = self._backoff.after_failure()
        wait = self._backoff.seconds(self._uniform) if after_seconds is None else honour(after_seconds, self._uniform)
        return Step("failed", wait, detail)


def _same(before: Pending, after: Pending) -> bool:
    return (before.ledger, before.first, bool(before.lines)) == (after.ledger, after.first, bool(after.lines))
