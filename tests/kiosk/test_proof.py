"""What is proven of a version that was just installed."""

import json
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.clocks import Clocks
from kiosk.proof import Proof, read_proof


def test_the_first_screen_is_proven_before_any_exchange_and_the_exchange_with_it(tmp_path: Path) -> None:
    proof, now = Proof(tmp_path, Clocks()), Clocks().now()
    assert read_proof(tmp_path) is None
    proof.first_screen()
    told = json.loads((tmp_path / "proof.json").read_text())
    assert abs(told.pop("up") - now.up) < 5
    assert told == {"version": __version__, "boot": now.boot, "first_screen": True, "exchange": False}
    proof.exchanged()
    proven = read_proof(tmp_path)
    assert proven is not None
    assert proven.exchange


def test_a_process_that_starts_anew_has_proven_nothing_until_its_own_first_screen(tmp_path: Path) -> None:
    former = Proof(tmp_path, Clocks())
    former.first_screen()
    former.exchanged()
    proof = Proof(tmp_path, Clocks())
    proof.exchanged()
    proof.first_screen()
    proven = read_proof(tmp_path)
    assert proven is not None
    assert not proven.exchange


def test_what_cannot_be_written_is_written_with_the_next_exchange(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = tmp_path / "later"
    proof = Proof(data, Clocks())
    proof.first_screen()
    assert "could not be written" in caplog.text
    data.mkdir()
    proof.exchanged()
    assert read_proof(data) is not None


def test_many_exchanges_write_once(tmp_path: Path) -> None:
    proof = Proof(tmp_path, Clocks())
    proof.first_screen()
    proof.exchanged()
    before = (tmp_path / "proof.json").stat().st_ino
    for _ in range(3):
        proof.exchanged()
    assert (tmp_path / "proof.json").stat().st_ino == before
