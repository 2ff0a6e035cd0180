"""Eight clients at once, with overlapping, shuffled and repeated batches: rows = distinct ids = tallies, and all can be rebuilt."""

import random
from uuid import UUID

import pytest
from django.db import connection

from server.intake import store
from server.intake.fold import NewVote
from server.intake.models import Batch, OfficerDay, UnitHour, Vote
from server.intake.rebuild import DERIVED, rebuild
from server.intake.sql import Statement
from server.intake.verify import chains
from server.places.models import Unit
from sync import entries, wire
from tests.faults import scale
from tests.faults.report import report
from tests.server.database import clear
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, quarantined
from tests.server.test_exactly_once import at_once

CLIENTS, BATCHES = 8, 400
SATISFIED, CHANGED, DISSATISFIED = 160, 10, 30


@pytest.mark.fault("T24")
def test_overlapping_and_shuffled_batches_of_8_clients_count_each_vote_once() -> None:
    chance = scale.chance("T24", connection.vendor)
    rounds = scale.how_many(ci=1, long=50)
    lost = doubled = 0
    for _ in scale.watched("T24", range(rounds)):
        clear()
        kiosks = four_kiosks()
        statuses = at_once([(one, overlapping(one, chance)) for one in kiosks for _ in range(2)])
        assert len(statuses) == BATCHES
        assert set(statuses) <= {200, 409, 503}
        for one in kiosks:
            send_the_rest(one)
        lacking, twice = lost_and_doubled(kiosks)
        lost, doubled = lost + lacking, doubled + twice
        if not (lost or doubled):
            all_can_be_made_again(kiosks[0].unit)
    report("T24", cases=rounds * BATCHES, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)


def four_kiosks() -> list[Kiosk]:
    """Of one unit, each with votes of its own, changed ones among them, and some carried from the one before."""
    kiosks = [enrolled().open()]
    while len(kiosks) < CLIENTS // 2:
        kiosks.append(enrolled(kiosks[0].unit).open())
        kiosks[-1].lines += kiosks[-2].lines[1:60]
    for one in kiosks:
        one.votes(SATISFIED, DISSATISFIED)
        for _ in range(CHANGED):
            one.vote().say(entries.Change, vote=one.last_id(), rating="dissatisfied", after=2.0)
    return kiosks


def overlapping(one: Kiosk, chance: random.Random) -> list[bytes]:
    """The ledger in a client's share of the batches, each beginning within the one before; any three in another order."""
    share = BATCHES // CLIENTS
    bodies = []
    for at in range(share):
        first = max(1, 1 + at * len(one.lines) // share - chance.randint(0, 12))
        bodies.append(one.batch(first, first + chance.randint(4, 24)))
    for place in range(0, share, 3):
        part = bodies[place : place + 3]
        chance.shuffle(part)
        bodies[place : place + 3] = part
    return bodies


def send_the_rest(one: Kiosk) -> None:
    head = one.send(len(one.lines) + 1).receipt.ledgers[0]
    assert one.digest(head.acked) == head.digest
    while head.acked < len(one.lines):
        head = one.send(head.acked + 1, head.acked + 200).receipt.ledgers[0]


def lost_and_doubled(kiosks: list[Kiosk]) -> tuple[int, int]:
    """Votes of one unit's kiosks that are missing, and those that rows or a tally have more than once."""
    lines = [entries.decode_entry(line) for one in kiosks for line in one.lines]
    cast = {line.id for line in lines if isinstance(line, entries.Vote)}
    votes = [UUID(str(vote)) for vote in Vote.objects.filter(unit_id=kiosks[0].unit.id).values_list("id", flat=True)]
    sums = [sum(cell.satisfied + cell.dissatisfied for cell in table.objects.all()) for table in (OfficerDay, UnitHour)]
    assert set(votes) <= cast, "a vote counts that was never cast"
    return len(cast - set(votes)), max(len(votes), *sums) - len(set(votes))


def all_can_be_made_again(unit: Unit) -> None:
    many = CLIENTS // 2
    assert counted(unit) == Counted(many * SATISFIED, many * (CHANGED + DISSATISFIED))
    assert quarantined(unit) == {}
    assert list(chains(lambda done, total: None)) == []
    before = rows()
    rebuild(lambda done, total: None)
    assert rows() == before


def rows() -> list[list[str]]:
    return [sorted(repr(row) for row in table._default_manager.values()) for table in DERIVED]


@pytest.mark.fault("T24")
def test_control_check_then_insert_counts_votes_twice(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the database's own word on which ids are new, tallies and votes part."""
    kiosk.open().votes(40)
    other = enrolled(kiosk.unit).open()
    other.lines += kiosk.lines[1:]

    insert = store.insert_votes

    def all_new(unit_id: str, ledger: str, counter_id: str, votes: list[NewVote]) -> Statement:
        statement = insert(unit_id, ledger, counter_id, votes)
        return statement._replace(sql=statement.sql.replace("DO NOTHING", "(unit_id, id) DO UPDATE SET seq = excluded.seq"))

    monkeypatch.setattr(store, "insert_votes", all_new)
    at_once([(one, [one.batch()]) for one in (kiosk, other)])
    assert Batch.objects.count() == 2
    _, doubled = lost_and_doubled([kiosk, other])
    report("T24", cases=0, lost=0, doubled=0, control=f"the database not asked which ids are new: doubled {doubled} of 40")
    assert doubled > 0


def test_different_units_do_not_wait_for_each_other_nor_mix() -> None:
    kiosks = [enrolled().open().votes(20, number) for number in range(4)]
    assert at_once([(one, [one.batch(1, 9), one.batch(8)]) for one in kiosks]) == [200] * 8
    assert [counted(one.unit) for one in kiosks] == [Counted(20, number) for number in range(4)]
    assert kiosks[0].send(22).receipt.ledgers == [wire.Acked(kiosks[0].ledger, 21, kiosks[0].digest(21))]
