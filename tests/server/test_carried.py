"""What comes on a stick counts as if the network had brought it, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.utils import timezone
from nacl.signing import SigningKey

from server import keys, settings
from server.devices.enrolment import enrol, new_secret
from server.devices.models import Device, EnrolmentCode, FormerKey
from server.intake.carried import PATIENCE, Taken, take_in
from server.intake.models import Batch, Vote
from server.intake.receive import receive
from server.places.models import Counter, Unit
from server.places.roster import roster_of
from sync import entries, stick, wire
from sync.keys import KeyChanges, follow
from sync.sealing import Written, key_id, seal
from sync.signature import SIGNATURE_HEADER, name_by_key, sign_request
from tests.server.kiosk import PATH, Kiosk, counted, enrolled, nothing_stored

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def carried(folder: Path, kiosk: Kiosk, *bodies: bytes) -> Path:
    """The kiosk's folder of a stick with these batches."""
    for number, body in enumerate(bodies, 1):
        put(folder, kiosk, f"{number:06d}-entries", "POST", PATH, body)
    return folder / kiosk.device


def put(folder: Path, kiosk: Kiosk, name: str, method: str, path: str, body: bytes, key: SigningKey | None = None) -> None:
    requests = folder / kiosk.device / stick.REQUESTS
    requests.mkdir(parents=True, exist_ok=True)
    signature = sign_request(key or kiosk.key, method, path, body)
    (requests / name).write_bytes(stick.Request(method, path, kiosk.device, signature, body).encode())


def taken(folder: Path) -> Taken:
    return take_in(folder, lambda number, whole: None)


def answers(folder: Path) -> list[stick.Answer]:
    return [stick.decode_answer(path.read_bytes()) for path in sorted((folder / stick.ANSWERS).iterdir())]


def server_key() -> str:
    return keys.signing_key(settings.KEYS).verify_key.encode().hex()


def test_a_stick_counts_and_is_answered_with_signed_receipts_and_the_configuration(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(3, 1)
    folder = carried(tmp_path, kiosk, kiosk.batch(1, 3), kiosk.batch(4))
    done = taken(folder)
    assert (done.batches, done.entries) == (2, 5)
    assert counted(kiosk.unit) == (3, 1)
    for answer in answers(folder):
        assert answer.is_ours(PATH, [kiosk.public_key], [server_key()])
    receipt = wire.decode(answers(folder)[-1].body, wire.Receipt)
    assert receipt.ledgers == [wire.Acked(kiosk.ledger, 5, kiosk.digest(5))]
    assert (folder / stick.CONFIG / receipt.config).read_bytes() == roster_of(kiosk.counter).content


def test_the_same_by_stick_twice_and_by_network_before_or_after_counts_once(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(4)
    kiosk.send(1, 2)
    folder = carried(tmp_path, kiosk, kiosk.batch(1, 4), kiosk.batch(3))
    taken(folder)
    taken(folder)
    assert kiosk.send(2).status == 200
    assert counted(kiosk.unit) == (4, 0)


def test_a_carried_vote_has_its_own_time_and_not_that_of_the_stick(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()  # at 101 s of uptime
    genuine = wire.Genuine(NOON, 61.0, "boot-1")
    clock = wire.Clock(datetime.now(UTC), kiosk.up + 5, stick.NO_BOOT)
    taken(carried(tmp_path, kiosk, kiosk.batch(clock=clock, genuine=genuine)))
    vote = Vote.objects.get()
    assert (vote.at, vote.estimated) == (NOON + timedelta(seconds=40), False)
    call_command("rebuild")
    assert Vote.objects.get().at == NOON + timedelta(seconds=40)


def test_what_is_not_the_kiosks_own_request_is_named_and_stores_nothing(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()
    other = enrolled(unit=kiosk.unit)
    put(tmp_path, kiosk, "1-signed-by-another", "POST", PATH, kiosk.batch(), key=other.key)
    put(tmp_path, kiosk, "2-enrolment", "POST", "/api/v1/enrol", b"{}")
    put(tmp_path, kiosk, "3-elsewhere", "PUT", "/api/v1/sealed/" + "0" * 64, b"x")
    put(tmp_path, kiosk, "4-no-batch", "POST", PATH, b"x")
    put(tmp_path, other, "x", "POST", PATH, kiosk.batch())
    (tmp_path / other.device / stick.REQUESTS / "x").rename(tmp_path / kiosk.device / stick.REQUESTS / "5-of-another-kiosk")
    (tmp_path / kiosk.device / stick.REQUESTS / "6-too-large").write_bytes(b"0" * (stick.MAX_FILE_BYTES + 1))
    (tmp_path / kiosk.device / stick.REQUESTS / "7-folder").mkdir()
    skipped = [name[0] for name, _ in taken(tmp_path / kiosk.device).skipped if name != stick.CONTENTS]
    assert skipped == ["1", "2", "3", "4", "5", "6", "7"]
    assert nothing_stored()


def test_one_bad_batch_does_not_keep_out_those_of_another_ledger(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(2)
    body = kiosk.batch()
    folder = carried(tmp_path, kiosk, body[:-1] + bytes([body[-1] ^ 1]), kiosk.batch())
    done = taken(folder)
    assert [name for name, _ in done.skipped if name != stick.CONTENTS] == ["000001-entries"]
    assert counted(kiosk.unit) == (2, 0)


@pytest.mark.parametrize(("times", "batches"), [(2, 2), (10**9, 0)])
def test_a_busy_server_is_waited_for_but_not_for_ever(
    kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, batches: int
) -> None:
    kiosk.open().votes(2)
    waited: list[float] = []
    monkeypatch.setattr("server.intake.carried.time.sleep", waited.append)

    def receive_when_it_can(*sent: Any) -> wire.Receipt:  # noqa: ANN401 – as `receive` takes it
        if len(waited) < times:
            raise OperationalError("database is locked")
        return receive(*sent)

    monkeypatch.setattr("server.intake.views.receive", receive_when_it_can)
    folder = carried(tmp_path, kiosk, kiosk.batch(1, 2), kiosk.batch(3))
    done = taken(folder)
    assert done.batches == batches == len(list(folder.glob(f"{stick.ANSWERS}/*")))
    assert all(5 <= seconds <= 30 for seconds in waited)
    assert len(waited) == min(times, 2 * PATIENCE)
    assert [reason for _, reason in done.skipped if reason.startswith("busy")] == ["busy: The server is busy"] * (2 - batches)


def test_a_gap_is_answered_so_that_the_kiosk_knows_where_the_server_stands(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(3)
    folder = carried(tmp_path, kiosk, kiosk.batch(3))
    assert "gap" in dict(taken(folder).skipped)["000001-entries"]
    [answer] = answers(folder)
    assert answer.is_ours(PATH, [kiosk.public_key], [server_key()])
    assert wire.decode(answer.body, wire.Problem).at == wire.Acked(kiosk.ledger, 0, entries.GENESIS)
    assert not Batch.objects.exists()


def test_a_file_of_the_kiosks_list_that_is_missing_is_told(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()
    folder = carried(tmp_path, kiosk, kiosk.batch())
    listed = [stick.Listed("000001-entries", 1, "0" * 64), stick.Listed("000002-entries", 1, "0" * 64)]
    contents = stick.Contents(device=kiosk.device, written_at=datetime.now(UTC), entries=2, files=listed)
    (folder / stick.CONTENTS).write_bytes(contents.encode(kiosk.key))
    assert [name for name, _ in taken(folder).skipped] == ["000002-entries"]


@pytest.fixture
def nameless() -> tuple[Kiosk, bytes]:
    """A kiosk that was provisioned and never reached us, with three votes; and its enrolment."""
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    counter = Counter.objects.create(unit=unit, name="Quầy 1")
    key = SigningKey.generate()
    public_key = key.verify_key.encode().hex()
    kiosk = Kiosk(key, name_by_key(public_key), unit, counter, [], f"l-{entries.uuid7().hex}")
    kiosk.open().votes(2, 1, officer=None)
    secret = new_secret(counter, timezone.now())
    return kiosk, msgspec.json.encode(wire.EnrolRequest(code=secret, key=public_key, version="0.1.0"))


def with_enrolment(folder: Path, kiosk: Kiosk, enrolment: bytes) -> Path:
    put(folder, kiosk, "000001-enrol", "POST", stick.ENROL, enrolment)
    put(folder, kiosk, "000002-entries", "POST", PATH, kiosk.batch())
    contents = stick.Contents(device=kiosk.device, written_at=datetime.now(UTC), entries=4, files=[])
    (folder / kiosk.device / stick.CONTENTS).write_bytes(contents.encode(kiosk.key))
    return folder / kiosk.device


def test_a_kiosk_that_never_reached_us_is_enrolled_by_stick_and_its_votes_count(nameless: tuple[Kiosk, bytes], tmp_path: Path) -> None:
    kiosk, enrolment = nameless
    folder = with_enrolment(tmp_path, kiosk, enrolment)
    done = taken(folder)
    assert (done.batches, done.entries, done.skipped) == (1, 4, [])
    device = Device.objects.get()
    assert (device.public_key, device.counter) == (kiosk.public_key, kiosk.counter)
    assert counted(kiosk.unit) == (2, 1)
    first, second = answers(folder)
    assert first.is_ours(stick.ENROL, [kiosk.public_key], [server_key()])
    assert wire.decode(first.body, wire.Enrolment) == done.enrolled
    assert done.enrolled is not None
    assert done.enrolled.device == device.id
    assert second.is_ours(PATH, [kiosk.public_key], [server_key()])
    assert (folder / stick.CONFIG / roster_of(kiosk.counter).digest).exists()


def test_the_same_enrolment_twice_and_after_its_life_and_after_the_network_changes_nothing(
    nameless: tuple[Kiosk, bytes], tmp_path: Path
) -> None:
    kiosk, enrolment = nameless
    folder = with_enrolment(tmp_path, kiosk, enrolment)
    headers = {SIGNATURE_HEADER: sign_request(kiosk.key, "POST", stick.ENROL, enrolment)}
    by_network = kiosk.client.post(stick.ENROL, enrolment, content_type="application/json", headers=headers).content
    kiosk.device = Device.objects.get().id
    assert kiosk.send(1, 2).status == 200
    EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    for _ in range(2):
        assert taken(folder).skipped == []
        assert answers(folder)[0].body == by_network
    assert Device.objects.count() == 1
    assert counted(kiosk.unit) == (2, 1)


def test_where_a_thief_used_the_secret_first_the_kiosk_is_named_and_nothing_counts(nameless: tuple[Kiosk, bytes], tmp_path: Path) -> None:
    kiosk, enrolment = nameless
    thief = SigningKey.generate()
    code = wire.decode(enrolment, wire.EnrolRequest).code
    enrol(code, thief.verify_key.encode().hex(), "0.1.0", timezone.now())
    told = dict(taken(with_enrolment(tmp_path, kiosk, enrolment)).skipped)
    assert "code-used" in told["000001-enrol"]
    assert "unknown-device" in told["000002-entries"]
    assert nothing_stored()


def test_an_enrolment_comes_only_in_the_folder_of_its_own_key(nameless: tuple[Kiosk, bytes], kiosk: Kiosk, tmp_path: Path) -> None:
    other, enrolment = nameless
    by_key = replace(kiosk, device=name_by_key("ab" * 32))
    for wrong in (kiosk, by_key):
        put(tmp_path, wrong, "000001-enrol", "POST", stick.ENROL, enrolment, key=other.key)
        assert "does not come by stick" in dict(taken(tmp_path / wrong.device).skipped)["000001-enrol"]
    assert EnrolmentCode.objects.get().used_at is None


def test_the_chain_of_our_keys_goes_back_on_the_stick(kiosk: Kiosk, tmp_path: Path, own_keys: Path) -> None:
    kiosk.open().vote()
    trusted = server_key()
    folder = carried(tmp_path, kiosk, kiosk.batch())
    call_command("rotatekeys")
    taken(folder)
    [answer] = answers(folder)
    chain = follow(trusted, wire.decode((folder / stick.KEYS).read_bytes(), KeyChanges).changes)
    assert answer.is_ours(PATH, [kiosk.public_key], [chain[-1].signing_key])
    assert not answer.is_ours(PATH, [kiosk.public_key], [trusted])


def test_a_list_that_was_signed_before_the_kiosk_changed_its_key_is_read(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().vote()
    folder = carried(tmp_path, kiosk, kiosk.batch())
    contents = stick.Contents(device=kiosk.device, written_at=datetime.now(UTC), entries=2, files=[])
    (folder / stick.CONTENTS).write_bytes(contents.encode(kiosk.key))
    device = Device.objects.get()
    now = timezone.now()
    FormerKey.objects.create(device=device, public_key=kiosk.public_key, replaced_at=now, accepted_until=now + timedelta(days=30))
    Device.objects.filter(pk=device.pk).update(public_key="ab" * 32)
    assert taken(folder).skipped == []


def test_a_sealed_comment_comes_by_stick_behind_the_entry_that_names_it(kiosk: Kiosk, tmp_path: Path) -> None:
    sealing_key = keys.sealing_key(settings.KEYS).public_key.encode().hex()
    body = seal(Written(text="Cảm ơn", language="vi"), sealing_key)
    kiosk.open().vote()
    kiosk.say(entries.Comment, vote=kiosk.last_id(), sealed=wire.sha256(body), key=key_id(sealing_key))
    folder = carried(tmp_path, kiosk, kiosk.batch())
    put(tmp_path, kiosk, "000002-sealed", "PUT", stick.SEALED + wire.sha256(body), body)
    assert taken(folder).comments == 1
    assert kiosk.send().receipt.wanted == []


def imported(folder: Path) -> str:
    said = StringIO()
    try:
        call_command("import", str(folder), stdout=said)
    except CommandError as error:
        return f"{said.getvalue()}{error}"
    return said.getvalue()


def test_the_same_stick_again_says_what_was_known(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.open().votes(3)
    carried(tmp_path / stick.FOLDER, kiosk, kiosk.batch())
    assert "đã nhận 4 mục, 0 góp ý." in imported(tmp_path)
    assert "đã nhận 4 mục (4 mục đã có từ trước), 0 góp ý." in imported(tmp_path)
    kiosk.vote()
    carried(tmp_path / stick.FOLDER, kiosk, kiosk.batch(1, 3), kiosk.batch(4))
    assert "đã nhận 5 mục (4 mục đã có từ trước), 0 góp ý." in imported(tmp_path)


def test_a_kiosk_that_cannot_be_enrolled_is_named_by_its_counter_and_what_to_do(nameless: tuple[Kiosk, bytes], tmp_path: Path) -> None:
    kiosk, enrolment = nameless
    with_enrolment(tmp_path / stick.FOLDER, kiosk, enrolment)
    EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    said = imported(tmp_path)
    assert f"Kiosk của {kiosk.counter} ({kiosk.public_key[:8]}…), 000001-enrol: code-expired" in said
    assert f"sudo hailong-server provision {kiosk.counter.id} --out" in said
    assert kiosk.public_key not in said
    thief = enrolled(unit=kiosk.unit)
    EnrolmentCode.objects.update(used_at=timezone.now(), device=thief.device)
    assert f"sudo hailong-server revoke {thief.device};" in imported(tmp_path)
