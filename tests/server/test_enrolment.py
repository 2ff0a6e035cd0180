"""Enrolment: one code, one kiosk, and only who holds the key."""

import logging
from datetime import timedelta
from threading import Thread
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from nacl.signing import SigningKey

from server import keys, settings
from server.devices.enrolment import new_code
from server.devices.models import Device, EnrolmentCode, EnrolmentTry
from server.devices.rotation import replace_key
from server.places.models import Counter, Officer, Unit
from sync import wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, sign_request
from tests.server.kiosk import Answer, Kiosk, checked, enrolled

PATH = "/api/v1/enrol"


@pytest.fixture
def counter() -> Counter:
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    officer = Officer.objects.create(unit=unit, name="Nguyễn Thị Minh Hạnh", title="Công chức Tư pháp – Hộ tịch")
    return Counter.objects.create(unit=unit, name="Quầy 3", on_duty=officer)


@pytest.fixture
def code(counter: Counter) -> str:
    return new_code(counter, timezone.now())


def enrol(client: Client, code: str, key: SigningKey, **changes: Any) -> Answer:  # noqa: ANN401 – signer or key
    body = msgspec.json.encode(wire.EnrolRequest(code, changes.get("key", key).verify_key.encode().hex(), "0.1.0"))
    signature = sign_request(changes.get("signer", key), "POST", PATH, body)
    return checked(client.post(PATH, body, content_type="application/json", headers={SIGNATURE_HEADER: signature}), body)


def test_a_code_makes_a_device_at_its_counter(client: Client, counter: Counter, code: str) -> None:
    key = SigningKey.generate()
    enrolment = wire.decode(enrol(client, code, key).body, wire.Enrolment)
    device = Device.objects.get()
    assert (device.id, device.counter, device.unit, device.public_key) == (
        enrolment.device,
        counter,
        counter.unit,
        key.verify_key.encode().hex(),
    )
    assert enrolment.unit == wire.Place(counter.unit.id, "Phường Thái Hòa")
    assert enrolment.counter == wire.Place(counter.id, "Quầy 3")
    assert enrolment.signing_key == keys.signing_key(settings.KEYS).verify_key.encode().hex()
    assert enrolment.sealing_key == keys.sealing_key(settings.KEYS).public_key.encode().hex()


def test_a_code_is_ten_readable_characters_kept_only_as_a_hash(code: str) -> None:
    assert len(code) == 11
    assert code[5] == "-"
    kept = EnrolmentCode.objects.get()
    assert code.replace("-", "") not in kept.code_hash
    assert kept.expires_at - kept.created_at == timedelta(hours=24)


def test_a_code_may_be_typed_as_people_read_it(client: Client, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.devices.enrolment.random_text", lambda characters: "01AB1CD0EF"[:characters])
    new_code(counter, timezone.now())
    assert enrol(client, " oiab l-cdoef ", SigningKey.generate()).status == 200


def test_a_wrong_code_is_unknown(client: Client, code: str) -> None:
    problem = enrol(client, "00000-00000", SigningKey.generate()).problem
    assert (problem.status, problem.code) == (403, "code-unknown")
    assert not Device.objects.exists()


def test_a_code_is_good_for_one_kiosk(client: Client, code: str) -> None:
    assert enrol(client, code, SigningKey.generate()).status == 200
    problem = enrol(client, code, SigningKey.generate()).problem
    assert (problem.status, problem.code) == (403, "code-used")
    assert Device.objects.count() == 1


def test_the_same_kiosk_may_repeat_its_code_when_the_reply_was_lost(client: Client, code: str) -> None:
    key = SigningKey.generate()
    assert enrol(client, code, key).body == enrol(client, code, key).body


def test_a_repeated_code_does_not_undo_a_revocation(client: Client, code: str) -> None:
    key = SigningKey.generate()
    enrol(client, code, key)
    Device.objects.update(revoked_at=timezone.now())
    enrol(client, code, key)
    assert Device.objects.get().revoked_at is not None


def test_a_code_expires(client: Client, counter: Counter) -> None:
    key = SigningKey.generate()
    problem = enrol(client, new_code(counter, timezone.now() - timedelta(hours=24)), key).problem
    assert (problem.status, problem.code) == (403, "code-expired")


def test_its_own_kiosk_may_repeat_a_code_after_its_life_and_nobody_else(client: Client, code: str) -> None:
    key = SigningKey.generate()
    first = enrol(client, code, key)
    EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert enrol(client, code, key).body == first.body
    assert enrol(client, code, SigningKey.generate()).problem.code == "code-used"
    assert Device.objects.count() == 1


def test_its_own_kiosk_may_repeat_a_code_by_the_key_that_it_had_then(client: Client, code: str) -> None:
    key = SigningKey.generate()
    first = enrol(client, code, key)
    replace_key(Device.objects.get(), "ab" * 32, timezone.now(), accepted_until=timezone.now())
    assert enrol(client, code, key).body == first.body
    assert Device.objects.get().public_key == "ab" * 32


def test_the_same_key_keeps_its_device_and_moves_to_the_new_counter(client: Client, code: str) -> None:
    key = SigningKey.generate()
    first = wire.decode(enrol(client, code, key).body, wire.Enrolment)
    other = enrolled().counter
    second = wire.decode(enrol(client, new_code(other, timezone.now()), key).body, wire.Enrolment)
    assert second.device == first.device
    assert (second.counter.id, second.unit.id) == (other.id, other.unit_id)
    assert Device.objects.get(pk=first.device).unit_id == other.unit_id


def test_only_the_holder_of_the_key_enrols_it(client: Client, code: str) -> None:
    problem = enrol(client, code, SigningKey.generate(), signer=SigningKey.generate()).problem
    assert (problem.status, problem.code) == (401, "bad-signature")
    assert EnrolmentCode.objects.get().used_at is None


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"code":"x"}', b'{"code":"' + b"x" * 41 + b'","key":"","version":"1"}', b"\xff"])
def test_a_malformed_request(client: Client, body: bytes) -> None:
    answer = checked(client.post(PATH, body, content_type="application/json"), body)
    assert (answer.problem.status, answer.problem.code) == (400, "malformed")


def test_more_than_4_kib_are_too_large(client: Client) -> None:
    assert checked(client.post(PATH, b"x" * 4097, content_type="application/json"), b"").problem.code == "too-large"


def test_five_tries_a_minute_from_one_address(client: Client, code: str) -> None:
    for _ in range(5):
        assert enrol(client, "00000-00000", SigningKey.generate()).problem.code == "code-unknown"
    answer = enrol(client, code, SigningKey.generate())
    assert (answer.problem.status, answer.problem.code) == (429, "too-many-tries")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert enrol(Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.2"), "00000-00000", SigningKey.generate()).status == 403
    EnrolmentTry.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert enrol(client, code, SigningKey.generate()).status == 200


def test_right_codes_are_not_counted_as_tries(client: Client, counter: Counter) -> None:
    codes = [new_code(counter, timezone.now()) for _ in range(12)]
    assert [enrol(client, code, SigningKey.generate()).status for code in codes] == [200] * 12


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings as django_settings

    monkeypatch.setattr(django_settings, "BEHIND_PROXY", True)
    for forwarded in ("203.0.113.5", "198.51.100.1, 203.0.113.5"):
        enrol(Client(SERVER_NAME="localhost", headers={"X-Forwarded-For": forwarded}), "00000-00000", SigningKey.generate())
    assert set(EnrolmentTry.objects.values_list("address", flat=True)) == {"203.0.113.5"}


def test_of_many_kiosks_with_one_code_at_once_one_enrols(code: str) -> None:
    statuses = []

    def run(number: int) -> None:
        try:
            statuses.append(enrol(Client(SERVER_NAME="localhost", REMOTE_ADDR=f"192.0.2.{number}"), code, SigningKey.generate()).status)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 403, 403, 403, 403, 403]
    assert Device.objects.count() == 1


def test_the_log_has_no_code_and_no_key(
    client: Client, code: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="server")
    key = SigningKey.generate()
    enrol(client, code, key)
    enrol(client, code, SigningKey.generate())
    logged = caplog.text + "".join(capfd.readouterr())
    assert "code-used" in logged
    for secret in (code, code.replace("-", ""), key.verify_key.encode().hex()):
        assert secret not in logged


def get_config(kiosk: Kiosk, digest: str) -> Answer:
    path = f"/api/v1/config/{digest}"
    headers = {DEVICE_HEADER: kiosk.device, SIGNATURE_HEADER: sign_request(kiosk.key, "GET", path, b"")}
    return checked(kiosk.client.get(path, headers=headers), b"")


def test_the_configuration_is_named_by_the_hash_of_its_bytes(kiosk: Kiosk) -> None:
    answer = get_config(kiosk, kiosk.send().receipt.config)
    assert wire.sha256(answer.body) == kiosk.send().receipt.config
    config = wire.decode(answer.body, wire.KioskConfig)
    assert (config.unit.id, config.counter.name, config.on_duty) == (kiosk.unit.id, "Quầy 1", kiosk.officers[0].id)
    assert {officer.name for officer in config.officers} == {"Trần Quốc Bảo", "Lê Hoàng Phúc"}


def test_a_change_in_the_roster_changes_the_digest(kiosk: Kiosk) -> None:
    old = kiosk.send().receipt.config
    Officer.objects.filter(pk=kiosk.officers[0].pk).update(active=False)
    new = kiosk.send().receipt.config
    assert new != old
    config = wire.decode(get_config(kiosk, new).body, wire.KioskConfig)
    assert (config.on_duty, [officer.id for officer in config.officers]) == (None, [kiosk.officers[1].id])
    assert get_config(kiosk, old).problem.code == "not-found"


def test_a_kiosk_gets_no_other_counters_configuration(kiosk: Kiosk) -> None:
    assert get_config(kiosk, enrolled().send().receipt.config).problem.code == "not-found"


def test_a_revoked_kiosk_gets_no_configuration(kiosk: Kiosk) -> None:
    digest = kiosk.send().receipt.config
    Device.objects.update(revoked_at=timezone.now())
    assert get_config(kiosk, digest).problem.code == "revoked"
