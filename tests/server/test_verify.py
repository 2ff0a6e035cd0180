"""`verify` finds what was changed in the archive, and the published hashes tell what was changed before they were published."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from server.intake.models import Batch, Head, PublishedDay, Vote
from server.intake.publish import TooEarlyError, publish
from sync import entries, wire
from sync.signature import sign_request
from tests.server.kiosk import PATH, Kiosk, enrolled

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 11, 23)


def command(name: str, *words: str) -> str:
    output = io.StringIO()
    try:
        call_command(name, *words, stdout=output)
    except CommandError as error:
        return f"{output.getvalue()}{error}"
    return output.getvalue()


def in_three_batches(kiosk: Kiosk) -> Kiosk:
    kiosk.open().votes(8)
    for first, last in ((1, 3), (4, 6), (5, 9)):
        kiosk.send(first, last)
    return kiosk


def batch(kiosk: Kiosk, last: int) -> Batch:
    return Batch.objects.get(ledger=kiosk.ledger, last=last)


def test_whole_ledgers_hold_overlaps_forks_and_moves_included(kiosk: Kiosk) -> None:
    in_three_batches(kiosk)
    in_three_batches(enrolled())
    parent = entries.Parent(kiosk.ledger, 5, kiosk.digest(5))
    kiosk.ledger, kiosk.lines = "l-branch", []
    kiosk.open(parent=parent, reason="forked").send()
    assert command("verify") == "All holds.\n"


def without_a_batch(kiosk: Kiosk) -> None:
    batch(kiosk, 3).delete()


def without_the_last_batch(kiosk: Kiosk) -> None:
    batch(kiosk, 9).delete()


def without_any(kiosk: Kiosk) -> None:
    Batch.objects.all().delete()


def another_byte(kiosk: Kiosk) -> None:
    body = bytearray(batch(kiosk, 6).body)
    body[-9] ^= 1
    Batch.objects.filter(last=6).update(body=bytes(body))


def another_signature(kiosk: Kiosk) -> None:
    Batch.objects.filter(last=6).update(signature=batch(kiosk, 3).signature)


def other_votes(kiosk: Kiosk) -> None:
    """What somebody could do who has the device's key and the database: everything fits but what follows."""
    del kiosk.lines[3:]
    body = kiosk.votes(0, 3).batch(4)
    signature = sign_request(kiosk.key, "POST", PATH, body)
    Batch.objects.filter(last=6).update(body=body, signature=signature, digest=kiosk.digest(6))


def signed_by_another(kiosk: Kiosk) -> None:
    row, other = batch(kiosk, 6), enrolled()
    signature = sign_request(other.key, "POST", PATH, bytes(row.body))
    Batch.objects.filter(last=6).update(signature=signature, device_key=other.public_key)


def another_digest(kiosk: Kiosk) -> None:
    Batch.objects.filter(last=6).update(digest="0" * 64)


def another_head(kiosk: Kiosk) -> None:
    Head.objects.update(digest="0" * 64)


def another_counter(kiosk: Kiosk) -> None:
    Batch.objects.filter(last=6).update(counter_id="c-other")


def another_ledger(kiosk: Kiosk) -> None:
    Batch.objects.filter(last=6).update(ledger="l-other")


def another_parent(kiosk: Kiosk) -> None:
    parent = entries.Parent(kiosk.ledger, 5, kiosk.digest(4))
    kiosk.ledger, kiosk.lines = "l-branch", []
    kiosk.open(parent=parent, reason="recovered").send()


def a_vote_in_another_unit_too(kiosk: Kiosk) -> None:
    vote = Vote.objects.get(seq=7)
    vote.unit_id = "u-other"
    vote.save(force_insert=True)


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (without_a_batch, ":1  a gap: entries 1 to 3 are missing"),
        (without_the_last_batch, ":7  a gap: entries 7 to 9 are missing"),
        (without_any, ":9  the archive has nothing of it"),
        (another_byte, ":4  the signature does not hold"),
        (another_signature, ":4  the signature does not hold"),
        (other_votes, ":5  a fork"),
        (signed_by_another, ":4  signed by a key that is not the device's"),
        (another_digest, ":6  the digest kept beside the batch is another"),
        (another_head, ":9  the head's digest is another"),
        (another_counter, ":4  it is kept under another unit or counter"),
        (another_ledger, ":4  the batch says"),
        (another_parent, ":1  a fork: its parent"),
        (a_vote_in_another_unit_too, "counts in u-other, and in another unit as well"),
    ],
)
def test_each_kind_of_harm_is_named_and_the_command_fails(kiosk: Kiosk, harm: Callable[[Kiosk], None], named: str) -> None:
    harm(in_three_batches(kiosk))
    said = command("verify")
    assert named in said
    assert said.endswith("faults.")


def on_two_days(kiosk: Kiosk) -> None:
    """Three batches on Monday, one on Tuesday; both days published."""
    in_three_batches(kiosk)
    Batch.objects.update(received_at=datetime(2026, 11, 23, 23, 59, tzinfo=ZONE))
    kiosk.vote().send(10)
    Batch.objects.filter(last=10).update(received_at=datetime(2026, 11, 24, 0, 1, tzinfo=ZONE))
    for day in (MONDAY, MONDAY + timedelta(1)):
        publish(day, datetime(2026, 11, 25, 1, tzinfo=ZONE))


def test_a_published_day_is_the_hash_of_the_heads_that_grew_and_of_the_day_before(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    monday, tuesday = PublishedDay.objects.order_by("day")
    assert monday.heads == f"{kiosk.ledger} 9 {kiosk.digest(9)}\n"
    assert monday.digest == wire.sha256(f"{entries.GENESIS}{monday.heads}".encode())
    assert tuesday.heads == f"{kiosk.ledger} 10 {kiosk.digest(10)}\n"
    assert tuesday.digest == wire.sha256(f"{monday.digest}{tuesday.heads}".encode())
    assert command("verify") == "All holds.\n"
    assert command("verify", "--day", "2026-11-23") == "All holds.\n"


def test_what_is_published_stays_as_it_is_and_a_day_without_batches_has_no_hash(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    before = list(PublishedDay.objects.order_by("day").values())
    later = datetime(2026, 11, 27, 1, tzinfo=ZONE)
    assert [publish(MONDAY + timedelta(days), later) for days in (0, 1, 2)] == [0, 0, 0]
    assert list(PublishedDay.objects.order_by("day").values()) == before


def test_a_skipped_night_is_made_good_by_the_next(kiosk: Kiosk) -> None:
    in_three_batches(kiosk)
    Batch.objects.update(received_at=datetime(2026, 11, 20, 12, tzinfo=ZONE))
    assert publish(MONDAY, datetime(2026, 11, 24, 1, tzinfo=ZONE)) == 1
    assert kiosk.ledger in PublishedDay.objects.get().heads


@pytest.mark.parametrize("minutes", [-1, 9])
def test_a_day_that_is_not_over_is_not_published(kiosk: Kiosk, minutes: int) -> None:
    assert "is not over yet" in command("publishday", "--day", str(timezone.localdate() + timedelta(1)))
    with pytest.raises(TooEarlyError):
        publish(MONDAY, datetime(2026, 11, 24, tzinfo=ZONE) + timedelta(minutes=minutes))
    assert not PublishedDay.objects.exists()


def test_a_whole_ledger_taken_away_with_its_head_shows_by_the_published_hash(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    Batch.objects.all().delete()
    Head.objects.all().delete()
    assert f"{kiosk.ledger}:9  it is not what was published on 2026-11-23" in command("verify", "--day", "2026-11-23")


def test_votes_inserted_later_as_of_a_published_day_show(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    other = enrolled(kiosk.unit)
    other.open().vote().send()
    Batch.objects.filter(ledger=other.ledger).update(received_at=datetime(2026, 11, 23, 12, tzinfo=ZONE))
    said = command("verify", "--day", "2026-11-23")
    assert f"{other.ledger}:2  archived as of 2026-11-23, but it was not there" in said


def test_a_published_row_that_was_changed_shows_as_does_what_follows_it(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    PublishedDay.objects.filter(day=MONDAY).update(digest="0" * 64)
    said = command("verify")
    assert f"{kiosk.unit.id} 2026-11-23:0  the published hash is another" in said
    assert f"{kiosk.unit.id} 2026-11-24:0  it does not follow from the published day before" in said


def test_a_server_restored_from_an_old_backup_and_filled_up_again_still_agrees_with_what_was_published(kiosk: Kiosk) -> None:
    on_two_days(kiosk)
    Batch.objects.filter(last__gt=3).delete()
    Head.objects.update(seq=3, digest=kiosk.digest(3))
    kiosk.send(4, 10)
    assert command("verify") == "All holds.\n"


def test_everybody_sees_the_hashes_and_can_check_each_by_its_text(kiosk: Kiosk, client: Client) -> None:
    assert "Chưa có ngày nào" in client.get("/cong-khai/niem-phong/").content.decode()
    on_two_days(kiosk)
    page = client.get("/cong-khai/niem-phong/")
    text = client.get("/cong-khai/niem-phong/2026-11-23.txt")
    assert text.content.decode() == f"{kiosk.unit.id} {PublishedDay.objects.get(day=MONDAY).digest}\n"
    assert wire.sha256(text.content) in page.content.decode()
    assert "23/11/2026" in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert wire.sha256(text.content) in command("publishday", "--day", "2026-11-23")


@pytest.mark.parametrize("day", ["2026-11-22", "yesterday", "2026-99-99"])
def test_a_day_that_is_not_published_is_not_found(client: Client, day: str) -> None:
    assert client.get(f"/cong-khai/niem-phong/{day}.txt").status_code == 404


def test_a_day_on_which_nothing_was_published_is_told(kiosk: Kiosk) -> None:
    assert "2026-11-20: nothing was published on this day." in command("verify", "--day", "2026-11-20")


def test_a_day_without_units_says_why(kiosk: Kiosk) -> None:
    assert "no kiosk has sent anything yet" in command("publishday", "--day", "2026-11-20")
    on_two_days(kiosk)
    first, second = PublishedDay.objects.order_by("day").values_list("day", flat=True)
    assert "stays as it is" in command("publishday", "--day", str(first))
    assert f"{second} is published already" in command("publishday", "--day", str(first - timedelta(1)))
    assert "No ledger grew" in command("publishday", "--day", str(second + timedelta(1)))
