"""However a ledger is cut into batches, repeated, reordered and sent at once: every vote counts exactly once."""

from threading import Thread

from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.intake.archive import digest_at
from server.intake.models import Batch, Vote
from sync import wire
from tests.server.kiosk import Counted, Kiosk, counted, enrolled

stretches = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 12)), max_size=14)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stretches, st.lists(st.booleans(), min_size=12, max_size=29))
def test_tallies_equal_votes_for_any_order_of_batches(parts: list[tuple[int, int]], ratings: list[bool]) -> None:
    kiosk = enrolled().open()
    for satisfied in ratings:
        kiosk.vote("satisfied" if satisfied else "dissatisfied")
    head = 0
    for first, length in parts:
        if first > len(kiosk.lines):
            continue
        answer = kiosk.send(first, first + length)
        if first <= head + 1:
            head = max(head, min(first + length, len(kiosk.lines)))
            assert answer.receipt.ledgers[0] == wire.Acked(kiosk.ledger, head, kiosk.digest(head))
        else:
            assert answer.problem.code == "gap"
        votes = ratings[: max(0, head - 1)]
        assert counted(kiosk.unit) == Counted(votes.count(True), votes.count(False))
    kiosk.send(head + 1)
    assert counted(kiosk.unit) == Counted(ratings.count(True), ratings.count(False))
    for seq in range(1, len(kiosk.lines) + 1):
        assert digest_at(kiosk.unit.id, kiosk.ledger, seq) == kiosk.digest(seq)


def at_once(jobs: list[tuple[Kiosk, list[bytes]]]) -> list[int]:
    """Post each job's bodies in a thread of its own; the statuses of all."""
    statuses: list[int] = []

    def run(kiosk: Kiosk, bodies: list[bytes]) -> None:
        kiosk = Kiosk(
            kiosk.key, kiosk.device, kiosk.unit, kiosk.counter, kiosk.officers, kiosk.ledger, client=Client(SERVER_NAME="localhost")
        )
        try:
            statuses.extend(kiosk.post(body).status for body in bodies)
        finally:
            connection.close()

    threads = [Thread(target=run, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_eight_senders_of_overlapping_batches_count_each_vote_once(kiosk: Kiosk) -> None:
    kiosk.open().votes(100, 20)
    bodies = [kiosk.batch(first, first + 24) for first in range(1, 121, 12)]
    statuses = at_once([(kiosk, bodies if thread % 2 else bodies[::-1] + bodies) for thread in range(8)])
    assert set(statuses) <= {200, 409}
    assert counted(kiosk.unit) == Counted(100, 20)
    assert Vote.objects.filter(unit_id=kiosk.unit.id).count() == 120
    assert kiosk.send(122).receipt.ledgers == [wire.Acked(kiosk.ledger, 121, kiosk.digest(121))]


def test_eight_kiosks_of_one_unit_that_carry_the_same_votes_count_them_once(kiosk: Kiosk) -> None:
    shared = kiosk.votes(40, 10).lines
    jobs = []
    for number in range(8):
        other = enrolled(kiosk.unit).open()
        other.lines += shared if number % 2 else shared[::-1]
        other.vote(officer=None)
        jobs.append((other, [other.batch(1, 30), other.batch(31)]))
    assert at_once(jobs) == [200] * 16
    assert counted(kiosk.unit) == Counted(48, 10)


def test_two_devices_that_open_the_same_ledger_at_once_are_a_fork(kiosk: Kiosk) -> None:
    rivals = [enrolled(kiosk.unit, ledger="l-same").open().votes(3) for _ in range(4)]
    statuses = at_once([(rival, [rival.batch()]) for rival in rivals])
    assert sorted(statuses) == [200, 409, 409, 409]
    assert counted(kiosk.unit) == Counted(3, 0)
    assert Batch.objects.count() == 1
