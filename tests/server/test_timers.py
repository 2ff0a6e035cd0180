"""What the timers run, which backups stay, and whether one is put back for trial: on a real SQLite and, by --database, PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from server import keys, settings
from server.intake.models import PublishedDay
from server.places.models import Unit
from server.timers import notes, steps
from server.timers.keeping import newest, surplus
from server.timers.notes import Run
from tests.server.kiosk import Kiosk

TODAY = date(2026, 11, 27)


@pytest.fixture
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for backups, and the notes beside it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (tmp_path / "data").mkdir()
    keys.make(settings.KEYS)
    here = replace(settings.ENVIRONMENT, backups=folder)
    monkeypatch.setattr("django.conf.settings.ENVIRONMENT", here, raising=False)
    monkeypatch.setattr(type(here), "runs", tmp_path / "runs")
    return folder


def quiet(_: str) -> None:
    """Nobody listens."""


def test_of_a_year_of_backups_two_weeks_stay_and_one_of_each_week_before() -> None:
    files = [Path(f"hailong-{TODAY - timedelta(days=age)}.tar") for age in range(365)]
    kept = sorted(set(files) - set(surplus(files, TODAY)), reverse=True)
    assert kept[:15] == files[:15]
    assert 15 + 8 <= len(kept) <= 15 + 9, "eight weeks may touch nine"
    assert min(kept) > Path(f"hailong-{TODAY - timedelta(days=14 + 8 * 7 + 1)}.tar"), "what was erased is in none after ten weeks"


def test_the_only_backup_stays_however_old_and_what_others_named_is_never_touched() -> None:
    files = [Path("hailong-2019-01-01.tar"), Path("before-the-move.tar"), Path("register"), Path("hailong-keys.tar")]
    assert surplus(files, TODAY) == []
    upgrades = [Path(f"before-upgrade-from-0.1.0-202611{day:02}T000000Z.tar") for day in range(1, 6)]
    assert surplus(upgrades, TODAY) == upgrades[:2]


def test_a_night_publishes_backs_up_and_notes_that_all_went_well(backups: Path, kiosk: Kiosk) -> None:
    done = steps.run("night", quiet)
    assert done.faults == {}
    assert notes.read_run(settings.ENVIRONMENT.runs, "night") == done
    assert newest(backups) == backups / f"hailong-{timezone.localdate()}.tar"


def test_a_second_run_on_one_day_makes_a_second_backup(backups: Path) -> None:
    assert [steps.run("night", quiet).faults for _ in range(2)] == [{}, {}]
    assert len(list(backups.glob("*.tar"))) == 2


def test_a_step_that_fails_is_named_and_keeps_none_of_the_others_from_being_done(backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*words: object, **options: object) -> None:
        raise CommandError("cannot look")

    monkeypatch.setattr("server.flags.management.commands.lookforflags.Command.handle", torn)
    before = steps.run("watch", quiet)
    done = steps.run("night", quiet)
    assert done.faults == {"lookforflags": "cannot look"}
    assert newest(backups), "the backup was made all the same"
    assert done.well is None
    assert before.faults == {}


def test_days_that_passed_while_the_machine_was_off_are_published_too(backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("server.timers.steps.call_command", lambda name, *words, **options: asked.append(options.get("day")))
    today = timezone.localdate()
    last = timezone.make_aware(datetime.combine(today - timedelta(days=4), datetime.min.time())) + timedelta(minutes=30)
    notes.write(settings.ENVIRONMENT.runs, "night", Run(began=last, ended=last, well=last))
    steps.run("night", quiet)
    assert [day for day in asked if day] == [today - timedelta(days=age) for age in (4, 3, 2, 1)]
    assert PublishedDay.objects.count() == 0, "only asked for here"


def test_a_backup_is_put_back_for_trial_and_the_database_in_use_stays_as_it_is(backups: Path) -> None:
    Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    steps.run("night", quiet)
    Unit.objects.create(name="Phường Tân Mai", kind=Unit.Kind.COMMUNE)
    done = steps.run("restoretest", quiet)
    tried = notes.read_test(settings.ENVIRONMENT.runs)
    assert done.faults == {}
    assert tried is not None
    assert (tried.fault, tried.held) == ("", "1 đơn vị, 0 kiosk, 0 sổ với 0 dòng, 0 lượt đánh giá")
    assert Unit.objects.count() == 2


def test_a_backup_that_is_damaged_is_told_by_its_trial(backups: Path) -> None:
    steps.run("night", quiet)
    file = newest(backups)
    assert file is not None
    whole = bytearray(file.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = bytes(64)
    file.write_bytes(whole)
    done = steps.run("restoretest", quiet)
    assert "restoretest" in done.faults, "the control: a trial that cannot fail proves nothing"


def test_without_a_folder_for_backups_the_night_says_so(backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ENVIRONMENT", replace(settings.ENVIRONMENT, backups=None), raising=False)
    assert "HAILONG_BACKUPS" in steps.run("night", quiet).faults["backup"]


def test_writing_the_keys_into_a_file_is_noted(backups: Path, tmp_path: Path) -> None:
    assert notes.read_keys(settings.ENVIRONMENT.runs) is None
    call_command("backup", tmp_path / "database.tar", keys=tmp_path / "keys.tar")
    kept = notes.read_keys(settings.ENVIRONMENT.runs)
    assert kept is not None
    assert kept.signing_key == keys.signing_key(settings.KEYS).verify_key.encode().hex()
    assert kept.at <= datetime.now(UTC)
