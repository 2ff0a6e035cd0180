"""Requests that do not follow the contract: a signed problem document, and nothing stored."""

import io
import logging
import zlib
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from server.devices.models import Device
from sync import wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, sign_request
from tests.server.kiosk import PATH, Kiosk, checked, nothing_stored


def gzipped(text: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize(
    "body",
    [
        b"no gzip",
        gzipped(b"no header\n"),
        gzipped(b"{}\n"),
        gzipped(b"[" * 60_000 + b"\n"),
        gzipped(b"\0" * 50_000_000),
        gzipped(b"{}\n") + b"more",
        gzipped(b"{}\n")[:-3],
    ],
    ids=["not-gzip", "no-json", "empty-header", "deep", "zip-bomb", "trailing", "cut"],
)
def test_malformed(kiosk: Kiosk, body: bytes) -> None:
    problem = kiosk.post(body).problem
    assert (problem.status, problem.code) == (400, "malformed")
    assert problem.detail
    assert nothing_stored()


@pytest.mark.parametrize("changes", [{"ledger": "l-\0"}, {"ledgers": [wire.Held("\0", 0, 0, 0)]}, {"health": wire.Health("\0", 0, 0)}])
def test_a_name_that_the_database_cannot_hold_is_malformed(kiosk: Kiosk, changes: dict[str, Any]) -> None:
    assert kiosk.open().send(**changes).problem.code == "malformed"
    assert nothing_stored()


def test_too_many_lines_are_malformed(kiosk: Kiosk) -> None:
    assert kiosk.open().votes(wire.MAX_BATCH_LINES).send().problem.code == "malformed"
    assert nothing_stored()


@pytest.mark.parametrize("signature", ["", "AAAA", "no base64!", "é"])
def test_unsigned_or_wrongly_signed(kiosk: Kiosk, signature: str) -> None:
    problem = kiosk.post(kiosk.open().batch(), signature=signature).problem
    assert (problem.status, problem.code) == (401, "bad-signature")
    assert nothing_stored()


def test_a_signature_over_another_path_or_body_does_not_hold(kiosk: Kiosk) -> None:
    body = kiosk.open().batch()
    for path, signed in (("/api/v1/enrol", body), (PATH, body + b"x")):
        assert kiosk.post(body, signature=sign_request(kiosk.key, "POST", path, signed)).problem.code == "bad-signature"
    assert nothing_stored()


@pytest.mark.parametrize("device", ["", "d-NOBODY", "d-\0", "x" * 5000, "đ"])
def test_unknown_device(kiosk: Kiosk, device: str) -> None:
    problem = kiosk.post(kiosk.open().batch(), device=device).problem
    assert (problem.status, problem.code) == (401, "unknown-device")
    assert nothing_stored()


def test_a_revoked_device_is_refused_even_when_its_key_is_remembered(kiosk: Kiosk) -> None:
    kiosk.send()
    Device.objects.filter(pk=kiosk.device).update(revoked_at=timezone.now())
    problem = kiosk.open().send().problem
    assert (problem.status, problem.code) == (403, "revoked")
    assert kiosk.post(b"no gzip").problem.code == "revoked"
    assert nothing_stored()


def test_too_large_is_refused_without_being_read(kiosk: Kiosk) -> None:
    body = b"x" * (wire.MAX_BATCH_BYTES + 1)
    headers = {"Content-Encoding": "gzip", DEVICE_HEADER: kiosk.device, SIGNATURE_HEADER: ""}
    response = kiosk.client.post(PATH, body, content_type="application/x-ndjson", headers=headers)
    problem = checked(response, b"").problem  # what was not read counts as empty in the signature
    assert (problem.status, problem.code) == (413, "too-large")


def test_a_body_without_length_is_refused(client: Client) -> None:
    response = client.generic("POST", PATH)
    assert checked(response, b"").problem.code == "length-required"


def test_a_body_shorter_than_it_says_is_malformed(client: Client) -> None:
    sent: dict[str, Any] = {"CONTENT_LENGTH": "90", "wsgi.input": io.BytesIO(b"short")}
    response = client.generic("POST", PATH, **sent)
    assert checked(response, b"").problem.code == "malformed"


@pytest.mark.parametrize("headers", [{"Content-Encoding": "identity"}, {"Content-Type": "application/json"}])
def test_other_types_are_unsupported(kiosk: Kiosk, headers: dict[str, str]) -> None:
    problem = kiosk.post(kiosk.open().batch(), **headers).problem
    assert (problem.status, problem.code) == (415, "unsupported")


def test_another_method_is_told_which_is_right(client: Client) -> None:
    answer = checked(client.get(PATH), b"")
    assert (answer.problem.code, answer.headers["Allow"]) == ("wrong-method", "POST")


def test_an_address_that_is_none_is_a_problem_too(client: Client) -> None:
    assert checked(client.get("/api/v1/nothing"), b"").problem.code == "not-found"


def test_the_log_says_why_and_nothing_else(kiosk: Kiosk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    kiosk.open().votes(1, 1)
    kiosk.post(b"no gzip")
    kiosk.send(1, 2)
    kiosk.send(5)
    kiosk.post(kiosk.batch(), signature="AAAA")
    logged = caplog.text + "".join(capfd.readouterr())
    for reason in ("malformed", "bad-signature"):
        assert reason in logged
    for secret in (kiosk.public_key, kiosk.key.encode().hex(), "satisfied", kiosk.officers[0].id, "AAAA"):
        assert secret not in logged
