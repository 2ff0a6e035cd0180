"""T23: anything may happen to kiosks, server and network, in any order; real kiosks and the real server, in processes of their own."""

from collections.abc import Callable
from datetime import date

import pytest

from kiosk.ledger import Ledger
from sync.settle import Question, Settler
from sync.wire import Acked, BatchHeader, Receipt
from tests.faults import scale
from tests.faults.centre import a_folder, begin
from tests.faults.district import District
from tests.faults.invariants import Verdict, total
from tests.faults.report import report
from tests.faults.schedules import Case, Schedule, drawn, in_a_district, is_right, prepared, shrunk


def played(case: Case) -> Verdict:
    """What became of a schedule, with the named rule broken. Run in a process of its own."""
    begin(case.root)
    with pytest.MonkeyPatch.context() as patched:
        if case.broken:
            BROKEN[case.broken][0](patched)
        return in_a_district(case, District.judge)


@pytest.mark.fault("T23")
def test_whatever_happens_in_whatever_order_every_vote_thanked_for_counts_exactly_once() -> None:
    chance = scale.chance("T23")
    with a_folder() as root:
        scale.shared_out("T23", prepared, [root])
        cases = [Case(root, number, drawn(chance)) for number in range(scale.how_many(ci=300, long=50_000))]
        verdicts = scale.shared_out("T23", played, cases)
        found = total(verdicts)
        report("T23", cases=found.cases, lost=found.lost, doubled=found.doubled)
        if wrong := [case for case, verdict in zip(cases, verdicts, strict=True) if not is_right(verdict)]:
            [(schedule, verdict)] = scale.shared_out("T23", shortest, [min(wrong, key=lambda case: len(case.schedule))])
            pytest.fail(f"{len(wrong)} schedules end badly. One is {schedule}: {verdict}")
    assert found.thanked > found.cases


def shortest(case: Case) -> tuple[Schedule, Verdict]:
    """A bad schedule without what it does not need to be bad. Run in a process of its own."""
    return shrunk(case, played)


# --- controls: with one rule broken the same schedules must end badly ------------------------------------------------


def no_fork_check(patched: pytest.MonkeyPatch) -> None:
    """The server looks at numbers only, never at digests."""

    def known(header: BatchHeader, digests: list[str], head: int, *_: object) -> int:
        return max(0, min(header.first + len(digests) - 1, head) - header.first + 1)

    patched.setattr("server.intake.receive.known_lines", known)


def never_down(patched: pytest.MonkeyPatch) -> None:
    """`acked` only goes up."""
    acknowledge = Ledger.acknowledge

    def upwards(self: Ledger, at: Acked, day: date | None = None) -> bool:
        down = any(held.ledger == at.ledger and at.acked < held.acked for held in self.held())
        return down or acknowledge(self, at, day)

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

    def delete(self: Ledger, at: Acked, day: date | None = None) -> bool:
        taken = acknowledge(self, at, day)
        if taken:
            for sql in (
                """UPDATE ledgers SET floor = acked, floor_digest = (SELECT digest FROM entries WHERE number = ledgers.number AND seq = acked)
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


RESTORED: Schedule = [("back_up", 0), ("vote", 6), ("exchange", 0), ("restore", 0)]
BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Schedule]] = {
    "no fork check": (
        no_fork_check,
        [("vote", 2), ("exchange", 0), ("image", 0), ("vote", 6), ("exchange", 0), ("roll_back", 0), ("vote", 4), ("exchange", 0)],
    ),
    "acked never goes down": (never_down, RESTORED),
    "old ledgers are not offered again": (
        only_the_newest,
        [("exchange", 0), ("back_up", 0), ("vote", 6), ("move", 4), ("exchange", 0), ("restore", 0)],
    ),
    "deleted on acknowledgement": (delete_on_acknowledgement, RESTORED),
    "reply before commit": (reply_before_commit, [("vote", 6), ("exchange", 0)]),
}


@pytest.mark.fault("T23")
def test_control_with_a_rule_broken_the_same_schedules_end_badly() -> None:
    with a_folder() as root:
        scale.shared_out("T23", prepared, [root])
        cases = [Case(root, 0, schedule, broken) for broken, (_, schedule) in BROKEN.items()]
        whole = scale.shared_out("T23", played, [case._replace(broken="") for case in cases])
        verdicts = scale.shared_out("T23", played, cases)
    assert [verdict for verdict in whole if not is_right(verdict)] == []
    for case, verdict in zip(cases, verdicts, strict=True):
        said = f"lost {verdict.lost} of {verdict.thanked}" if verdict.lost else "I6 fails" if "I6" in str(verdict.wrong) else ""
        report("T23", cases=0, lost=0, doubled=0, control=f"{case.broken}: {said}")
        assert said, (case.broken, verdict)
