"""What the server does with a batch: every vote once, whatever the network does."""

from datetime import UTC, datetime

import pytest

from server.devices.models import Device
from server.intake.models import Batch, Head, OfficerDay, Vote
from server.places.roster import roster_of
from sync import entries, wire
from tests.server.kiosk import Counted, Kiosk, counted, nothing_stored, quarantined


def test_a_batch_is_archived_as_received_counted_and_acknowledged(kiosk: Kiosk) -> None:
    body = kiosk.open().votes(3, 1).vote(officer=None).batch()
    receipt = kiosk.post(body).receipt
    assert receipt.request == wire.sha256(body)
    assert receipt.ledgers == [wire.Acked(kiosk.ledger, 6, kiosk.digest(6))]
    assert receipt.config == roster_of(kiosk.counter).digest
    assert counted(kiosk.unit) == Counted(4, 1)
    [archived] = Batch.objects.all()
    assert (bytes(archived.body), archived.first, archived.last, archived.digest) == (body, 1, 6, kiosk.digest(6))
    assert archived.device_key == kiosk.public_key
    assert {(row.officer_id, row.satisfied, row.dissatisfied) for row in OfficerDay.objects.all()} == {
        (kiosk.officers[0].id, 3, 1),
        ("", 1, 0),
    }
    vote = Vote.objects.order_by("seq").first()
    assert vote is not None
    assert (vote.counter_id, vote.ledger, vote.seq, vote.estimated) == (kiosk.counter.id, kiosk.ledger, 2, False)


def test_a_lost_reply_repeated_counts_once(kiosk: Kiosk) -> None:
    body = kiosk.open().votes(5).batch()
    first, second = kiosk.post(body).receipt, kiosk.post(body).receipt
    assert first.ledgers == second.ledgers
    assert counted(kiosk.unit) == Counted(5, 0)
    assert Batch.objects.count() == 1


def test_an_overlap_counts_only_what_is_beyond_the_head(kiosk: Kiosk) -> None:
    kiosk.open().votes(9)
    kiosk.send(1, 6)
    assert kiosk.send(4, 10).receipt.ledgers[0].acked == 10
    assert counted(kiosk.unit) == Counted(9, 0)


@pytest.mark.parametrize(("first", "last"), [(1, 3), (2, 5), (5, 5), (1, 8), (7, 10)])
def test_what_ends_at_or_below_the_head_stores_nothing(kiosk: Kiosk, first: int, last: int) -> None:
    kiosk.open().votes(9)
    kiosk.send(1, 6)
    kiosk.send(5, 10)
    assert kiosk.send(first, last).receipt.ledgers[0].acked == 10
    assert Batch.objects.count() == 2
    assert counted(kiosk.unit) == Counted(9, 0)


def test_a_hello_stores_health_only_and_answers_for_every_ledger_held(kiosk: Kiosk) -> None:
    kiosk.open().votes(1)
    kiosk.send()
    held = [wire.Held(name, 0, 2, 0) for name in (kiosk.ledger, "l-unknown")]
    receipt = kiosk.send(3, ledgers=held, health=wire.Health("9.9", 7, 5)).receipt
    assert receipt.ledgers == [wire.Acked(kiosk.ledger, 2, kiosk.digest(2)), wire.Acked("l-unknown", 0, entries.GENESIS)]
    assert Batch.objects.count() == 1
    device = Device.objects.get(pk=kiosk.device)
    assert (device.version, device.waiting, device.disk_free) == ("9.9", 7, 5)
    assert device.last_heard is not None


def test_a_hello_of_a_new_kiosk_makes_no_ledger(kiosk: Kiosk) -> None:
    assert kiosk.send().receipt.ledgers == [wire.Acked(kiosk.ledger, 0, entries.GENESIS)]
    assert nothing_stored()


def test_a_gap_is_refused_with_the_head(kiosk: Kiosk) -> None:
    kiosk.open().votes(9)
    kiosk.send(1, 4)
    problem = kiosk.send(6).problem
    assert (problem.status, problem.code) == (409, "gap")
    assert problem.at == wire.Acked(kiosk.ledger, 4, kiosk.digest(4))
    assert counted(kiosk.unit) == Counted(3, 0)
    assert Device.objects.get(pk=kiosk.device).flag == ""


def test_an_unknown_ledger_begins_at_one(kiosk: Kiosk) -> None:
    problem = kiosk.open().votes(3).send(2).problem
    assert (problem.code, problem.at) == ("gap", wire.Acked(kiosk.ledger, 0, entries.GENESIS))
    assert nothing_stored()


def test_poison_lines_go_to_quarantine_and_those_behind_are_counted(kiosk: Kiosk) -> None:
    kiosk.open().vote()
    kiosk.lines += [b"\xff\x00", b"", b'{"kind":"dance"}', b'{"kind":"vote"', b"[" * 4000]
    kiosk.vote(officer="o-NOBODY").vote(officer="o-\0").vote()
    assert kiosk.send().receipt.ledgers[0].acked == 10
    assert counted(kiosk.unit) == Counted(2, 0)
    assert quarantined(kiosk.unit) == dict.fromkeys([3, 4, 5, 6, 7], "malformed") | {8: "unknown-officer", 9: "unknown-officer"}


@pytest.mark.parametrize("wrong", [{"ledger": "l-other"}, {"device": "0" * 64}, {"unit": "u-other"}, {"counter": "c-other"}])
def test_a_ledger_that_is_wrongly_opened_counts_nothing(kiosk: Kiosk, wrong: dict[str, str]) -> None:
    kiosk.open(**wrong).vote()
    kiosk.send()
    kiosk.vote().send(3)
    assert counted(kiosk.unit) == Counted(0, 0)
    assert quarantined(kiosk.unit) == {1: "wrong-opened", 2: "ledger-not-opened", 3: "ledger-not-opened"}
    assert Head.objects.get(pk=kiosk.ledger).counter_id is None


def test_a_ledger_that_does_not_begin_with_opened_counts_nothing(kiosk: Kiosk) -> None:
    kiosk.vote().open().vote().send()
    assert quarantined(kiosk.unit) == {1: "ledger-not-opened", 2: "wrong-opened", 3: "ledger-not-opened"}


def test_a_line_carried_into_another_ledger_counts_once(kiosk: Kiosk) -> None:
    kiosk.open().votes(3)
    kiosk.send(1, 2)
    kiosk.send(3)
    carried = kiosk.lines[1:]
    kiosk.ledger, kiosk.lines = "l-second", []
    kiosk.open()
    kiosk.lines += carried
    kiosk.vote()
    assert kiosk.send().receipt.ledgers[0].acked == 5
    assert counted(kiosk.unit) == Counted(4, 0)
    assert quarantined(kiosk.unit) == {}


def test_another_line_under_a_known_id_is_quarantined(kiosk: Kiosk) -> None:
    known = entries.uuid7()
    kiosk.open().vote(id=known).vote("dissatisfied", id=known)
    kiosk.lines.append(kiosk.lines[1])
    kiosk.send()
    kiosk.vote(id=known).vote()
    kiosk.send(5)
    assert counted(kiosk.unit) == Counted(2, 0)
    assert quarantined(kiosk.unit) == {3: "id-reused", 5: "id-reused"}


def test_the_program_start_counts_nothing(kiosk: Kiosk) -> None:
    kiosk.open()
    entry = entries.Started(id=entries.uuid7(), at=datetime.now(UTC), up=1.0, boot="b", version="0.1")
    kiosk.lines.append(entries.encode_entry(entry))
    assert kiosk.send().receipt.ledgers[0].acked == 2
    assert (counted(kiosk.unit), quarantined(kiosk.unit)) == (Counted(0, 0), {})


def test_officers_who_left_still_get_their_votes(kiosk: Kiosk) -> None:
    kiosk.officers[0].active = False
    kiosk.officers[0].save()
    kiosk.open().vote().send()
    assert counted(kiosk.unit) == Counted(1, 0)
