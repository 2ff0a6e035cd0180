"""When an entry happened: decided once, when its first batch arrives, from that batch and what lies before it.

The tablet's wall clock is not trusted, its uptime is. Instants here are whole milliseconds since 1970, UTC.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sync.entries import Entry
from sync.wire import Clock, Genuine

BEGINNING = 1_735_689_600_000  # 2025-01-01: no kiosk voted before
QUARTER = 15 * 60 * 1000  # every time zone in use differs from UTC by whole quarters of an hour
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(NamedTuple):
    """An instant, and whether it was only placed between its neighbours."""

    at: int
    estimated: bool


def milliseconds(at: datetime) -> int:
    """The instant of an aware datetime."""
    return round(at.timestamp() * 1000)


def instant(at: int) -> datetime:
    """The aware datetime, in UTC, of an instant."""
    return _EPOCH + timedelta(milliseconds=at)


def moments(entries: Sequence[Entry], clock: Clock, genuine: Genuine | None, received: int, since: int | None) -> list[Moment]:
    """When each of a ledger's entries, in order of seq, happened.

    clock: the kiosk's clocks at sending; of a batch that was carried on a stick, their boot is no entry's. genuine: the last
    server time that the kiosk heard. received: when the batch came. since: the time of the entry before, if known.
    Of the boot that sent: received minus the uptime passed since. Of the boot that heard a genuine time: from that. Else the
    wall time, if it lies between the neighbours and after `BEGINNING`; else a place between the neighbours, estimated.
    A genuine time before `BEGINNING` is no server's, and not believed. Never decreasing, never after `received`.
    """
    heard = milliseconds(genuine.time) if genuine else 0
    starts = {genuine.boot: heard - round(genuine.up * 1000)} if genuine and heard >= BEGINNING else {}
    starts[clock.boot] = received - round(clock.up * 1000)
    by_uptime = [min(received, starts[entry.boot] + round(entry.up * 1000)) if entry.boot in starts else None for entry in entries]
    ceilings = _ceilings(by_uptime, received)
    low = None if since is None else min(since, received)
    settled: list[Moment] = []
    unknown = 0
    for entry, known, ceiling in zip(entries, by_uptime, ceilings, strict=True):
        if known is None:
            wall = milliseconds(entry.at)
            if not max(BEGINNING, low or 0) <= wall <= ceiling:
                unknown += 1
                continue
            known = wall
        if low is not None and known < low:
            known = low
        if unknown:
            settled += _between(low, known, unknown)
            unknown = 0
        settled.append(Moment(known, False))
        low = known
    return settled + _between(low, received, unknown)


def _ceilings(by_uptime: Sequence[int | None], received: int) -> list[int]:
    """For each entry the earliest instant known by uptime at or after it, else when the batch came."""
    ceilings = []
    ceiling = received
    for known in reversed(by_uptime):
        if known is not None and known < ceiling:
            ceiling = known
        ceilings.append(ceiling)
    ceilings.reverse()
    return ceilings


def _between(low: int | None, high: int, count: int) -> list[Moment]:
    """So many places, evenly between the two; all at `high` when nothing is known before."""
    low = high if low is None else low
    return [Moment(low + (high - low) * place // (count + 1), True) for place in range(1, count + 1)]


@lru_cache(maxsize=4096)
def day_and_hour(zone: ZoneInfo, quarter: int) -> tuple[date, int]:
    """The day and the hour (0 to 23) of a time zone in which that `QUARTER` since 1970 lies."""
    local = instant(quarter * QUARTER).astimezone(zone)
    return local.date(), local.hour
