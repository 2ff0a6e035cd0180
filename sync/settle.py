"""What the server's answers mean for the kiosk's ledgers, and so what the server is asked next.

Where both have the same digest they agree on all before it. Where they do not, the last point on which they agree is searched
by asking ever lower, and the ledger branches there: nothing is lost, and an entry that arrives twice counts once, by its id.
"""

import logging
from typing import NamedTuple

from sync.errors import Disagreed
from sync.store import Pending, Store
from sync.wire import Acked, Held, Receipt

MOST_UNPROVED = 8

log = logging.getLogger(__name__)


class Question(NamedTuple):
    """The next batch to send. held: what all ledgers offer. urgent: it carries entries, or settles a doubt."""

    pending: Pending
    held: list[Held]
    urgent: bool


class Settler:
    """Remembers, while the program runs, which ledgers the server seems to hold otherwise than we do."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Ledgers to ask about, and where; None: with the entries behind acked.
        self._doubts: dict[str, int | None] = {}
        # Heads that differ from ours, behind all that we offer there: the server need not be asked about them again.
        self._settled: dict[str, Acked] = {}
        # Opened by a branch, and not yet found in a receipt; and how many branches in a row there were until then. One of which the
        # server takes nothing is its error, and branching again and again would fill the disk. Of a clone it takes what both have.
        self._unproved: dict[str, int] = {}
        # Nothing more can be settled here; left out until the courier has rested, so that other ledgers go on.
        self._stuck: set[str] = set()

    def question(self, most: int) -> Question:
        """What to ask next, with at most so many entries."""
        held = self._store.held()
        for ledger, at in self._doubts.items():
            previous = None if at is None else self._store.digest_at(ledger, at)
            if at is None or previous is None:
                return Question(self._store.pending(most, ledger), held, urgent=True)
            return Question(Pending(ledger, at + 1, previous, ()), held, urgent=True)
        waiting = (ledger.ledger for ledger in held if ledger.last > ledger.acked and ledger.ledger not in self._stuck)
        pending = self._store.pending(most, next(waiting, None))
        return Question(pending, held, urgent=bool(pending.lines))

    def received(self, sent: Pending, receipt: Receipt) -> None:
        """Take in the receipt for what was sent: where the server stands in each ledger."""
        held = {ledger.ledger: ledger for ledger in self._store.held()}
        for at in receipt.ledgers:
            if at.ledger not in held or at == self._settled.get(at.ledger):
                self._doubts.pop(at.ledger, None)
            elif self._store.acknowledge(at):
                self._agreed(at)
            elif at.acked < held[at.ledger].floor:
                self._pruned(at, held[at.ledger])
            elif at.ledger == sent.ledger and at.acked >= sent.end:
                self._ahead(sent, at)
            elif at.ledger not in self._stuck:
                self._doubts[at.ledger] = at.acked if at.acked < held[at.ledger].acked else None

    def disagreed(self, sent: Pending, answer: Disagreed) -> None:
        """Take in a `gap` or `forked`: branch where both agree, or ask lower."""
        at = answer.at
        ours = next((ledger for ledger in self._store.held() if ledger.ledger == at.ledger == sent.ledger), None)
        if ours is None:
            self._give_up(sent.ledger)
        elif at.acked < ours.floor:
            self._pruned(at, ours)
        elif self._store.acknowledge(at):
            self._doubts.pop(at.ledger, None)
            if answer.forked:
                self._branch(at)
        elif at.acked < sent.first - 1:
            self._doubts[at.ledger] = at.acked
        else:
            self._give_up(at.ledger)

    def rest(self) -> None:
        """The courier pauses: what could not be settled may be asked about again afterwards."""
        self._stuck.clear()

    def _agreed(self, at: Acked) -> None:
        self._doubts.pop(at.ledger, None)
        if at.acked:
            self._unproved.pop(at.ledger, None)

    def _ahead(self, sent: Pending, at: Acked) -> None:
        """The server holds all that was sent, and behind it something that is not ours: a cloned disk, or ours was put back."""
        digest = self._store.digest_at(sent.ledger, sent.end)
        if digest is None:
            self._give_up(sent.ledger)
            return
        common = Acked(sent.ledger, sent.end, digest)
        self._store.acknowledge(common)
        if self._branch(common):
            self._settled[at.ledger] = at

    def _pruned(self, at: Acked, ours: Held) -> None:
        """The server lacks entries that we no longer have; it gets all that we have, in a ledger of its own."""
        self._doubts.pop(at.ledger, None)
        if ours.last > ours.floor:
            self._branch(at)

    def _branch(self, at: Acked) -> bool:
        before = self._unproved.get(at.ledger, 0)
        if before and (at.acked == 0 or before > MOST_UNPROVED):
            self._give_up(at.ledger)
            return False
        born = self._store.branch(at)
        self._doubts.pop(at.ledger, None)
        if born is not None:
            log.warning("ledger %s branched behind %d; its entries go on in %s", at.ledger, at.acked, born)
            self._unproved[born] = before + 1
        return True

    def _give_up(self, ledger: str) -> None:
        log.error("what the server says of ledger %s cannot be settled", ledger)
        self._doubts.pop(ledger, None)
        self._stuck.add(ledger)
