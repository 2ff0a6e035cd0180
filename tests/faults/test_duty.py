"""A sign-in that was answered holds after a kill and after a power cut; one that was under way holds or does not."""

import os
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import msgspec
import pytest
from nacl.pwhash import argon2id

from kiosk.clocks import Clocks
from kiosk.duty import OnDuty
from kiosk.roster import Roster
from kiosk.signing import SignedIn
from kiosk.storage.ledger import Ledger
from sync.wire import KioskConfig, Officer, Place
from tests.faults.stage import MEMORY, a_disk, needs_a_disk
from tests.faults.voter import BINDING, FOREVER, Forked, Life, Plan, Said, acknowledge, branch, cast

UNIT, COUNTER = Place(BINDING.unit, "Phường"), Place(BINDING.counter, "Quầy")
PIN = argon2id.str(b"2580", argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN).decode()
OFFICERS = [Officer(f"o-{number}", f"Cán bộ {number}", "Công chức", pin=PIN) for number in range(5)]
NOON_NOW = timezone(timedelta(hours=12 - datetime.now(UTC).hour))  # so that no test runs over midnight
KILLS, CUTS = 20, 10


def on_duty_at(folder: Path, ledger: Ledger) -> OnDuty:
    return OnDuty(folder, ledger, Roster(folder, UNIT, COUNTER), Clocks(), zone=NOON_NOW)


def hand_over(plan: Plan, speech: int) -> None:
    """One officer after the other signs in, and a citizen votes; says `thanked` and a number once the sign-in was answered."""
    with closing(Ledger(plan.folder, Clocks())) as ledger:
        ledger.bind(BINDING)
        Roster(plan.folder, UNIT, COUNTER).store(
            msgspec.json.encode(KioskConfig(unit=UNIT, counter=COUNTER, officers=OFFICERS, on_duty=None))
        )
        duty = on_duty_at(plan.folder, ledger)
        for number in range(plan.first, FOREVER):
            assert duty.sign_in(OFFICERS[number % len(OFFICERS)].id, "2580").result() == SignedIn()
            os.writev(speech, [b"thanked %d\n" % number])
            cast(ledger, number)
            if number % 4 == 3:
                acknowledge(ledger)
            if number % 7 == 6:
                branch(ledger)


def who_is_on_duty(folder: Path) -> str | None:
    with closing(Ledger(folder, Clocks())) as ledger:
        ledger.bind(BINDING)
        return on_duty_at(folder, ledger).officer_id()


def who_may_be(said: Said, certain: int) -> set[str]:
    """Who signed in after the one that is certain, and who may have done so unheard."""
    return {OFFICERS[number % len(OFFICERS)].id for number in range(certain, max(said.thanked) + 2)}


def lives(chance: Random, count: int) -> list[Life]:
    return [Life(chance.randint(1, 20), chance.uniform(0, 0.02)) for _ in range(count)]


@pytest.mark.fault("T1")
def test_who_signed_in_last_is_on_duty_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    for number, life in enumerate(lives(Random("duty"), KILLS)):
        said = Said()
        voter = Forked(Plan(tmp_path, first=number * 1000), work=hand_over)
        voter.live(life)
        said.hear(voter.kill())
        assert who_is_on_duty(tmp_path) in who_may_be(said, max(said.thanked)), f"life {number}"


@pytest.mark.fault("T3")
def test_who_signed_in_last_is_on_duty_after_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    needs_a_disk(tmp_path)
    with tempfile.TemporaryDirectory(dir=MEMORY) as name, a_disk(Path(name)) as disk:
        for number, life in enumerate(lives(Random("duty"), CUTS)):
            said = Said()
            voter = Forked(Plan(disk.folder, first=number * 1000), work=hand_over)
            voter.live(life)
            said.hear(voter.heard())
            certain = max(said.thanked)
            disk.cut()
            said.hear(voter.kill())
            disk.unmount()
            disk.mount()
            assert who_is_on_duty(disk.folder) in who_may_be(said, certain), f"cut {number}"
