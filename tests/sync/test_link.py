"""The link to the form: made by the kiosk, read by the server."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import segno
from nacl.signing import SigningKey

from sync.crockford import ALPHABET, decoded, encoded
from sync.entries import Malformed, uuid7
from sync.link import LINK_CHARACTERS, LINK_LIFE, PREFIX, Link, new_link, read_link
from sync.shown import MAX_FORM_ADDRESS

KEY = SigningKey(bytes([1] * 32))
PUBLIC = KEY.verify_key.encode().hex()
DEVICE, VOTE = "d-5H8JKM2N3P", UUID("0193560f-2a4b-7c3d-8e5f-000000000003")
NOW = datetime(2026, 11, 23, 2, 54, 18, 873000, tzinfo=UTC)
ADDRESS = "https://hailong.tinh.gov.vn"


def parts(link: str) -> tuple[str, str]:
    device, code = link.split("/")[-2:]
    return device, code


def made() -> tuple[str, str]:
    return parts(new_link(ADDRESS, KEY, DEVICE, VOTE, NOW))


def test_what_the_kiosk_says_is_what_the_server_reads() -> None:
    link = read_link(*made())
    assert link == Link(DEVICE, VOTE, NOW.replace(microsecond=0) + LINK_LIFE, link.signature)
    assert link.is_genuine(PUBLIC)
    assert timedelta(minutes=30) == LINK_LIFE


def test_the_whole_link_is_of_characters_that_are_short_in_a_qr_code() -> None:
    link = new_link(ADDRESS, KEY, DEVICE, VOTE, NOW)
    assert link.startswith(f"HTTPS://HAILONG.TINH.GOV.VN{PREFIX}5H8JKM2N3P/")
    assert set(link) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert segno.make_qr(link, error="m").mode == "alphanumeric"


@pytest.mark.parametrize(("characters", "version"), [(27, 7), (MAX_FORM_ADDRESS, 8)])
def test_the_code_is_small_however_long_the_address(characters: int, version: int) -> None:
    address = "https://" + "a" * (characters - 8)
    assert segno.make_qr(new_link(address, KEY, DEVICE, VOTE, NOW), error="m", boost_error=False).version == version


@pytest.mark.parametrize("at", [0, 1, 6, 30, 31, 70, LINK_CHARACTERS - 1])
def test_one_changed_character_makes_it_nobodys(at: int) -> None:
    device, code = made()
    other = ALPHABET[(ALPHABET.index(code[at]) + 1) % 32]
    try:
        assert not read_link(device, code[:at] + other + code[at + 1 :]).is_genuine(PUBLIC)
    except Malformed:
        assert at < 2  # the version


def test_a_link_is_of_its_device_and_its_key() -> None:
    _, code = made()
    assert not read_link("5H8JKM2N3Q", code).is_genuine(PUBLIC)
    assert not read_link("5H8JKM2N3P", code).is_genuine(SigningKey.generate().verify_key.encode().hex())


def test_small_letters_are_read_too() -> None:
    device, code = made()
    assert read_link(device.lower(), code.lower()) == read_link(device, code)


@pytest.mark.parametrize(
    ("device", "code"),
    [("", "0" * 136), ("5H8JKM2N3PX", "0" * 136), ("5H", "0" * 135), ("5H", "U" * 136), ("5H", "0" * 136), ("5H", "é" * 136)],
)
def test_what_is_no_link_is_told_so(device: str, code: str) -> None:
    with pytest.raises(Malformed):
        read_link(device, code)


def test_no_link_is_made_for_an_id_that_would_not_fit() -> None:
    with pytest.raises(Malformed):
        new_link(ADDRESS, KEY, "somebody", VOTE, NOW)


def test_bytes_become_text_and_bytes_again() -> None:
    for length in range(30):
        data = (uuid7().bytes * 2)[:length]
        assert decoded(encoded(data)) == decoded(encoded(data).lower()) == data
    with pytest.raises(ValueError, match="more bits"):
        decoded(encoded(b"\xff")[:-1] + "Z")
