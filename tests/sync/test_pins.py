"""The PINs of officers, as both ends see them."""

import json
from pathlib import Path

import pytest

from sync.entries import Malformed
from sync.pins import hash_pin, is_pin
from sync.wire import KioskConfig, Officer, decode

WIRE = Path(__file__).parents[1] / "wire"


def officer(pin: object) -> Officer:
    return decode(json.dumps({"id": "o-1", "name": "N", "title": "T", "pin": pin}).encode(), Officer)


def test_a_hash_knows_its_pin_and_no_other() -> None:
    hashed = hash_pin("2580")
    assert is_pin("2580", hashed)
    assert not is_pin("2581", hashed)
    assert not is_pin("", hashed)


def test_equal_pins_have_different_hashes_so_nobody_sees_that_they_are_equal() -> None:
    assert hash_pin("2580") != hash_pin("2580")


def test_a_hash_of_ours_may_be_in_a_configuration() -> None:
    hashed = hash_pin("739146")
    assert officer(hashed).pin == hashed


def test_the_frozen_examples_have_the_pins_that_the_document_says() -> None:
    [one] = json.loads((WIRE / "config-duty.json").read_bytes())["officers"]
    assert is_pin("2580", one["pin"])
    assert is_pin("73914628", decode((WIRE / "config-technician.json").read_bytes(), KioskConfig).technician or "")


@pytest.mark.parametrize("change", [("m=16384", "m=4194304"), ("t=4", "t=400"), ("argon2id", "argon2i"), ("p=1", "p=64"), ("$v=19", "")])
def test_a_hash_that_would_take_more_memory_or_time_than_a_tablet_has_is_refused(change: tuple[str, str]) -> None:
    hashed = hash_pin("2580")
    assert hashed != hashed.replace(*change)
    with pytest.raises(Malformed):
        officer(hashed.replace(*change))
