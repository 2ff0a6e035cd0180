"""Certificates: whose are believed, and what a wrong clock changes about it. The servers speak real TLS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk import RELEASED
from sync.errors import TryLater
from sync.http import Wire
from sync.proxy import Proxy, parse_proxy
from sync.trust import Trust
from sync.watch import Limits, Watch
from tests.sync.authority import NOW, YEAR, Authority
from tests.sync.hostile import Talk, drips, listening, says, tunnelling, whole

EPOCH, BEYOND_2038 = datetime(1970, 1, 1, 0, 3, tzinfo=UTC), datetime(2038, 1, 20, tzinfo=UTC)
SAYS_OK = says(whole(b"ok"))
PATIENT, SHORT = Limits(10, 10, 20), Limits(1, 1, 1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def a_server(context: ssl.SSLContext, talk: Talk = SAYS_OK) -> Iterator[str]:
    with listening(talk, context) as (port, _):
        yield f"https://127.0.0.1:{port}"


def ask(server: str, ca_file: Path | None, now: datetime = NOW, limits: Limits = PATIENT, proxy: Proxy | None = None) -> str:
    """The answer's body, or the reason why there is none."""
    wire = Wire(server, ca_file, proxy=proxy, released=RELEASED, now=lambda: now, watch=Watch(limits))
    try:
        return wire.ask("GET", "/", b"", {}).body.decode()
    except TryLater as later:
        return later.reason
    finally:
        wire.close()


def test_a_certificate_of_the_trusted_authority_is_believed(authority: Authority) -> None:
    with a_server(authority.context()) as server:
        assert ask(server, authority.file) == "ok"


def test_a_certificate_of_another_authority_is_not(authority: Authority, tmp_path: Path) -> None:
    with a_server(authority.context()) as server:
        assert ask(server, Authority(tmp_path).file) == "certificate-issuer"
        assert ask(server, None) == "certificate-issuer"


def test_a_ca_file_is_trusted_instead_of_the_worlds_authorities_and_not_beside_them(authority: Authority) -> None:
    context = Trust(authority.file, RELEASED).context()
    assert [found["subject"] for found in context.get_ca_certs()] == [_subject(authority.file)]


def _subject(file: Path) -> object:
    context = ssl.create_default_context(cafile=str(file))
    return context.get_ca_certs()[0]["subject"]


WRONG_CLOCKS = {"1970": EPOCH, "2038": BEYOND_2038, "the day before the release": RELEASED - timedelta(days=1)}


@pytest.mark.parametrize("valid", [(NOW - 2 * YEAR, NOW - YEAR), (NOW + YEAR, NOW + 2 * YEAR)], ids=["expired", "not yet valid"])
def test_a_certificates_times_are_not_checked_by_a_clock_that_is_wrong(authority: Authority, valid: tuple[datetime, datetime]) -> None:
    with a_server(authority.context(valid=valid)) as server:
        assert ask(server, authority.file, now=max(NOW, RELEASED)) == "certificate-expired"
        assert {name: ask(server, authority.file, now=clock) for name, clock in WRONG_CLOCKS.items()} == dict.fromkeys(WRONG_CLOCKS, "ok")


@pytest.mark.parametrize("clock", WRONG_CLOCKS.values(), ids=WRONG_CLOCKS)
def test_chain_and_host_name_are_checked_whatever_the_clock_says(authority: Authority, tmp_path: Path, clock: datetime) -> None:
    with a_server(authority.context("hailong.test")) as server:
        assert ask(server, authority.file, clock) == "certificate-name"
    with a_server(authority.context()) as server:
        assert ask(server, Authority(tmp_path).file, clock) == "certificate-issuer"


def test_the_times_are_checked_again_once_the_clock_was_set(authority: Authority) -> None:
    clocks = iter([EPOCH, max(NOW, RELEASED)])
    with a_server(authority.context(valid=(NOW - 2 * YEAR, NOW - YEAR))) as server:
        wire = Wire(server, authority.file, released=RELEASED, now=lambda: next(clocks))
        assert wire.ask("GET", "/", b"", {}).body == b"ok"
        wire.close()
        with pytest.raises(TryLater) as caught:
            wire.ask("GET", "/", b"", {})
        wire.close()
    assert caught.value.reason == "certificate-expired"


def test_plain_http_at_an_https_address_is_not_our_server(authority: Authority) -> None:
    def portal(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(whole(b"<html>", "400 Bad Request"))

    with listening(portal) as (port, _):
        assert ask(f"https://127.0.0.1:{port}", authority.file) == "not-our-server"


def test_a_server_that_drips_over_tls_is_left_at_the_deadline(authority: Authority) -> None:
    with a_server(authority.context(), drips(b"HTTP/1.1 200 OK\r\nX: ", b"x")) as server:
        assert ask(server, authority.file, limits=SHORT) == "timeout"


def test_a_handshake_that_drips_is_left_at_the_deadline(authority: Authority) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")  # a record of 16 KiB, with the beginning of a ServerHello
        while True:
            connection.sendall(b"\x03")
            threading.Event().wait(0.05)

    with listening(talk) as (port, _):
        assert ask(f"https://127.0.0.1:{port}", authority.file, limits=SHORT) == "timeout"


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_that_cannot_be_read_are_told_at_the_exchange_and_stop_no_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    assert ask("https://127.0.0.1:9", file) == "ca-file"


def test_through_a_proxy_the_servers_certificate_is_checked_all_the_same(authority: Authority) -> None:
    with a_server(authority.context()) as server, tunnelling() as (port, asked):
        proxy = parse_proxy(f"http://an:sesame@127.0.0.1:{port}")
        assert ask(server, authority.file, proxy=proxy) == "ok"
        assert ask(server, None, proxy=proxy) == "certificate-issuer"
    assert all(b"Proxy-Authorization: Basic YW46c2VzYW1l" in request for request in asked)
