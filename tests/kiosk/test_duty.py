"""Who is on duty at the counter, and so whom a vote is for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from nacl.pwhash import argon2id

from kiosk.clocks import Clocks, Moment
from kiosk.duty import OnDuty
from kiosk.roster import Roster
from kiosk.signing import Answer, NotHere, Paused, SignedIn, Wrong
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from sync.entries import Duty, chain, decode_entry
from sync.wire import Acked, KioskConfig, Officer, Place
from tests.kiosk.conftest import BINDING, a_vote
from tests.kiosk.test_ledger import a_full_disk

UNIT, HERE, THERE = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 1"), Place("c-2", "Quầy 2")
MORNING = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # eight o'clock in Việt Nam


def quick_hash(pin: str) -> str:
    return argon2id.str(pin.encode(), argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN).decode()


HOA = Officer("o-1", "Nguyễn Thị Hoa", "Công chức", pin=quick_hash("2580"))
BAO = Officer("o-2", "Trần Quốc Bảo", "Chuyên viên", pin=quick_hash("739146"))
ANH = Officer("o-3", "Lê Vân Anh", "Chuyên viên")


class SetClocks(Clocks):
    """Clocks that stand still until they are set."""

    def __init__(self) -> None:
        self.moment = Moment(MORNING, 1000.0, "boot-1")

    def now(self) -> Moment:
        return self.moment

    def go_on(self, **time: float) -> None:
        by = timedelta(**time)
        self.moment = replace(self.moment, at=self.moment.at + by, up=self.moment.up + by.total_seconds())

    def boot_again(self) -> None:
        self.moment = replace(self.moment, up=20.0, boot=self.moment.boot + "x")

    def set(self, at: datetime) -> None:
        self.moment = replace(self.moment, at=at)


class Desk:
    """A kiosk without window and network, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clocks, self.changes = folder, SetClocks(), 0
        self.place = HERE
        self.open()

    def open(self) -> None:
        self.ledger = Ledger(self.folder, self.clocks)
        self.ledger.bind(replace(BINDING, counter=self.place.id))
        self.roster = Roster(self.folder, UNIT, self.place)
        self.duty = OnDuty(self.folder, self.ledger, self.roster, self.clocks, self._changed)

    def close(self) -> None:
        self.duty.close()
        self.ledger.close()

    def start_again(self) -> None:
        self.close()
        self.open()

    def configure(self, on_duty: Officer | None, *officers: Officer, **fields: object) -> None:
        config = {"unit": UNIT, "counter": self.place, "officers": officers or (HOA, BAO, ANH), "on_duty": on_duty and on_duty.id, **fields}
        self.roster.store(msgspec.json.encode(config))
        self.duty.configuration_came()

    def sign_in(self, officer: Officer, pin: str) -> Answer:
        return self.duty.sign_in(officer.id, pin).result(10)

    def entries(self) -> list[tuple[str | None, bool]]:
        """Who was on duty, and whether the server had assigned them, as the ledger tells."""
        found = [decode_entry(line) for line in self.ledger.pending().lines]
        return [(entry.officer, entry.assigned) for entry in found if isinstance(entry, Duty)]

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_nobody_is_on_duty_before_anybody_was_assigned_or_signed_in(desk: Desk) -> None:
    assert desk.duty.officer is None
    desk.configure(None)
    assert desk.duty.officer is None
    assert desk.entries() == []


def test_whom_the_server_assigns_is_on_duty_and_the_ledger_tells(desk: Desk) -> None:
    desk.configure(HOA)
    assert desk.duty.officer == HOA
    desk.configure(BAO)
    desk.configure(BAO, HOA, promoted(BAO), ANH)
    assert desk.duty.officer_id() == BAO.id
    assert desk.entries() == [("o-1", True), ("o-2", True)]


def promoted(officer: Officer) -> Officer:
    return msgspec.structs.replace(officer, title="Phó Giám đốc")


def test_the_right_pin_puts_an_officer_on_duty_and_another_takes_over(desk: Desk) -> None:
    desk.configure(ANH)
    assert desk.sign_in(HOA, "2580") == SignedIn()
    assert desk.duty.officer == HOA
    assert desk.sign_in(BAO, "739146") == SignedIn()
    assert desk.duty.officer == BAO
    assert desk.entries() == [("o-3", True), ("o-1", False), ("o-2", False)]


def test_after_a_sign_out_nobody_is_on_duty_although_somebody_is_assigned(desk: Desk) -> None:
    desk.configure(ANH)
    desk.duty.sign_out().result(10)
    assert desk.duty.officer is None
    desk.start_again()
    assert desk.duty.officer is None


def test_a_newer_assignment_counts_over_a_sign_in_and_the_same_again_does_not(desk: Desk) -> None:
    desk.configure(ANH)
    desk.sign_in(HOA, "2580")
    desk.configure(ANH, HOA, promoted(BAO), ANH)
    assert desk.duty.officer == HOA
    desk.configure(BAO)
    assert desk.duty.officer == BAO
    desk.configure(ANH)
    assert desk.duty.officer == ANH, "what was signed before must not come back with the assignment before"


def test_a_server_that_assigns_nobody_any_more_ends_a_sign_in(desk: Desk) -> None:
    desk.configure(ANH)
    desk.sign_in(HOA, "2580")
    desk.configure(None)
    assert desk.duty.officer is None


def test_an_assignment_counts_at_once_where_the_power_went_before_it_was_written_down(desk: Desk) -> None:
    desk.configure(ANH)
    desk.sign_in(HOA, "2580")
    desk.roster.store(msgspec.json.encode(KioskConfig(unit=UNIT, counter=HERE, officers=[HOA, BAO], on_duty=BAO.id)))
    assert desk.duty.officer == BAO
    desk.start_again()
    assert desk.duty.officer == BAO
    assert desk.entries()[-1] == ("o-2", True)


def test_a_sign_in_survives_a_restart_of_program_and_tablet(desk: Desk) -> None:
    desk.configure(None)
    desk.sign_in(HOA, "2580")
    desk.start_again()
    assert desk.duty.officer == HOA
    desk.close()
    desk.clocks.boot_again()
    desk.open()
    assert desk.duty.officer == HOA


def test_at_midnight_everybody_is_signed_out_and_the_assignment_counts_again(desk: Desk) -> None:
    desk.configure(ANH)
    desk.sign_in(HOA, "2580")
    desk.clocks.go_on(hours=15, minutes=59)
    assert desk.duty.officer == HOA
    desk.clocks.go_on(minutes=2)
    assert desk.duty.officer == ANH


def test_a_clock_that_is_set_does_not_end_the_day(desk: Desk) -> None:
    desk.configure(None)
    desk.clocks.set(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    desk.sign_in(HOA, "2580")
    desk.clocks.set(MORNING)
    assert desk.duty.officer == HOA


def test_a_tablet_that_always_starts_in_1970_takes_no_day_for_the_one_before(desk: Desk) -> None:
    desk.configure(None)
    desk.clocks.set(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    desk.sign_in(HOA, "2580")
    desk.clocks.boot_again()
    assert desk.duty.officer is None


def test_who_does_not_work_here_any_more_is_not_on_duty(desk: Desk) -> None:
    desk.configure(None)
    desk.sign_in(HOA, "2580")
    desk.configure(None, BAO, ANH)
    assert desk.duty.officer is None
    assert desk.sign_in(HOA, "2580") == NotHere()


def test_who_has_no_pin_cannot_sign_in_and_is_not_offered(desk: Desk) -> None:
    desk.configure(None)
    assert desk.sign_in(ANH, "") == NotHere()
    assert desk.duty.may_sign_in == [BAO, HOA]


def test_five_wrong_pins_make_a_pause_that_doubles_up_to_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.configure(None)
    pauses = []
    for _ in range(6):
        assert [desk.sign_in(HOA, "0000") for _ in range(4)] == [Wrong(4), Wrong(3), Wrong(2), Wrong(1)]
        answer = desk.sign_in(HOA, "0000")
        assert isinstance(answer, Paused)
        pauses.append(answer.seconds)
        desk.clocks.go_on(seconds=answer.seconds)
    assert pauses == [60, 120, 240, 480, 900, 900]
    assert desk.duty.officer is None


def test_in_a_pause_not_even_the_right_pin_is_looked_at_and_others_may_sign_in(desk: Desk) -> None:
    desk.configure(None)
    for _ in range(5):
        desk.sign_in(HOA, "0000")
    desk.clocks.go_on(seconds=20)
    assert desk.sign_in(HOA, "2580") == Paused(40)
    assert desk.sign_in(BAO, "739146") == SignedIn()
    desk.clocks.go_on(seconds=40)
    assert desk.sign_in(HOA, "2580") == SignedIn()


def test_neither_a_restart_nor_a_set_clock_gives_a_try_away(desk: Desk) -> None:
    desk.configure(None)
    for _ in range(4):
        desk.sign_in(HOA, "0000")
    desk.start_again()
    assert desk.sign_in(HOA, "0000") == Paused(60)
    desk.clocks.set(MORNING + timedelta(days=9))
    desk.start_again()
    assert desk.sign_in(HOA, "2580") == Paused(60)
    desk.clocks.go_on(seconds=50)
    desk.clocks.boot_again()
    desk.start_again()
    assert desk.sign_in(HOA, "2580") == Paused(60), "the tablet's restart begins the pause anew"


def test_the_right_pin_and_a_new_pin_begin_anew(desk: Desk) -> None:
    desk.configure(None)
    for _ in range(4):
        desk.sign_in(HOA, "0000")
    desk.sign_in(HOA, "2580")
    assert desk.sign_in(HOA, "0000") == Wrong(4)
    desk.configure(None, msgspec.structs.replace(HOA, pin=quick_hash("4826")))
    assert desk.sign_in(HOA, "2580") == Wrong(4)


def test_what_cannot_be_recorded_does_not_hold(desk: Desk) -> None:
    desk.configure(ANH)
    with a_full_disk(files_end_at=0):
        assert isinstance(desk.duty.sign_in(HOA.id, "2580").exception(10), NotRecorded)
        assert isinstance(desk.duty.sign_out().exception(10), NotRecorded)
    assert desk.duty.officer == ANH
    desk.start_again()
    assert desk.duty.officer == ANH


def test_a_sign_in_stays_where_the_ledger_goes_on_in_another(desk: Desk) -> None:
    desk.configure(ANH)
    desk.sign_in(HOA, "2580")
    pending = desk.ledger.pending()
    end = Acked(pending.ledger, pending.first + len(pending.lines) - 1, chain(pending.previous, pending.lines)[-1])
    desk.ledger.acknowledge(end)
    desk.ledger.append(a_vote)
    desk.ledger.branch(end)
    desk.start_again()
    assert desk.entries() == [], "the duty entries lie in the ledger before"
    assert desk.duty.officer == HOA


def test_a_kiosk_at_another_counter_knows_nothing_of_who_signed_in_before(desk: Desk) -> None:
    desk.configure(None)
    desk.sign_in(HOA, "2580")
    desk.ledger.move(Binding(BINDING.device, UNIT.id, THERE.id))
    desk.roster.leave(UNIT, THERE)
    assert desk.duty.officer is None
    desk.place = THERE
    desk.configure(None)
    assert desk.duty.officer is None
    desk.start_again()
    assert desk.duty.officer is None


def test_every_change_is_told(desk: Desk) -> None:
    desk.configure(None)
    desk.sign_in(HOA, "2580")
    desk.sign_in(HOA, "0000")
    desk.duty.sign_out().result(10)
    assert desk.changes == 3


def test_the_screen_rests_without_an_officer_where_the_unit_chose_that(desk: Desk) -> None:
    desk.configure(None)
    assert not desk.duty.rests
    desk.configure(None, without_officer="rest")
    assert desk.duty.rests
    desk.sign_in(HOA, "2580")
    assert not desk.duty.rests
