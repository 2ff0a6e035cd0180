"""What a technician is told when the tablet's clock is wrong: how far it is away, and what to type."""

import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk import RELEASED
from kiosk.connection.examining import Aim, World
from kiosk.doctor import tablet
from kiosk.findings import Finding
from kiosk.hours import LOCAL
from kiosk.texts import LANGUAGES, translator
from tests.kiosk.test_connection import found, ours
from tests.sync.authority import NOW, YEAR, Authority
from tests.sync.hostile import listening

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def told_of_the_clock(language: str, theirs: datetime, world: World | None = None) -> Finding:
    """What the connection test says of the clock. theirs: the server's time."""
    with listening(ours(theirs)) as (port, _):
        return found(Aim(f"http://127.0.0.1:{port}"), world, language)["clock"]


def told_of_the_certificate(folder: Path, language: str) -> Finding:
    """The same, where a clock that is two years ahead makes a good certificate look expired."""
    office = Authority(folder)
    with listening(ours(NOW - 2 * YEAR), office.context(valid=(NOW - 3 * YEAR, NOW - YEAR))) as (port, _):
        return found(Aim(f"https://127.0.0.1:{port}", office.file), language=language)["certificate"]


def typed(advice: str) -> list[list[str]]:
    """The commands that stand in brackets, as a shell reads them: each by itself, so that one that fails does not keep the next."""
    return [shlex.split(command) for command in advice.partition("(")[2].partition(")")[0].split(";")]


@in_each_language
def test_both_times_are_told_as_clocks_in_vietnam_show_them(language: str) -> None:
    tablets, servers = datetime(2019, 12, 31, 17, 5, tzinfo=UTC), datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    said = told_of_the_clock(language, servers, World(now=lambda: tablets)).said
    assert said.index("00:05 01/01/2020") < said.index("08:30 27/11/2026")


@in_each_language
def test_the_advice_is_the_same_wherever_a_wrong_clock_is_found(tmp_path: Path, language: str) -> None:
    by_doctor = tablet.clock(RELEASED - timedelta(days=1), translator(language))
    by_test, by_certificate = told_of_the_clock(language, NOW + timedelta(hours=7)), told_of_the_certificate(tmp_path, language)
    assert by_test.mend
    assert by_test.mend == by_certificate.mend == by_doctor.mend


@in_each_language
def test_what_is_to_be_typed_sets_the_clock_in_any_language(language: str) -> None:
    """timedatectl reads a time in the zone that is set by then, and sets none while NTP is on (systemd-timedated: “Automatic time
    synchronization is enabled”).
    """
    zone, ntp, time = typed(told_of_the_clock(language, NOW + timedelta(hours=7)).mend)
    assert zone[:-1] == ["sudo", "timedatectl", "set-timezone"]
    assert datetime.now(ZoneInfo(zone[-1])).utcoffset() == LOCAL.utcoffset(None)
    assert ntp == ["sudo", "timedatectl", "set-ntp", "0"]
    assert time[:-1] == ["sudo", "timedatectl", "set-time"]
    assert datetime.strptime(time[-1], "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL) > RELEASED
