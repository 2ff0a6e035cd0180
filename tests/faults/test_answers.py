"""T16, T17, T28: whatever answers, and whatever it answers, nothing is lost, nothing moves that must not, and no secret is logged."""

import base64
import gzip
import logging
import socket
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from sync.client import Client, enrol
from sync.courier import Courier, Step
from sync.entries import GENESIS
from sync.errors import TryLater
from sync.http import Wire
from sync.proxy import parse_proxy
from sync.signature import SIGNATURE_HEADER, sign_answer
from sync.watch import Limits, Watch
from sync.wire import PROBLEM_TYPE, Acked, Problem
from tests.faults import scale
from tests.faults.proxy import forged
from tests.faults.report import report
from tests.faults.wired import LONGEST_WAIT, Tablet
from tests.kiosk.conftest import BINDING, a_vote
from tests.sync.hostile import listening, read_message, whole

SERVER, STRANGER, KIOSK = SigningKey(bytes([2] * 32)), SigningKey(bytes([3] * 32)), SigningKey(bytes([1] * 32))
VOTES = 3
Answers = Callable[[bytes], bytes]


def signed(status: int, request: bytes, body: bytes, key: SigningKey = SERVER, more: str = "") -> bytes:
    """An answer to a request's body with a signature; right, if the key is."""
    return whole(body, f"{status} X", f"{SIGNATURE_HEADER}: {sign_answer(key, status, request, body)}\r\n{more}")


def body_of(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def receipt(request: bytes) -> bytes:
    """What the server itself would say, but for the signature."""
    return body_of(forged(request))


class Kiosk:
    """A real ledger with three votes, its courier and its client, towards whatever answers at a port."""

    def __init__(self, folder: Path, port: int) -> None:
        clocks = Clocks()
        self.ledger = Ledger(folder, clocks)
        self.ledger.bind(BINDING)
        for _ in range(VOTES):
            self.ledger.append(a_vote)
        self._wire = Wire(f"http://127.0.0.1:{port}", watch=Watch(Limits(5, 5, 10)))
        client = Client(self._wire, "d-1", KIOSK, SERVER.verify_key.encode().hex())
        self.courier = Courier(self.ledger, client, Tablet(clocks), lambda step: None)

    def meet(self) -> Step:
        """One exchange, which must change nothing."""
        before = self.ledger.held()
        step = self.courier.run_once()
        assert self.ledger.held() == before, "acked moved, or entries are gone"
        assert 0 <= step.wait_seconds <= LONGEST_WAIT
        return step

    def close(self) -> None:
        self._wire.close()
        self.ledger.close()


@contextmanager
def a_kiosk(folder: Path) -> Iterator[tuple[Kiosk, list[Answers]]]:
    """A kiosk, and a list whose last element says what it will be answered."""
    answers: list[Answers] = []

    def talk(connection: socket.socket) -> None:
        while True:
            request = read_message(connection)
            answer = answers[-1](request)
            connection.sendall(answer)
            if b"Content-Length" not in answer:
                return

    with listening(talk) as (port, _):
        kiosk = Kiosk(folder, port)
        try:
            yield kiosk, answers
        finally:
            kiosk.close()


LOGIN = b"<html><form action=login>" + b"Please log in. " * 500
BOMB = gzip.compress(bytes(30_000_000))
MUCH = whole(b"x" * 2_000_000)
EARLIER: list[bytes] = []


def stale(request: bytes) -> bytes:
    """The server's genuine receipt for what this kiosk sent before."""
    EARLIER.append(body_of(request))
    return signed(200, EARLIER[0], receipt(request)) if len(EARLIER) > 1 else whole(LOGIN)


def compressed(request: bytes) -> bytes:
    """A genuine receipt that something on the way packed."""
    body = receipt(request)
    signature = sign_answer(SERVER, 200, body_of(request), body)
    return whole(gzip.compress(body), more=f"{SIGNATURE_HEADER}: {signature}\r\nContent-Encoding: gzip\r\n")


PORTALS: dict[str, Answers] = {
    "302 to a login page": lambda request: whole(LOGIN, "302 Found", "Location: http://127.0.0.1:9/login\r\n"),
    "307 to itself": lambda request: whole(b"", "307 Temporary Redirect", "Location: /api/v1/entries\r\n"),
    "200 with a login page": lambda request: whole(LOGIN, more="Content-Type: text/html\r\nSet-Cookie: session=1\r\n"),
    "a login page with our server's signature of nothing": lambda request: signed(200, b"", LOGIN),
    "204": lambda request: b"HTTP/1.1 204 No Content\r\n\r\n",
    "511": lambda request: whole(LOGIN, "511 Network Authentication Required"),
    "500 with a page": lambda request: whole(LOGIN, "500 Internal Server Error"),
    "an unsigned receipt that is right": forged,
    "a receipt signed by another server": lambda request: signed(200, body_of(request), receipt(request), STRANGER),
    "a genuine receipt of another kiosk": lambda request: signed(200, b"another kiosk's batch", receipt(request)),
    "a genuine receipt of before": stale,
    "a genuine receipt under another status": lambda request: signed(200, body_of(request), receipt(request)).replace(
        b" 200 X", b" 201 X", 1
    ),
    "a signature that is none": lambda request: whole(receipt(request), more=f"{SIGNATURE_HEADER}: %%%\r\n"),
    "two signatures": lambda request: signed(200, body_of(request), receipt(request), more=f"{SIGNATURE_HEADER}: eA==\r\n"),
    "a genuine receipt, compressed on the way": compressed,
    "rubbish that calls itself gzip": lambda request: whole(b"\x1f\x8b" + b"\xff" * 999, more="Content-Encoding: gzip\r\n"),
    "a zip bomb": lambda request: whole(BOMB, more="Content-Encoding: gzip\r\n"),
    "JSON without a bottom": lambda request: signed(200, body_of(request), b"[" * 60_000),
    "more than anybody reads": lambda request: MUCH,
    "an answer to the request before the last": lambda request: whole(b"", "100 Continue") + whole(LOGIN),
}


@pytest.mark.fault("T16")
def test_what_a_portal_or_a_proxy_answers_moves_nothing(tmp_path: Path) -> None:
    with a_kiosk(tmp_path) as (kiosk, answers):
        answers.append(PORTALS["204"])
        kiosk.meet()
        tracemalloc.start()
        outcomes = {}
        for name, portal in PORTALS.items():
            answers.append(portal)
            outcomes[name] = {kiosk.meet().outcome for _ in range(3)}
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        left = kiosk.ledger.waiting()
    report("T16", cases=3 * len(PORTALS), lost=VOTES + 1 - left, doubled=0, control="believing unsigned answers (T15): taken for received")
    assert {name: found for name, found in outcomes.items() if found != {"failed"}} == {}
    assert left == VOTES + 1
    assert peak < 16_000_000  # of which the test's own server takes most
    assert kept < 2_000_000


STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 426, 429, 500, 502, 503, 504)


def retry_afters() -> list[str | None]:
    date = format_datetime(datetime.now(UTC) + timedelta(days=400), usegmt=True)
    return [None, "0", "-1", "1000000000", date, "soon"]


def says_to(answer: bytes, request: bytes) -> bytes:
    return answer


def problem(status: int, more: str) -> Answers:
    at = Acked("l-unknown", 0, GENESIS) if status == 409 else None
    document = msgspec.json.encode(Problem(type=f"{PROBLEM_TYPE}{'gap' if at else 'x'}", title="x", status=status, at=at))
    return lambda request: signed(status, b"" if status in (411, 413) else body_of(request), document, more=more)


@pytest.mark.fault("T17")
def test_no_status_of_any_kind_costs_an_entry_or_stops_the_courier(tmp_path: Path) -> None:
    chance = scale.chance("T17")
    drawn = [(status, is_signed, after) for status in STATUSES for is_signed in (True, False) for after in retry_afters()]
    chance.shuffle(drawn)
    drawn = drawn[: scale.how_many(ci=60, long=len(drawn))] + [(status, True, None) for status in STATUSES]
    with a_kiosk(tmp_path) as (kiosk, answers):
        for status, is_signed, after in scale.watched("T17", drawn):
            more = "" if after is None else f"Retry-After: {after}\r\n"
            answers.append(problem(status, more) if is_signed else partial(says_to, whole(LOGIN, f"{status} X", more)))
            step = kiosk.meet()
            assert step.outcome in (("failed", "refused", "disagreed") if is_signed else ("failed",)), (status, is_signed, step)
            if status in (429, 503) and after is not None and after.isdecimal():
                assert step.wait_seconds >= min(max(int(after), 1), 6 * 3600)
        left = kiosk.ledger.waiting()
    report("T17", cases=len(drawn), lost=VOTES + 1 - left, doubled=0)
    assert left == VOTES + 1


@pytest.mark.fault("T28")
def test_no_secret_of_the_exchange_is_logged_or_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = SigningKey.generate()
    secrets = [
        "sesame",
        base64.b64encode(b"an:sesame").decode(),
        "CANARY-CODE",
        key.encode().hex(),
        base64.b64encode(key.encode()).decode(),
    ]
    told = []
    with listening(lambda connection: None) as (closed, _):
        for server in (f"http://127.0.0.1:{closed}", f"https://127.0.0.1:{closed}", "https://127.0.0.1:9"):
            for proxy in (None, parse_proxy(f"http://an:sesame@127.0.0.1:{closed}"), parse_proxy("http://an:sesame@127.0.0.1:9")):
                wire = Wire(server, proxy=proxy, watch=Watch(Limits(1, 1, 2)))
                for ask in (partial(enrol, wire, key, secrets[2], "0.1.0"), partial(Client(wire, "d", key, "0" * 64).send, b"batch")):
                    with pytest.raises(TryLater) as caught:
                        ask()
                    told += ["".join(traceback.format_exception(caught.value)), repr(caught.value), repr(proxy)]
                wire.close()
    rubbish: list[Answers] = [partial(says_to, whole(LOGIN, f"{status} X")) for status in (200, 302, 407, 500, 503)]
    rubbish += [partial(says_to, said) for said in (b"CANARY", b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", b"")]
    with a_kiosk(tmp_path) as (kiosk, answers):
        for answer in rubbish:
            answers.append(answer)
            told.append(kiosk.meet().detail)
    text = caplog.text + "".join(told)
    found = [secret for secret in secrets if secret in text]
    report("T28", cases=len(told), lost=0, doubled=0)
    assert found == []
