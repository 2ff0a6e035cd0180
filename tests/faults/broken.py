"""Rules of the protocol, each broken on purpose: what the controls are made of."""

import pytest

from kiosk.storage.ledger import Ledger
from sync.settle import Question, Settler
from sync.wire import Acked, BatchHeader, Receipt


def no_fork_check(patched: pytest.MonkeyPatch) -> None:
    """The server looks at numbers only, never at digests."""

    def known(header: BatchHeader, digests: list[str], head: int, *_: object) -> int:
        return max(0, min(header.first + len(digests) - 1, head) - header.first + 1)

    patched.setattr("server.intake.receive.known_lines", known)


def never_down(patched: pytest.MonkeyPatch) -> None:
    """`acked` only goes up."""
    acknowledge = Ledger.acknowledge

    def upwards(self: Ledger, at: Acked) -> bool:
        down = any(held.ledger == at.ledger and at.acked < held.acked for held in self.held())
        return down or acknowledge(self, at)

    patched.setattr(Ledger, "acknowledge", upwards)


def only_the_newest(patched: pytest.MonkeyPatch) -> None:
    """Ledgers that take no more entries are not offered again."""

    def newest(self: Settler, most: int) -> Question:
        held = self._store.held()
        pending = self._store.pending(most, held[-1].ledger)
        return Question(pending, held, urgent=bool(pending.lines))

    patched.setattr(Settler, "question", newest)


def delete_on_acknowledgement(patched: pytest.MonkeyPatch) -> None:
    """What was acknowledged leaves the kiosk at once."""
    acknowledge = Ledger.acknowledge

    def delete(self: Ledger, at: Acked) -> bool:
        taken = acknowledge(self, at)
        if taken:
            for sql in (
                """UPDATE ledgers
                   SET floor_digest = (SELECT digest FROM entries WHERE number = ledgers.number AND seq = acked), floor = acked
                   WHERE acked > floor""",
                "DELETE FROM entries WHERE seq <= (SELECT floor FROM ledgers WHERE ledgers.number = entries.number)",
            ):
                self._connection.execute(sql)
        return taken

    patched.setattr(Ledger, "acknowledge", delete)


def reply_before_commit(patched: pytest.MonkeyPatch) -> None:
    """The server answers, and then its transaction fails."""
    from django.db import transaction

    from server.intake.receive import Sent, receive

    def hasty(device_id: str, sent: Sent) -> Receipt:
        with transaction.atomic():
            receipt = receive(device_id, sent)
            transaction.set_rollback(True)
        return receipt

    patched.setattr("server.intake.views.receive", hasty)
