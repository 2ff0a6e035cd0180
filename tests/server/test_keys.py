"""Keys change hands: a kiosk's, signed by the old and the new; the server's, link by link."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from nacl.public import SealedBox
from nacl.signing import SigningKey

from server import keys
from server.devices.enrolment import enrol, new_code
from server.devices.models import Device, FormerKey
from server.intake.models import Batch, Head
from server.intake.verify import chains
from sync import wire
from sync.keys import KeyChanges, KeyRequest, KeyTaken, accepted, follow
from sync.signature import DEVICE_HEADER, NEW_SIGNATURE_HEADER, SIGNATURE_HEADER, name_by_key, sign_request
from tests.server.kiosk import Answer, Kiosk, checked, counted, enrolled, nothing_stored, quarantined

PATH = "/api/v1/keys"


def public(key: SigningKey) -> str:
    return key.verify_key.encode().hex()


def hand_over(old: SigningKey, new: SigningKey, by: tuple[SigningKey, SigningKey] | None = None) -> Answer:
    """Ask for the new key in place of the old one; signed by both, or by whom it says."""
    body = msgspec.json.encode(KeyRequest(public(old), public(new)))
    first, second = (sign_request(key, "POST", PATH, body) for key in by or (old, new))
    headers = {SIGNATURE_HEADER: first, NEW_SIGNATURE_HEADER: second}
    return checked(Client(SERVER_NAME="localhost").post(PATH, body, content_type="application/json", headers=headers), body)


def taken(answer: Answer) -> KeyTaken:
    assert answer.status == 200, answer.body
    return wire.decode(answer.body, KeyTaken)


@pytest.fixture
def rotated(kiosk: Kiosk) -> tuple[Kiosk, SigningKey]:
    """A kiosk that voted once and then changed its key, and the key that it had."""
    kiosk.open().votes(1).send()
    old, kiosk.key = kiosk.key, SigningKey.generate()
    taken(hand_over(old, kiosk.key))
    return kiosk, old


def config(kiosk: Kiosk, key: SigningKey, digest: str) -> Answer:
    path = f"/api/v1/config/{digest}"
    headers = {DEVICE_HEADER: kiosk.device, SIGNATURE_HEADER: sign_request(key, "GET", path, b"")}
    return checked(kiosk.client.get(path, headers=headers), b"")


def test_the_new_key_goes_on_in_the_open_ledger_and_the_archive_names_who_signed_each_batch(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    assert kiosk.votes(1).send(3).status == 200
    assert list(Batch.objects.order_by("last").values_list("device_key", flat=True)) == [public(old), public(kiosk.key)]
    assert counted(kiosk.unit) == (2, 0)


def test_a_device_may_be_named_by_any_key_that_it_has_or_had(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    kiosk.votes(2)
    for seq, key in enumerate((kiosk.key, old), 3):
        assert kiosk.post(kiosk.batch(seq, seq), device=name_by_key(public(key))).status == 200
    assert set(Batch.objects.values_list("device_id", flat=True)) == {kiosk.device}
    assert counted(kiosk.unit) == (3, 0)


def test_the_name_by_key_says_only_which_device_not_that_it_signed(kiosk: Kiosk) -> None:
    kiosk.open().votes(1)
    body = kiosk.batch()
    theirs = sign_request(enrolled(unit=kiosk.unit).key, "POST", "/api/v1/entries", body)
    assert kiosk.post(body, device=name_by_key(kiosk.public_key), signature=theirs).problem.code == "bad-signature"
    assert kiosk.post(body, device=name_by_key("ab" * 32)).problem.code == "unknown-device"
    assert kiosk.post(body, device=name_by_key(kiosk.public_key).upper()).problem.code == "unknown-device"
    assert nothing_stored()


def test_a_repeated_request_changes_nothing_and_answers_the_same(kiosk: Kiosk) -> None:
    new = SigningKey.generate()
    first, second = hand_over(kiosk.key, new), hand_over(kiosk.key, new)
    assert first.body == second.body
    assert taken(second) == KeyTaken(kiosk.device, public(new))
    assert FormerKey.objects.count() == 1


@pytest.mark.parametrize("wrong", ["old", "new", "both"])
def test_both_keys_must_sign(kiosk: Kiosk, wrong: str) -> None:
    new, stranger = SigningKey.generate(), SigningKey.generate()
    by = {"old": (stranger, new), "new": (kiosk.key, stranger), "both": (new, kiosk.key)}[wrong]
    assert hand_over(kiosk.key, new, by).problem.code == "bad-signature"
    assert Device.objects.get().public_key == kiosk.public_key


def test_keys_that_nobody_knows_are_an_unknown_device(client: Client) -> None:
    assert hand_over(SigningKey.generate(), SigningKey.generate()).problem.code == "unknown-device"


def test_another_devices_key_cannot_be_taken(kiosk: Kiosk) -> None:
    assert hand_over(kiosk.key, enrolled().key).problem.code == "key-taken"
    assert Device.objects.get(pk=kiosk.device).public_key == kiosk.public_key


def test_a_revoked_device_changes_no_key(kiosk: Kiosk) -> None:
    Device.objects.update(revoked_at=timezone.now())
    assert hand_over(kiosk.key, SigningKey.generate()).problem.code == "revoked"


def test_a_replaced_key_hands_over_to_nobody_else(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    assert hand_over(old, SigningKey.generate()).problem.code == "bad-signature"
    assert Device.objects.get().public_key == kiosk.public_key


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"old":"x","new":"y"}', b"\xff"])
def test_a_malformed_request(client: Client, body: bytes) -> None:
    assert checked(client.post(PATH, body, content_type="application/json"), body).problem.code == "malformed"


def test_for_30_days_a_batch_that_the_old_key_signed_is_taken_and_then_no_more(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    kiosk.votes(2)
    exported = [kiosk.batch(3, 3), kiosk.batch(4, 4)]
    signatures = [sign_request(old, "POST", "/api/v1/entries", body) for body in exported]
    assert kiosk.post(exported[0], signature=signatures[0]).status == 200
    FormerKey.objects.update(accepted_until=timezone.now() - timedelta(minutes=1))
    assert kiosk.post(exported[1], signature=signatures[1]).problem.code == "bad-signature"
    assert counted(kiosk.unit) == (2, 0)
    assert kiosk.post(exported[1]).status == 200


def test_the_overlap_is_30_days(rotated: tuple[Kiosk, SigningKey]) -> None:
    former = FormerKey.objects.get()
    assert former.accepted_until - former.replaced_at == timedelta(days=30)


def test_the_old_key_asks_for_nothing_any_more(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    digest = kiosk.send().receipt.config
    assert config(kiosk, old, digest).problem.code == "bad-signature"
    assert config(kiosk, kiosk.key, digest).status == 200


def test_a_revocation_ends_the_old_key_too_and_enrolling_again_does_not_bring_it_back(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    body = kiosk.votes(1).batch(3)
    call_command("revoke", kiosk.device)
    assert kiosk.send(3).problem.code == "revoked"
    enrol(new_code(kiosk.counter, timezone.now()), kiosk.public_key, "0.1.0", timezone.now())
    assert kiosk.post(body, signature=sign_request(old, "POST", "/api/v1/entries", body)).problem.code == "bad-signature"
    assert kiosk.send(3).status == 200


def test_a_ledger_that_a_former_key_opened_is_counted_when_the_server_is_filled_again(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, _ = rotated
    for table in (Batch, Head):
        table.objects.all().delete()
    kiosk.votes(1)
    assert kiosk.send().status == 200
    assert quarantined(kiosk.unit) == {}


def test_verify_knows_every_key_that_signed_a_ledger(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, _ = rotated
    kiosk.votes(1).send(3)
    before, kiosk.key = kiosk.key, SigningKey.generate()
    taken(hand_over(before, kiosk.key))
    kiosk.votes(1).send(4)
    assert len(set(Batch.objects.values_list("device_key", flat=True))) == 3
    assert list(chains(lambda walked, total: None)) == []
    FormerKey.objects.filter(public_key=public(before)).delete()
    assert [fault.what for fault in chains(lambda walked, total: None)] == ["signed by a key that is not the device's"]


def test_control_a_ledger_that_a_stranger_opened_is_not_counted(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, _ = rotated
    kiosk.ledger, kiosk.lines = "l-stranger", []
    kiosk.open(device=public(SigningKey.generate())).votes(1).send()
    assert quarantined(kiosk.unit) == {1: "wrong-opened", 2: "ledger-not-opened"}


def test_a_server_that_forgot_the_change_learns_it_from_the_same_request(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    FormerKey.objects.all().delete()
    Device.objects.update(public_key=public(old))
    assert kiosk.send().problem.code == "bad-signature"
    assert taken(hand_over(old, kiosk.key)) == KeyTaken(kiosk.device, kiosk.public_key)
    assert kiosk.send().status == 200


def test_a_server_that_knows_only_the_new_key_learns_whose_the_old_one_was_and_lets_it_sign_nothing(client: Client) -> None:
    kiosk, old, older = enrolled(), SigningKey.generate(), SigningKey.generate()
    assert hand_over(older, old).problem.code == "unknown-device"
    taken(hand_over(old, kiosk.key))
    taken(hand_over(older, old))
    kiosk.open(device=public(older)).votes(1)
    body = kiosk.batch()
    for key in (old, older):
        assert kiosk.post(body, signature=sign_request(key, "POST", "/api/v1/entries", body)).problem.code == "bad-signature"
    assert nothing_stored()
    assert kiosk.post(body).status == 200
    assert quarantined(kiosk.unit) == {}


def test_who_enrols_with_a_former_key_is_the_same_device(rotated: tuple[Kiosk, SigningKey]) -> None:
    """A tablet that was set back to an old image."""
    kiosk, old = rotated
    device = enrol(new_code(kiosk.counter, timezone.now()), public(old), "0.1.0", timezone.now())
    assert (device.pk, device.public_key) == (kiosk.device, public(old))
    assert FormerKey.objects.get().public_key == kiosk.public_key
    kiosk.key = old
    assert kiosk.send().status == 200


def test_the_key_that_an_enrolment_replaced_is_a_former_key_as_after_any_change(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    kiosk.votes(2)
    digest = kiosk.send(3, 3).receipt.config
    enrol(new_code(kiosk.counter, timezone.now()), public(old), "0.1.0", timezone.now())
    former = FormerKey.objects.get()
    assert (former.public_key, former.accepted_until - former.replaced_at) == (kiosk.public_key, timedelta(days=30))
    assert kiosk.send(4).status == 200
    assert config(kiosk, kiosk.key, digest).problem.code == "bad-signature"
    assert config(kiosk, old, digest).status == 200
    assert counted(kiosk.unit) == (3, 0)


def test_the_answer_to_a_change_that_is_long_past_names_the_key_in_force(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    enrol(new_code(kiosk.counter, timezone.now()), public(old), "0.1.0", timezone.now())
    assert taken(hand_over(old, kiosk.key)) == KeyTaken(kiosk.device, public(old))
    third = SigningKey.generate()
    taken(hand_over(old, third))
    assert taken(hand_over(old, kiosk.key)) == KeyTaken(kiosk.device, public(third))


def test_of_a_revoked_device_enrolling_by_a_former_key_brings_back_no_other(rotated: tuple[Kiosk, SigningKey]) -> None:
    kiosk, old = rotated
    call_command("revoke", kiosk.device)
    enrol(new_code(kiosk.counter, timezone.now()), public(old), "0.1.0", timezone.now())
    body = kiosk.votes(1).batch(3)
    assert kiosk.post(body).problem.code == "bad-signature"
    assert kiosk.post(body, signature=sign_request(old, "POST", "/api/v1/entries", body)).status == 200


def test_of_many_that_take_over_one_key_at_once_one_succeeds(kiosk: Kiosk) -> None:
    statuses = []

    def run() -> None:
        try:
            statuses.append(hand_over(kiosk.key, SigningKey.generate()).status)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 401, 401, 401]


def test_revoke_knows_all_its_devices_or_revokes_none(kiosk: Kiosk) -> None:
    with pytest.raises(CommandError, match="no device d-NOBODY"):
        call_command("revoke", kiosk.device, "d-NOBODY")
    assert Device.objects.get().revoked_at is None


# --- the server's keys -----------------------------------------------------------------------------------------------


def get_changes(client: Client) -> KeyChanges:
    return wire.decode(checked(client.get(PATH), b"").body, KeyChanges)


def test_answers_are_signed_by_the_new_key_at_once_and_the_chain_leads_there(client: Client, own_keys: Path) -> None:
    first = public(keys.signing_key(own_keys))
    assert get_changes(client) == KeyChanges([])
    for _ in range(3):
        call_command("rotatekeys")
    links = follow(first, get_changes(client).changes)
    assert len(links) == 3
    assert links[-1].signing_key == public(keys.signing_key(own_keys))
    assert links[-1].sealing_key == keys.sealing_key(own_keys).public_key.encode().hex()


def test_the_keys_folder_holds_one_signing_key_and_all_sealing_keys(own_keys: Path) -> None:
    sealed = [SealedBox(keys.sealing_key(own_keys).public_key).encrypt(b"0")]
    names = [next(iter(keys.opening_keys(own_keys)))]
    for number in (b"1", b"2"):
        keys.rotate(own_keys, timezone.now())
        sealed.append(SealedBox(keys.sealing_key(own_keys).public_key).encrypt(number))
        names = list(keys.opening_keys(own_keys))
    assert sorted(path.relative_to(own_keys).as_posix() for path in own_keys.rglob("signing")) == ["2/signing"]
    opening = keys.opening_keys(own_keys)
    assert [SealedBox(opening[name]).decrypt(box) for name, box in zip(names, sealed, strict=True)] == [b"0", b"1", b"2"]
    assert {path.stat().st_mode & 0o777 for path in own_keys.rglob("*") if path.is_file()} == {0o600}


def test_another_process_signs_by_the_new_key_too(own_keys: Path) -> None:
    before = keys.signing_key(own_keys)
    child = os.fork()
    if child == 0:
        keys.rotate(own_keys, timezone.now())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert keys.signing_key(own_keys) != before


@pytest.mark.parametrize("call", ["mkdir", "rename"])
def test_a_change_that_fails_leaves_the_keys_as_they_were(own_keys: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    before, files = keys.signing_key(own_keys), sorted(own_keys.rglob("*"))

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, call, fail)
    with pytest.raises(OSError, match="disk full"):
        keys.rotate(own_keys, timezone.now())
    monkeypatch.undo()
    assert keys.signing_key(own_keys) == before
    assert sorted(own_keys.rglob("*")) == files


def test_a_link_that_was_changed_or_comes_from_another_key_leads_nowhere(own_keys: Path) -> None:
    first = public(keys.signing_key(own_keys))
    link = keys.rotate(own_keys, timezone.now())
    stranger = public(SigningKey.generate())
    assert follow(stranger, [link]) == []
    for field, value in (("signing_key", stranger), ("sealing_key", stranger), ("at", "2026-01-01T00:00:00Z"), ("signature", "AAAA")):
        assert follow(first, [msgspec.structs.replace(link, **{field: value})]) == []
    assert follow(first, [link]) == [link]


def test_a_replaced_key_is_believed_for_30_days(own_keys: Path) -> None:
    first = public(keys.signing_key(own_keys))
    now = timezone.now().replace(microsecond=0)
    links = [keys.rotate(own_keys, now), keys.rotate(own_keys, now + timedelta(days=20))]
    second, third = (link.signing_key for link in links)
    expected: list[tuple[float, list[str]]] = [(0, [third, second, first]), (30, [third, second]), (50, [third])]
    for days, believed in expected:
        assert accepted(first, links, now + timedelta(days=days)) == believed


def test_a_kiosk_below_the_oldest_version_is_told_so(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings as django_settings

    monkeypatch.setattr(django_settings, "OLDEST_KIOSK", (0, 10, 0))
    kiosk.open()
    answer: Callable[[str], Answer] = lambda version: kiosk.send(health=wire.Health(version, 0, 0))  # noqa: E731 one word
    assert (answer("0.9.9").status, answer("0.9.9").problem.code) == (426, "too-old")
    assert [answer(version).status for version in ("0.10.0", "1.0", "0.10.0.dev1")] == [200, 200, 200]
