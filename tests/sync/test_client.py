"""One exchange over real HTTP, with servers that are not what they should be."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from msgspec.structs import replace
from nacl.signing import SigningKey

from sync.client import Client, enrol
from sync.entries import GENESIS
from sync.errors import Disagreed, Refused, TryLater
from sync.http import MAX_REPLY_BYTES, Wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, request_is_genuine, sign_answer
from sync.wire import (
    PROBLEM_TYPE,
    Acked,
    Batch,
    BatchHeader,
    Clock,
    Enrolment,
    Health,
    Place,
    Problem,
    Receipt,
    decode,
    encode_batch,
    sha256,
)

KIOSK, SERVER, STRANGER = SigningKey(bytes([1] * 32)), SigningKey(bytes([2] * 32)), SigningKey(bytes([3] * 32))
BODY = b"a batch"
AT = Acked("l-1", 3, GENESIS)


class Answer(msgspec.Struct):
    """What the test's server says, whatever it is asked."""

    status: int
    body: bytes
    headers: dict[str, str] = {}
    key: SigningKey | None = SERVER


def receipt(request: bytes = BODY) -> bytes:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return msgspec.json.encode(
        Receipt(request=sha256(request), nonce="n", time=now, ledgers=[AT], next_seconds=60, config=sha256(b"config"))
    )


def problem(status: int, code: str, at: Acked | None = None) -> bytes:
    return msgspec.json.encode(Problem(type=PROBLEM_TYPE + code, title=code, status=status, at=at))


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[tuple[str, str, dict[str, str], bytes]]]]:
    """The address of a server that gives this answer, and what it was asked."""
    asked: list[tuple[str, str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.key is not None:
                self.send_header(SIGNATURE_HEADER, sign_answer(answer.key, answer.status, body, answer.body))
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST  # noqa: N815 the name that http.server calls

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def a_client(answer: Answer) -> Iterator[Client]:
    with serving(answer) as (address, _):
        wire = Wire(address)
        yield Client(wire, "d-1", KIOSK, SERVER.verify_key.encode().hex())
        wire.close()


def later(answer: Answer) -> TryLater:
    with a_client(answer) as client, pytest.raises(TryLater) as caught:
        client.send(BODY)
    return caught.value


def test_a_genuine_receipt_is_given_back_and_the_request_was_signed() -> None:
    with serving(Answer(200, receipt())) as (address, asked):
        wire = Wire(address)
        got = Client(wire, "d-1", KIOSK, SERVER.verify_key.encode().hex()).send(BODY)
        wire.close()
    assert got.ledgers == [AT]
    [(method, path, headers, body)] = asked
    assert headers[DEVICE_HEADER] == "d-1"
    assert request_is_genuine(KIOSK.verify_key.encode().hex(), headers[SIGNATURE_HEADER], method, path, body)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>Please log in</html>", key=None),
        Answer(200, receipt(), key=None),
        Answer(200, receipt(), key=STRANGER),
        Answer(200, b"<html>", key=SERVER),
        Answer(200, receipt(b"another request")),
        Answer(302, b"", {"Location": "http://127.0.0.1:9/"}, key=None),
        Answer(204, b"", key=None),
        Answer(511, b"", key=None),
        Answer(404, b"not found", key=None),
        Answer(409, problem(409, "gap", AT), key=None),
        Answer(401, problem(401, "unknown-device"), key=STRANGER),
        Answer(200, b"x" * (MAX_REPLY_BYTES + 1)),
    ],
)
def test_what_is_not_provably_from_our_server_is_for_later(answer: Answer) -> None:
    assert later(answer).reason in ("not-our-server", "other-key")


@pytest.mark.parametrize(
    ("headers", "seconds"), [({}, None), ({"Retry-After": "17"}, 17), ({"Retry-After": "soon"}, None), ({"Retry-After": "-1"}, None)]
)
@pytest.mark.parametrize("key", [SERVER, None])
def test_a_busy_server_is_for_later_as_long_as_it_says_signed_or_not(
    headers: dict[str, str], seconds: float | None, key: SigningKey | None
) -> None:
    for status in (429, 503):
        error = later(Answer(status, b"", headers, key))
        assert (error.reason, error.after_seconds) == ("busy", seconds)


def test_a_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    seconds = later(Answer(503, b"", {"Retry-After": date})).after_seconds
    assert seconds is not None
    assert 590 < seconds <= 600


@pytest.mark.parametrize(("status", "code"), [(400, "malformed"), (401, "unknown-device"), (403, "revoked"), (422, "x"), (426, "too-old")])
def test_a_signed_refusal_is_for_a_person(status: int, code: str) -> None:
    with a_client(Answer(status, problem(status, code))) as client, pytest.raises(Refused) as caught:
        client.send(BODY)
    assert (caught.value.status, caught.value.code) == (status, code)


@pytest.mark.parametrize("code", ["gap", "forked"])
def test_a_signed_disagreement_says_where_the_server_stands(code: str) -> None:
    with a_client(Answer(409, problem(409, code, AT))) as client, pytest.raises(Disagreed) as caught:
        client.send(BODY)
    assert (caught.value.forked, caught.value.at) == (code == "forked", AT)


def test_a_server_cannot_silence_a_kiosk_for_more_than_6_hours() -> None:
    said = decode(receipt(), Receipt)
    with a_client(Answer(200, msgspec.json.encode(replace(said, next_seconds=1e9)))) as client:
        assert client.send(BODY) == replace(said, next_seconds=6 * 3600)


def test_the_receipt_for_another_sending_of_the_same_entries_is_not_believed() -> None:
    def sending(nonce: str) -> bytes:
        header = BatchHeader(
            ledger="l-1",
            first=1,
            previous=GENESIS,
            ledgers=[],
            clock=Clock(datetime(2026, 11, 23, tzinfo=UTC), 1.0, "boot"),
            genuine=None,
            health=Health("0.1.0", 0, 0),
            nonce=nonce,
        )
        return encode_batch(Batch(header, [b"{}"]))

    with a_client(Answer(200, receipt(sending("first")))) as client, pytest.raises(TryLater) as caught:
        client.send(sending("second"))
    assert caught.value.reason == "not-our-server"


def test_nobody_at_the_address_is_for_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wire = Wire(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TryLater) as caught:
            Client(wire, "d-1", KIOSK, SERVER.verify_key.encode().hex()).send(BODY)
        wire.close()
    assert caught.value.reason == "refused"


def test_a_connection_cut_in_mid_reply_is_for_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def cut() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf a rec")
            connection.close()

        thread = threading.Thread(target=cut)
        thread.start()
        wire = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(TryLater):
            Client(wire, "d-1", KIOSK, SERVER.verify_key.encode().hex()).send(BODY)
        wire.close()
        thread.join()


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with a_client(Answer(200, receipt())) as client:
        assert client.send(BODY).ledgers == [AT]


def test_a_configuration_is_checked_by_its_name() -> None:
    with a_client(Answer(200, b"config")) as client:
        assert client.config(sha256(b"config")) == b"config"
        with pytest.raises(TryLater):
            client.config(sha256(b"other"))


def test_a_photo_is_checked_by_its_name() -> None:
    with a_client(Answer(200, b"photo")) as client:
        assert client.photo(sha256(b"photo")) == b"photo"
        with pytest.raises(TryLater):
            client.photo(sha256(b"other"))


def an_enrolment(key: SigningKey) -> bytes:
    place = Place("x-1", "X")
    return msgspec.json.encode(
        Enrolment(
            device="d-1", signing_key=key.verify_key.encode().hex(), sealing_key="0" * 64, unit=place, counter=place, config=sha256(b"")
        )
    )


def asked_to_enrol(answer: Answer, ask: Callable[[Wire], Enrolment]) -> Enrolment:
    with serving(answer) as (address, _):
        wire = Wire(address)
        try:
            return ask(wire)
        finally:
            wire.close()


def test_enrolment_gives_the_device_and_the_servers_keys() -> None:
    got = asked_to_enrol(Answer(200, an_enrolment(SERVER)), lambda wire: enrol(wire, KIOSK, "ABCDE-12345", "0.1.0"))
    assert got.device == "d-1"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(403, problem(403, "code-used")), Refused),
        (Answer(429, b"", {"Retry-After": "60"}), TryLater),
        (Answer(200, b"<html>", key=None), TryLater),
        (Answer(200, an_enrolment(SERVER), key=STRANGER), TryLater),
        (Answer(500, b"oops", key=None), TryLater),
    ],
)
def test_enrolment_that_fails_says_why(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        asked_to_enrol(answer, lambda wire: enrol(wire, KIOSK, "ABCDE-12345", "0.1.0"))
