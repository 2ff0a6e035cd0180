"""docs/wire.md and its frozen examples, as the server knows them."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from server import environment, keys
from server.devices.models import Device
from server.intake.clock import milliseconds
from server.intake.fold import ID_REUSED, NOT_OPENED, UNKNOWN_OFFICER, fold
from server.intake.models import Change, Comment, Quarantine, Reasons, Vote
from server.places.models import Counter, Officer, Unit
from server.problems import CATALOGUE, ProblemError
from sync.entries import GENESIS, chain
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER
from sync.wire import BatchHeader, Enrolment, KioskConfig, Problem, Receipt, decode
from tests.sync.document import Signed, body, constant, limits, lines, quoted, rows, signatures

SIGNED = signatures()


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Device:
    """The commune, counter, officer and device of the examples, the server's key, and the time at which the batch came."""
    config, enrolment = decode(body("config.json"), KioskConfig), decode(body("enrolment.json"), Enrolment)
    unit = Unit.objects.create(id=config.unit.id, name=config.unit.name, kind=Unit.Kind.COMMUNE)
    [officer] = [Officer.objects.create(id=one.id, unit=unit, name=one.name, title=one.title) for one in config.officers]
    counter = Counter.objects.create(id=config.counter.id, unit=unit, name=config.counter.name, on_duty=officer)
    came = decode(body("receipt.json"), Receipt).time
    monkeypatch.setattr(keys, "signing_key", lambda folder: SIGNED.server.signing)
    monkeypatch.setattr(timezone, "now", lambda: came)
    return Device.objects.create(
        id=enrolment.device, unit=unit, counter=counter, public_key=SIGNED.kiosk.public, enrolled_at=datetime(2026, 11, 23, tzinfo=UTC)
    )


def send(client: Client, device: Device, request: Signed) -> tuple[int, bytes, str]:
    """Status, body and signature of the answer to a frozen request."""
    _, method, path, _ = request.text.splitlines()
    headers = {DEVICE_HEADER: device.id, SIGNATURE_HEADER: request.signature}
    if method == "POST":
        headers["Content-Encoding"] = "gzip"
    kind = "application/x-ndjson" if method == "POST" else "application/octet-stream"
    content = b"" if method == "GET" else body(request.of)
    answer = client.generic(method, path, content, content_type=kind, headers=headers)
    return answer.status_code, answer.content, answer[SIGNATURE_HEADER]


def test_the_frozen_batch_comment_and_question_get_the_frozen_answers(client: Client, frozen: Device) -> None:
    _, batch, comment, question = SIGNED.requests
    _, receipt, _, config = SIGNED.answers
    assert send(client, frozen, batch) == (200, body("receipt.json"), receipt.signature)
    assert send(client, frozen, question) == (200, body("config.json"), config.signature)
    assert send(client, frozen, comment)[:2] == (200, b"{}")
    status, again, _ = send(client, frozen, batch)
    assert (status, decode(again, Receipt).wanted) == (200, [])


def test_the_frozen_entries_say_what_the_document_says(client: Client, frozen: Device) -> None:
    send(client, frozen, SIGNED.requests[1])
    votes = sorted(Vote.objects.values_list("seq", "satisfied", "officer_id"))
    assert votes == [(3, True, "o-7Q2K9XVT"), (4, False, "o-7Q2K9XVT"), (9, True, "")]
    assert [table.objects.count() for table in (Change, Reasons, Comment, Quarantine)] == [1, 1, 1, 0]


def test_an_opened_within_a_ledger_goes_into_quarantine_and_nothing_else_of_the_examples_does() -> None:
    header = decode(body("batch-header.json"), BatchHeader)
    came = milliseconds(decode(body("receipt.json"), Receipt).time)
    folded = fold(
        [*lines("entries.ndjson"), *lines("moved.ndjson")],
        1,
        ledger=header.ledger,
        opened=True,
        knows=lambda seq, officer: True,
        clock=header.clock,
        genuine=header.genuine,
        received=came,
        since=None,
    )
    assert [(line.seq, line.reason) for line in folded.rejected] == [(11, "wrong-opened")]


def test_every_problem_is_in_the_document_with_its_status() -> None:
    said = {quoted(code)[0]: int(status) for code, status, *_ in rows("| code | status | with | when |")}
    assert said == {code: kind.status for code, kind in CATALOGUE.items()}


@pytest.mark.parametrize("name", ["problem-gap.json", "problem-forked.json", "problem-revoked.json"])
def test_the_frozen_problems_are_those_of_the_catalogue(name: str) -> None:
    problem = decode(body(name), Problem)
    assert ProblemError(problem.code, problem.detail, problem.at).document() == problem
    if problem.at is not None:
        assert problem.at.digest == chain(GENESIS, lines("entries.ndjson"))[problem.at.acked - 1]


def test_the_reasons_for_quarantine_are_in_the_document() -> None:
    said = {reason.partition(":")[0] for cell, _ in rows("| reason | the line |") for reason in quoted(cell)}
    about_votes = {"late-change", "second-change", "second-reasons", "second-comment"}
    assert said == {"malformed", "wrong-opened", NOT_OPENED, UNKNOWN_OFFICER, ID_REUSED, *about_votes}


def test_every_limit_of_the_server_has_its_value() -> None:
    said = {limit.name: limit.value for limit in limits()}
    of_the_server = {name: value for name, value in said.items() if name.startswith("server.")}
    assert of_the_server == {name: constant(name) for name in of_the_server}
    given = environment.read({})
    assert (said["HAILONG_BATCHES_PER_MINUTE"], said["HAILONG_EXCHANGE_SECONDS"]) == (given.batches_per_minute, given.exchange_seconds)
