"""What each timer does, step by step. A step that fails keeps none of the others from being done."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from server import faults
from server.timers import notes
from server.timers.keeping import name_of, surplus
from server.timers.notes import Run, Timer

MOST_DAYS = timedelta(days=31)
Step = Callable[[], object]
Say = Callable[[str], object]


def run(timer: Timer, say: Say) -> Run:
    """Do everything that the timer is for, and note how it went. Raises OSError where that cannot be noted."""
    before = notes.read_run(settings.ENVIRONMENT.runs, timer)
    began = datetime.now(UTC)
    failed: dict[str, str] = {}
    for name, step in _steps(timer, before):
        say(f"{name} …")
        try:
            step()
        except Exception as error:  # whatever it is, what follows is to be done all the same
            failed[name] = _in_words(error)
            say(f"{name}: {failed[name]}")
    ended = datetime.now(UTC)
    done = Run(began=began, ended=ended, faults=failed, well=(before.well if before else None) if failed else ended)
    notes.write(settings.ENVIRONMENT.runs, timer, done)
    return done


def _steps(timer: Timer, before: Run | None) -> Iterator[tuple[str, Step]]:
    if timer == "watch":
        yield "watch", lambda: call_command("watch")
        yield "sendmail", lambda: call_command("sendmail")
    elif timer == "restoretest":
        yield "restoretest", lambda: call_command("restoretest")
    else:
        for day in _days_to_publish(before, timezone.localdate()):
            yield f"publishday {day}", lambda day=day: call_command("publishday", day=day)  # type: ignore[misc]
        yield "lookforflags", lambda: call_command("lookforflags")
        yield "retain", lambda: call_command("retain")
        yield "clearsessions", lambda: call_command("clearsessions")
        yield "axes_reset_logs", lambda: call_command("axes_reset_logs", age=30)
        yield "backup", _backup


def _days_to_publish(before: Run | None, today: date) -> Iterator[date]:
    """Yesterday, and each day before it that passed while the machine was off."""
    yesterday = today - timedelta(days=1)
    day = yesterday
    if before is not None and before.well is not None:
        day = max(min(timezone.localdate(before.well), yesterday), yesterday - MOST_DAYS)
    while day <= yesterday:
        yield day
        day += timedelta(days=1)


def _backup() -> None:
    """Last night's file, the newest register of erasures beside it, and no more old files than the rule keeps."""
    folder = settings.ENVIRONMENT.backups
    if folder is None:
        raise CommandError("HAILONG_BACKUPS names no folder: no backup was made.")
    file = folder / name_of(timezone.localdate())
    if file.exists():
        file = file.with_stem(f"{file.stem}-{timezone.localtime():%H%M%S}")
    call_command("backup", file)
    if settings.REGISTER.is_dir():
        shutil.copytree(settings.REGISTER, folder / "register", dirs_exist_ok=True)
    for old in surplus(list(folder.iterdir()), timezone.localdate()):
        old.unlink()


def _in_words(error: Exception) -> str:
    return faults.explained(error, settings.ENVIRONMENT) or f"{type(error).__name__}: {error}".removeprefix("CommandError: ")
