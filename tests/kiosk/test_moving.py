"""A kiosk that is given another unit or counter."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest

from kiosk.clocks import Clocks
from kiosk.enrolment import device_key, load_identity, store_enrolment
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.storage.ledger import Binding, Ledger
from sync.courier import Step
from sync.entries import Closed, Opened, Vote, decode_entry
from sync.wire import Enrolment, KioskConfig, Officer, Place
from tests.kiosk.conftest import a_vote

UNIT, HERE, THERE = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 1"), Place("c-2", "Quầy 2")


class Kiosk:
    """What a start of the program joins, without window and network."""

    def __init__(self, data: Path) -> None:
        self.data = data
        identity = load_identity(data)
        assert identity is not None
        self.ledger = Ledger(data, Clocks())
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id))
        self.roster = Roster(data, identity.unit, identity.counter)
        self.facts = Facts(data, Clocks(), self.ledger, self.roster, lambda: None)

    def places(self) -> list[tuple[str, list[type]]]:
        """Each ledger's counter, and the kinds of what is recorded there."""
        found = []
        for held in self.ledger.held():
            opened, *entries = [decode_entry(line) for line in self.ledger.pending(ledger=held.ledger).lines]
            assert isinstance(opened, Opened)
            found.append((opened.counter, [type(entry) for entry in entries]))
        return found


def config(counter: Place) -> bytes:
    return msgspec.json.encode(KioskConfig(unit=UNIT, counter=counter, officers=[], on_duty=None))


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    device_key(tmp_path)
    keys = {"signing_key": "0" * 64, "sealing_key": "0" * 64, "config": "0" * 64}
    store_enrolment(tmp_path, Enrolment(device="d-1", unit=UNIT, counter=HERE, **keys))
    kiosk = Kiosk(tmp_path)
    kiosk.ledger.append(a_vote)
    yield kiosk
    kiosk.ledger.close()


def test_a_configuration_of_another_counter_moves_the_kiosk_and_later_votes_belong_there(kiosk: Kiosk) -> None:
    kiosk.facts.store_config(config(THERE))
    kiosk.ledger.append(a_vote)
    assert kiosk.places() == [("c-1", [Vote, Closed]), ("c-2", [Vote])]
    assert kiosk.roster.config.counter == THERE


def test_a_configuration_of_the_same_counter_moves_nothing(kiosk: Kiosk) -> None:
    kiosk.facts.store_config(config(HERE))
    assert kiosk.places() == [("c-1", [Vote])]


def test_nobody_is_on_duty_between_the_move_and_the_configuration_for_there(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức")
    kiosk.roster.store(msgspec.json.encode(KioskConfig(unit=UNIT, counter=HERE, officers=[officer], on_duty="o-1")))
    monkeypatch.setattr(Roster, "store", Mock(side_effect=OSError))
    with pytest.raises(OSError):  # noqa: PT011 any
        kiosk.facts.store_config(config(THERE))
    assert kiosk.roster.config.on_duty is None
    kiosk.ledger.close()
    again = Kiosk(kiosk.data)
    assert (again.roster.config.on_duty, again.roster.digest) == (None, None)
    again.ledger.close()


def test_a_kiosk_that_moved_starts_again_where_it_moved_to(kiosk: Kiosk) -> None:
    kiosk.facts.store_config(config(THERE))
    kiosk.ledger.close()
    again = Kiosk(kiosk.data)
    again.ledger.append(a_vote)
    assert again.places() == [("c-1", [Vote, Closed]), ("c-2", [Vote])]
    again.ledger.close()


def test_a_kiosk_that_could_not_move_stays_whole_and_moves_when_it_is_told_again(kiosk: Kiosk) -> None:
    journals = kiosk.data / "journal"
    aside = journals.rename(kiosk.data / "elsewhere")
    journals.touch()  # no new journal can be made
    with pytest.raises(NotADirectoryError):
        kiosk.facts.store_config(config(THERE))
    assert kiosk.roster.digest is None, "the courier would not fetch it again"
    kiosk.ledger.append(a_vote)
    journals.unlink()
    aside.rename(journals)
    kiosk.facts.store_config(config(THERE))
    kiosk.ledger.append(a_vote)
    assert kiosk.places() == [("c-1", [Vote, Closed, Vote, Closed]), ("c-2", [Vote])]


def test_when_the_power_went_before_the_ledger_had_moved_it_moves_at_the_next_start(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(binding: Binding) -> None:
        raise SystemExit

    monkeypatch.setattr(kiosk.ledger, "move", cut)
    with pytest.raises(SystemExit):
        kiosk.facts.store_config(config(THERE))
    kiosk.ledger.close()
    again = Kiosk(kiosk.data)
    assert again.places() == [("c-1", [Vote, Closed]), ("c-2", [])]
    again.ledger.close()


def test_the_status_is_written_once_a_second_while_entries_go_on_at_once(kiosk: Kiosk) -> None:
    kiosk.facts.note(Step("received", 0.0, "first"))
    kiosk.facts.note(Step("received", 0.0, "second"))
    assert b"first" in (kiosk.data / "status.json").read_bytes()
    kiosk.facts.note(Step("received", 60.0, "last"))
    assert b"last" in (kiosk.data / "status.json").read_bytes()


def test_the_time_at_the_counter_is_known_from_the_first_exchange_on(kiosk: Kiosk) -> None:
    assert kiosk.facts.local_time() is None
    kiosk.facts.note(Step("received", 60, server_time=datetime(2026, 11, 25, 0, 30, tzinfo=UTC)))
    told = kiosk.facts.local_time()
    assert told is not None
    assert f"{told:%d/%m/%Y %H:%M}" == "25/11/2026 07:30"
