"""T20: the server is restored from an old backup; the kiosks fill in what came later."""

import random
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.storage.ledger import Ledger
from sync.wire import Acked
from tests.faults import scale
from tests.faults.report import report
from tests.stage.programs import Demo, Server
from tests.stage.tablet import Tablet

KIOSKS = ("Quầy 1", "Quầy 2", "Quầy 3")
NEWCOMER = "Quầy 4"


class OnlyUp(Ledger):
    """Broken on purpose: `acked` never goes down."""

    def acknowledge(self, at: Acked) -> bool:
        acked = {held.ledger: held.acked for held in self.held()}
        return True if at.acked < acked.get(at.ledger, 0) else super().acknowledge(at)


def code(demo: Demo, counter: str) -> str:
    return str(demo.counter(counter)["code"])


def restore(server: Server, backup: Path) -> str:
    server.stop()
    printed = server.command("restore", str(backup), "--replace")
    server.start()
    return printed


def counted(server: Server) -> tuple[list[str], int]:
    """The ids of the votes that the server counts, and the sum of its tallies."""
    votes = [str(UUID(str(vote))) for (vote,) in server.rows("SELECT id FROM intake_vote")]
    [(days,)] = server.rows("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_officerday")
    [(hours,)] = server.rows("SELECT coalesce(sum(satisfied + dissatisfied), 0) FROM intake_unithour")
    assert days == hours
    return votes, int(days)


def lost_and_doubled(server: Server, tablets: list[Tablet]) -> tuple[int, int]:
    thanked = set().union(*(tablet.cast for tablet in tablets))
    votes, tallied = counted(server)
    assert set(votes) <= thanked, "a vote counts that was never cast"
    return len(thanked - set(votes)), max(len(votes) - len(set(votes)), tallied - len(set(votes)))


def some_votes(tablets: list[Tablet], chance: random.Random) -> None:
    for tablet in tablets:
        for _ in range(chance.randint(0, 80)):
            tablet.vote(chance.choice(["satisfied", "dissatisfied"]))


@pytest.mark.fault("T20")
def test_the_kiosks_refill_a_server_that_was_restored_from_an_old_backup(server: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    demo = server.demo()
    chance = scale.chance("T20")
    tablets += [Tablet(tmp_path / name, server.address, code(demo, name)) for name in KIOSKS]
    cases = scale.how_many(ci=2, long=50)
    lost = doubled = 0
    for case in scale.watched("T20", range(cases)):
        backup = tmp_path / f"{case}.tar"
        some_votes(tablets, chance)
        for tablet in tablets[: chance.randint(0, len(tablets))]:
            tablet.drain()
        server.command("backup", str(backup))
        some_votes(tablets, chance)
        for tablet in tablets[: chance.randint(1, len(tablets))]:
            tablet.drain()
        restore(server, backup)
        some_votes(tablets, chance)
        for tablet in tablets:
            tablet.drain()
            assert tablet.ledger.waiting() == 0
        lacking, twice = lost_and_doubled(server, tablets)
        lost, doubled = lost + lacking, doubled + twice
    report("T20", cases=cases, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)


@pytest.mark.fault("T20")
def test_a_kiosk_that_was_enrolled_after_the_backup_keeps_everything_and_counts_when_enrolled_again(
    embedded: Server, tmp_path: Path, tablets: list[Tablet]
) -> None:
    demo = embedded.demo()
    embedded.command("backup", str(tmp_path / "old.tar"))
    newcomer = Tablet(tmp_path / "newcomer", embedded.address, code(embedded.demo(), NEWCOMER))
    tablets.append(newcomer)
    newcomer.vote()
    newcomer.drain()
    restore(embedded, tmp_path / "old.tar")
    newcomer.vote()
    refused = newcomer.drain()
    assert (refused.outcome, "unknown-device" in refused.detail) == ("refused", True)
    assert counted(embedded) == ([], 0)
    assert demo.counter(NEWCOMER)["id"] == newcomer.identity.counter.id
    newcomer.enrol(code(embedded.demo(), NEWCOMER))
    newcomer.drain()
    lost, doubled = lost_and_doubled(embedded, tablets)
    report("T20", cases=1, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)


@pytest.mark.fault("T20")
def test_control_kiosks_whose_acked_cannot_go_down_leave_a_restored_server_incomplete(
    embedded: Server, tmp_path: Path, tablets: list[Tablet]
) -> None:
    demo = embedded.demo()
    tablets.append(Tablet(tmp_path / "kiosk", embedded.address, code(demo, KIOSKS[0]), OnlyUp))
    tablets[0].vote()
    tablets[0].drain()
    embedded.command("backup", str(tmp_path / "old.tar"))
    for _ in range(5):
        tablets[0].vote()
    tablets[0].drain()
    restore(embedded, tmp_path / "old.tar")
    tablets[0].vote()
    tablets[0].drain()
    lost, _ = lost_and_doubled(embedded, tablets)
    report("T20", cases=0, lost=0, doubled=0, control=f"acked never goes down: lost {lost} of 7")
    assert lost > 0
