"""T23: anything may happen to kiosks, server and network, in any order; real kiosks and the real server, in processes of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.broken import delete_on_acknowledgement, never_down, no_fork_check, only_the_newest, reply_before_commit
from tests.faults.centre import begin
from tests.faults.district import District
from tests.faults.invariants import Verdict, total
from tests.faults.report import report
from tests.faults.schedules import Case, Schedule, drawn, in_a_district, is_right, shrunk


def played(case: Case) -> Verdict:
    """What became of a schedule, with the named rule broken. Run in a process of its own."""
    begin(case.root)
    with pytest.MonkeyPatch.context() as patched:
        if case.broken:
            BROKEN[case.broken][0](patched)
        return in_a_district(case, District.judge)


@pytest.mark.fault("T23")
def test_whatever_happens_in_whatever_order_every_vote_thanked_for_counts_exactly_once(district: Path) -> None:
    chance = scale.chance("T23")
    cases = [Case(district, number, drawn(chance)) for number in range(scale.how_many(ci=300, long=50_000))]
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


# A clone is refused, and enrolled again at a counter of another unit, where a person accepts what it carries.
FOUND: list[Schedule] = [
    [("move", 14), ("back_up", 45), ("vote", 30), ("clone", 12), ("rotate", 20), ("exchange", 29), ("rotate", 21), ("restore", 12)],
]


@pytest.mark.fault("T23")
def test_schedules_that_once_ended_badly_end_well(district: Path) -> None:
    cases = [Case(district, 0, schedule) for schedule in FOUND]
    assert [verdict for verdict in scale.shared_out("T23", played, cases) if not is_right(verdict)] == []


# --- controls: with one rule broken the same schedules must end badly ------------------------------------------------


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
def test_control_with_a_rule_broken_the_same_schedules_end_badly(district: Path) -> None:
    cases = [Case(district, 0, schedule, broken) for broken, (_, schedule) in BROKEN.items()]
    whole = scale.shared_out("T23", played, [case._replace(broken="") for case in cases])
    verdicts = scale.shared_out("T23", played, cases)
    assert [verdict for verdict in whole if not is_right(verdict)] == []
    for case, verdict in zip(cases, verdicts, strict=True):
        said = f"lost {verdict.lost} of {verdict.thanked}" if verdict.lost else "I6 fails" if "I6" in str(verdict.wrong) else ""
        report("T23", cases=0, lost=0, doubled=0, control=f"{case.broken}: {said}")
        assert said, (case.broken, verdict)
