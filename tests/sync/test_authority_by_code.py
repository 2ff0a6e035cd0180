"""An office's own authority, known by ten characters of an enrolment code."""

import socket
from pathlib import Path

import pytest
import trustme

from sync.authority import CHARACTERS, mark
from sync.crockford import ALPHABET
from sync.errors import TryLater
from sync.fetching import PATH, WrongAuthorityError, fetch
from sync.proxy import parse_proxy
from tests.stage.programs import free_port
from tests.sync.authority import Authority
from tests.sync.hostile import Talk, listening, read_message, says, tunnelling, whole

PEM = trustme.CA().cert_pem.bytes()


def test_the_characters_are_those_of_the_certificate_whatever_is_written_around_it() -> None:
    assert mark(b"Office of Thai Hoa\n" + PEM.replace(b"\n", b"\r\n")) == mark(PEM)
    assert len(mark(PEM)) == CHARACTERS
    assert set(mark(PEM)) <= set(ALPHABET)
    assert mark(PEM) != mark(trustme.CA().cert_pem.bytes())
    assert mark(PEM + trustme.CA().cert_pem.bytes()) != mark(PEM), "each of several is vouched for"


@pytest.mark.parametrize("body", [b"", b"<html>", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_has_no_characters(body: bytes) -> None:
    with pytest.raises(ValueError, match="no certificate"):
        mark(body)


def test_what_a_server_gives_out_is_taken_when_the_characters_are_of_it_and_the_server_is_believed_then(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    given = authority.file.read_bytes()
    asked: list[bytes] = []

    def gives(connection: socket.socket) -> None:
        asked.append(read_message(connection))
        connection.sendall(whole(b"of the office\n" + given))

    with listening(gives, authority.context()) as (port, _):
        assert mark(fetch(f"https://127.0.0.1:{port}", mark(given))) == mark(given)
        with tunnelling() as (proxy, through):
            fetch(f"https://127.0.0.1:{port}", mark(given), parse_proxy(f"http://127.0.0.1:{proxy}"))
    assert asked[0].startswith(f"GET {PATH} ".encode())
    assert len(through) == 1


@pytest.mark.parametrize(
    "talk", [says(whole(PEM)), says(whole(b"", "404 Not Found")), says(whole(b"<html>"))], ids=["another", "none", "a page"]
)
def test_what_the_characters_are_not_of_is_never_taken(tmp_path: Path, talk: Talk) -> None:
    authority = Authority(tmp_path)
    with listening(talk, authority.context()) as (port, _), pytest.raises(WrongAuthorityError):
        fetch(f"https://127.0.0.1:{port}", mark(authority.file.read_bytes()))


def test_where_nobody_answers_there_is_nothing_to_compare() -> None:
    with pytest.raises(TryLater):
        fetch(f"https://127.0.0.1:{free_port()}", mark(PEM))
