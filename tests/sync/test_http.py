"""One exchange over networks and with servers that are not what they should be: it ends, says why, and takes little memory."""

import contextlib
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from sync.backoff import honour
from sync.errors import Reason, TryLater
from sync.http import Reply, Wire
from sync.proxy import Proxy, parse_proxy
from sync.watch import Address, Limits, Watch
from tests.sync.hostile import Talk, drips, listening, read_message, says, whole

SHORT = Limits(connect_seconds=0.3, read_seconds=0.3, whole_seconds=0.5)
PATIENT = Limits(connect_seconds=5, read_seconds=5, whole_seconds=10)
LONG_PAST_THE_DEADLINE = 8.0


@contextlib.contextmanager
def a_wire(address: str, limits: Limits = PATIENT, proxy: Proxy | None = None) -> Iterator[Wire]:
    wire = Wire(address, proxy=proxy, watch=Watch(limits))
    try:
        yield wire
    finally:
        wire.close()


def later(address: str, limits: Limits = PATIENT, proxy: Proxy | None = None) -> TryLater:
    with a_wire(address, limits, proxy) as wire, pytest.raises(TryLater) as caught:
        wire.ask("POST", "/", b"body", {})
    return caught.value


def reason(talk: Talk, limits: Limits = PATIENT) -> Reason:
    with listening(talk) as (port, _):
        return later(f"http://127.0.0.1:{port}", limits).reason


# --- the deadline ----------------------------------------------------------------------------------------------------


DRIPPING: dict[str, Talk] = {
    "status line": drips(b"HTTP/1.1 20", b"0"),
    "a header": drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "one header after another": drips(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n", 0.02),
    "go on": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"x"),
    "body without end": drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a chunk's length": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: x\r\n"),
}


@pytest.mark.parametrize("talk", DRIPPING.values(), ids=DRIPPING)
def test_a_server_that_drips_whatever_part_of_its_answer_is_left_at_the_deadline(talk: Talk) -> None:
    began = time.monotonic()
    assert reason(talk, SHORT) == "timeout"
    assert time.monotonic() - began < LONG_PAST_THE_DEADLINE


def test_without_the_watch_a_dripping_server_would_hold_the_exchange() -> None:
    """The control: the socket's own timeout begins anew with each byte."""
    ended = threading.Event()
    with listening(DRIPPING["a header"]) as (port, _):

        def ask() -> None:
            with a_wire(f"http://127.0.0.1:{port}", Limits(0.3, 0.3, 1000)) as wire, contextlib.suppress(TryLater):
                wire.ask("GET", "/", b"", {})
            ended.set()

        asking = threading.Thread(target=ask)
        asking.start()
        held = not ended.wait(4 * SHORT.whole_seconds)
    asking.join()
    assert held


def test_a_server_that_takes_no_bytes_is_left_at_the_deadline() -> None:
    def takes_nothing(connection: socket.socket) -> None:
        connection.recv(1, socket.MSG_PEEK)
        threading.Event().wait(1.0)

    with listening(takes_nothing) as (port, _), a_wire(f"http://127.0.0.1:{port}", SHORT) as wire, pytest.raises(TryLater) as caught:
        wire.ask("POST", "/", bytes(20_000_000), {})
    assert caught.value.reason == "timeout"


def test_a_body_may_take_longer_to_send_than_a_connection_to_open() -> None:
    def slow(connection: socket.socket) -> None:
        threading.Event().wait(0.6)
        read_message(connection)
        connection.sendall(whole(b"taken"))

    with listening(slow) as (port, _), a_wire(f"http://127.0.0.1:{port}", Limits(0.2, 5, 10)) as wire:
        assert wire.ask("POST", "/", bytes(20_000_000), {}).body == b"taken"


def test_a_listener_that_never_speaks_is_a_timeout() -> None:
    def silent(connection: socket.socket) -> None:
        threading.Event().wait(1.0)

    assert reason(silent, SHORT) == "timeout"


def test_a_resolver_that_hangs_ends_with_the_exchange_and_is_asked_once_meanwhile() -> None:
    answered, asked = threading.Event(), []

    def hanging(host: str, *_: int) -> list[Address]:
        asked.append(host)
        answered.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    wire = Wire("http://hailong.test", watch=Watch(SHORT, hanging))
    for _ in range(3):
        with pytest.raises(TryLater) as caught:
            wire.ask("GET", "/", b"", {})
        assert caught.value.reason in ("timeout", "unknown-name")
    assert asked == ["hailong.test"]
    answered.set()


def test_all_addresses_of_a_name_are_tried() -> None:
    with socket.socket() as silent, listening(says(whole(b"here"))) as (port, _):
        silent.bind(("127.0.0.1", 0))
        nobody = silent.getsockname()[1]

        def two(*_: object) -> list[Address]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number)) for number in (nobody, port)]

        wire = Wire("http://hailong.test", watch=Watch(PATIENT, two))
        assert wire.ask("GET", "/", b"", {}).body == b"here"
        wire.close()


# --- reasons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a" * 64 + ".test", "a..test"])
def test_a_name_that_nobody_knows_is_told(name: str) -> None:
    def nobody_knows(host: str, *_: int) -> list[Address]:
        host.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    wire = Wire(f"http://{name}", watch=Watch(PATIENT, nobody_knows))
    with pytest.raises(TryLater) as caught:
        wire.ask("GET", "/", b"", {})
    assert caught.value.reason == "unknown-name"


def test_a_network_without_a_way_is_unreachable() -> None:
    assert later("http://[100::1]:9", SHORT).reason in ("unreachable", "timeout")  # RFC 6666: the discard prefix


def hangs_up(after: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(after)

    return talk


@pytest.mark.parametrize(
    "after", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"]
)
def test_an_answer_that_ends_early_is_cut_short(after: bytes) -> None:
    assert reason(hangs_up(after)) == "cut-short"


@pytest.mark.parametrize(
    "after", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x16\x03\x01", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n"]
)
def test_what_speaks_no_http_is_not_our_server(after: bytes) -> None:
    assert reason(hangs_up(after)) in ("not-our-server", "cut-short")


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda more: b"HTTP/1.1 200 OK\r\n" + more)))
def test_whatever_a_server_says_is_an_answer_or_for_later(said: bytes) -> None:
    with listening(hangs_up(said)) as (port, _), a_wire(f"http://127.0.0.1:{port}") as wire, contextlib.suppress(TryLater):
        wire.ask("POST", "/", b"body", {})


# --- memory ----------------------------------------------------------------------------------------------------------


def pours(before: bytes, drop: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(before)
        while True:
            connection.sendall(drop)

    return talk


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 ",
    ],
)
def test_an_endless_answer_is_left_without_being_kept(before: bytes) -> None:
    with listening(pours(before, b"0" * 65536)) as (port, _):
        tracemalloc.start()
        later(f"http://127.0.0.1:{port}")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 4_000_000


def test_a_portals_cookies_are_neither_kept_nor_sent() -> None:
    requests: list[bytes] = []

    def portal(connection: socket.socket) -> None:
        while True:
            requests.append(read_message(connection))
            connection.sendall(whole(b"", more=f"Set-Cookie: a{len(requests)}={'x' * 3000}\r\n"))

    with listening(portal) as (port, _), a_wire(f"http://127.0.0.1:{port}") as wire:
        for _ in range(3):
            wire.ask("GET", "/", b"", {})
    assert not any(b"cookie" in request.lower() for request in requests)


# --- one connection, kept for what follows at once -------------------------------------------------------------------


def test_exchanges_that_follow_at_once_share_a_connection() -> None:
    with listening(says(whole(b"ok"))) as (port, taken), a_wire(f"http://127.0.0.1:{port}") as wire:
        for _ in range(5):
            wire.ask("GET", "/", b"", {})
        assert len(taken) == 1


@pytest.mark.parametrize("reset", [False, True])
def test_a_kept_connection_that_the_server_closed_costs_nothing(reset: bool) -> None:
    """Seen as closed before the request, or only while it is sent: the request is repeated on a connection of its own."""
    answered = threading.Semaphore(0)

    def once(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(whole(b"ok"))
        if reset:
            read_message(connection)
        else:
            connection.shutdown(socket.SHUT_RDWR)
        answered.release()

    with listening(once) as (port, taken), a_wire(f"http://127.0.0.1:{port}") as wire:
        assert wire.ask("POST", "/", b"1", {}).body == b"ok"
        if not reset:
            answered.acquire()
        assert wire.ask("POST", "/", b"2", {}).body == b"ok"
        assert len(taken) == 2


def test_a_fresh_connection_that_is_closed_is_not_tried_again_in_the_same_exchange() -> None:
    with listening(hangs_up(b"")) as (port, taken):
        assert later(f"http://127.0.0.1:{port}").reason == "cut-short"
        assert len(taken) == 1


# --- proxies ---------------------------------------------------------------------------------------------------------


def test_the_proxy_of_the_settings_is_asked_with_its_password_which_nobody_else_sees(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[bytes] = []

    def proxy(connection: socket.socket) -> None:
        seen.append(read_message(connection))
        connection.sendall(whole(b"by proxy"))

    with listening(proxy) as (port, _), a_wire("http://127.0.0.1:9", proxy=parse_proxy(f"http://an:sesame@127.0.0.1:{port}")) as wire:
        assert wire.ask("GET", "/x", b"", {}).body == b"by proxy"
    assert b"GET http://127.0.0.1:9/x " in seen[0]
    assert b"Proxy-Authorization: Basic YW46c2VzYW1l" in seen[0]
    assert "sesame" not in caplog.text
    assert "YW46c2VzYW1l" not in caplog.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_told_as_the_proxy(scheme: str) -> None:
    with listening(says(whole(b"", "407 Proxy Authentication Required"))) as (port, _):
        assert later(f"{scheme}://127.0.0.1:9", proxy=parse_proxy(f"http://127.0.0.1:{port}")).reason == "proxy"


def test_a_proxy_that_is_not_there_is_told_as_the_proxy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert later("https://hailong.test", proxy=parse_proxy(f"http://127.0.0.1:{taken.getsockname()[1]}")).reason == "proxy"


def test_a_proxy_that_drips_its_answer_is_left_at_the_deadline() -> None:
    with listening(drips(b"HTTP/1.1 200 OK\r\nX: ", b"x")) as (port, _):
        assert later("https://hailong.test", SHORT, parse_proxy(f"http://127.0.0.1:{port}")).reason == "timeout"


# --- Retry-After -----------------------------------------------------------------------------------------------------


def after(**headers: str) -> float | None:
    return Reply(503, CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()}), b"").after_seconds


@given(
    st.one_of(
        st.text(max_size=40), st.integers().map(str), st.datetimes().map(lambda at: format_datetime(at.replace(tzinfo=UTC), usegmt=True))
    )
)
def test_any_retry_after_is_a_wait_within_bounds_or_none(value: str) -> None:
    seconds = after(Retry_After=value)
    assert seconds is None or 1 <= honour(seconds, lambda low, high: high) <= 6 * 3600 * 1.2


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("1000000000", 1e9), ("9" * 400, float("inf")), ("-1", None), ("soon", None), ("", None), ("1.5", None), ("٣", None)],
)
def test_a_retry_after_is_whole_seconds_or_nothing(value: str, seconds: float | None) -> None:
    assert after(Retry_After=value) == seconds


def test_a_date_is_counted_from_the_answers_own_date() -> None:
    at = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)
    dates = [format_datetime(moment, usegmt=True) for moment in (at, at + timedelta(minutes=2))]
    assert after(Date=dates[0], Retry_After=dates[1]) == 120
    assert after(Date="Fri Dec 31 23:59:59 1999", Retry_After="Sat Jan  1 00:00:09 2000") == 10
