"""Everything looked at, one after the other; what cannot be looked at is a finding too."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from server import faults
from server.condition import kiosks, outside, storage, timers
from server.condition.findings import Finding, Level, bad
from server.environment import Environment

Look = Callable[[], Iterable[Finding]]


def look(environment: Environment, now: datetime) -> Iterator[Finding]:
    """What is found of this installation."""
    found = list(_tried("database", lambda: [storage.database(environment)], environment))
    yield from found
    looks: dict[str, Look] = {
        "keys": lambda: storage.private_keys(environment),
        "disk": lambda: storage.room(environment),
        "backup": lambda: timers.backups(environment.backups, environment.runs, now),
        "timers": lambda: timers.timers(environment.runs, now),
        "clock": lambda: [outside.clock()],
        "address": lambda: [outside.address(environment)],
        "mail": lambda: [outside.mail(environment)],
    }
    if all(one.level is Level.OK for one in found):  # each question to a database that does not answer would take its time
        looks["kiosks"] = lambda: kiosks.kiosks(now)
    for about, one in looks.items():
        yield from _tried(about, one, environment)


def _tried(about: str, one: Look, environment: Environment) -> Iterator[Finding]:
    try:
        yield from one()
    except Exception as error:  # a check that breaks must not hide the others
        words = faults.explained(error, environment) or f"{type(error).__name__}: {error}"
        yield bad(about, f"Không xem được: {words}", "Xin chạy bằng: sudo hailong-server check")
