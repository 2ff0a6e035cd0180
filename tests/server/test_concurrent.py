"""Eight clients at once, with overlapping, shuffled and repeated batches: rows = distinct ids = tallies, and all can be rebuilt."""

import random
from uuid import UUID

import pytest

from server.intake import store
from server.intake.fold import NewVote
from server.intake.models import Batch, Vote
from server.intake.rebuild import DERIVED, rebuild
from server.intake.sql import Statement
from server.intake.verify import chains
from sync import entries, wire
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, quarantined
from tests.server.test_exactly_once import at_once

CLIENTS, BATCHES = 8, 400


def test_400_overlapping_and_shuffled_batches_of_8_clients_count_each_vote_once(kiosk: Kiosk) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 – shown when the test fails
    chance = random.Random(seed)
    kiosks = [kiosk.open(), *(enrolled(kiosk.unit).open() for _ in range(CLIENTS // 2 - 1))]
    expected, changed = Counted(0, 0), 0
    for number, one in enumerate(kiosks):
        if number:
            one.lines += kiosks[number - 1].lines[1:60]  # carried from another device's ledger
        one.votes(160, 30)
        for _ in range(10):
            one.vote().say(entries.Change, vote=one.last_id(), rating="dissatisfied", after=2.0)
            changed += 1
        expected = Counted(expected.satisfied + 160, expected.dissatisfied + 40)
    jobs: list[tuple[Kiosk, list[bytes]]] = []
    for one in kiosks:
        for _ in range(2):
            bodies = []
            for at in range(BATCHES // CLIENTS):
                first = max(1, 1 + at * len(one.lines) // (BATCHES // CLIENTS) - chance.randint(0, 12))
                bodies.append(one.batch(first, first + chance.randint(4, 24)))
            for place in range(0, len(bodies), 3):
                part = bodies[place : place + 3]
                chance.shuffle(part)
                bodies[place : place + 3] = part
            jobs.append((one, bodies))
    statuses = at_once(jobs)
    assert len(statuses) == BATCHES
    assert set(statuses) <= {200, 409, 503}
    for one in kiosks:
        head = one.send(len(one.lines) + 1).receipt.ledgers[0]
        assert one.digest(head.acked) == head.digest
        while head.acked < len(one.lines):
            head = one.send(head.acked + 1, head.acked + 200).receipt.ledgers[0]
    assert counted(kiosk.unit) == expected
    assert quarantined(kiosk.unit) == {}
    ids = Vote.objects.filter(unit_id=kiosk.unit.id).values_list("id", flat=True)
    assert len(ids) == len(set[UUID](ids)) == sum(expected)
    assert list(chains(lambda done, total: None)) == []
    before = rows()
    rebuild(lambda done, total: None)
    assert rows() == before


def rows() -> list[list[str]]:
    return [sorted(repr(row) for row in table._default_manager.values()) for table in DERIVED]


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
    with pytest.raises(AssertionError):
        counted(kiosk.unit)


def test_different_units_do_not_wait_for_each_other_nor_mix() -> None:
    kiosks = [enrolled().open().votes(20, number) for number in range(4)]
    assert at_once([(one, [one.batch(1, 9), one.batch(8)]) for one in kiosks]) == [200] * 8
    assert [counted(one.unit) for one in kiosks] == [Counted(20, number) for number in range(4)]
    assert kiosks[0].send(22).receipt.ledgers == [wire.Acked(kiosks[0].ledger, 21, kiosks[0].digest(21))]
