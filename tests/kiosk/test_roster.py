"""The configuration on the kiosk."""

from pathlib import Path

import msgspec
import pytest

from kiosk.roster import Roster
from sync.entries import Malformed
from sync.wire import KioskConfig, Officer, Place, sha256

UNIT, COUNTER = Place("u-1", "Phường Thái Hòa"), Place("c-3", "Quầy 3")
HANH = Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch")
CONFIG = msgspec.json.encode(KioskConfig(unit=UNIT, counter=COUNTER, officers=[HANH], on_duty="o-1"))


def test_before_the_first_configuration_the_counter_can_be_rated(tmp_path: Path) -> None:
    roster = Roster(tmp_path, UNIT, COUNTER)
    assert roster.config.officers == []
    assert roster.digest is None
    assert roster.config.counter == COUNTER


def test_a_received_configuration_is_in_force_and_survives_a_restart(tmp_path: Path) -> None:
    Roster(tmp_path, UNIT, COUNTER).store(CONFIG)
    roster = Roster(tmp_path, UNIT, COUNTER)
    assert roster.config.officers == [HANH]
    assert roster.digest == sha256(CONFIG)


def test_nonsense_changes_nothing(tmp_path: Path) -> None:
    roster = Roster(tmp_path, UNIT, COUNTER)
    roster.store(CONFIG)
    with pytest.raises(Malformed):
        roster.store(b"<html>")
    assert roster.config.officers == [HANH]


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(CONFIG[:-5])
    assert Roster(tmp_path, UNIT, COUNTER).digest is None


def test_a_configuration_of_another_place_is_not_in_force_here(tmp_path: Path) -> None:
    Roster(tmp_path, UNIT, COUNTER).store(CONFIG)
    moved = Roster(tmp_path, Place("u-2", "Xã Tam Hợp"), Place("c-9", "Quầy 1"))
    assert (moved.config.officers, moved.digest) == ([], None)
    assert moved.config.counter.id == "c-9"


def test_whoever_is_on_duty_comes_first(tmp_path: Path) -> None:
    bao = Officer("o-0", "Trần Quốc Bảo", "Công chức")
    roster = Roster(tmp_path, UNIT, COUNTER)
    roster.store(msgspec.json.encode(KioskConfig(unit=UNIT, counter=COUNTER, officers=[bao, HANH], on_duty="o-1")))
    assert roster.officers == [HANH, bao]
