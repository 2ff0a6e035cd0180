"""The daily hash over all ledgers' heads: whoever has noted it can tell later whether anything before it was changed."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from server.intake.models import Batch, PublishedDay
from server.places.models import Unit
from sync import entries
from sync.wire import sha256

MARGIN = timedelta(minutes=10)  # a batch that came just before midnight is committed by then


class TooEarlyError(Exception):
    """The day is not over everywhere."""


class Head(NamedTuple):
    """How far a ledger is held."""

    seq: int
    digest: str


def publish(day: date, now: datetime) -> int:
    """Publish the day for every unit where a ledger grew since its day before; a day that is published stays as it is.

    Returns how many units were published. Raises `TooEarlyError`.
    """
    zones = dict(Unit.objects.values_list("id", "time_zone"))
    if any(now < end_of(day, zone) + MARGIN for zone in zones.values()):
        raise TooEarlyError
    made = 0
    with transaction.atomic():
        latest = _latest()
        for unit_id in Batch.objects.order_by("unit_id").values_list("unit_id", flat=True).distinct():
            before = latest.get(unit_id)
            if before is not None and before.day >= day:
                continue
            heads = heads_between(unit_id, None if before is None else end_of(before.day, zones[unit_id]), end_of(day, zones[unit_id]))
            if heads:
                previous, text = entries.GENESIS if before is None else before.digest, as_text(heads)
                PublishedDay.objects.create(
                    unit_id=unit_id, day=day, previous=previous, heads=text, digest=digest_of(previous, text), published_at=now
                )
                made += 1
    return made


def end_of(day: date, zone: str) -> datetime:
    """The instant at which a day ends in a time zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def heads_between(unit_id: str, since: datetime | None, until: datetime) -> dict[str, Head]:
    """Where each of the unit's ledgers stood at `until`, of those that grew from `since` (None: the beginning) on."""
    rows = Batch.objects.filter(unit_id=unit_id, received_at__lt=until)
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    return {ledger: Head(last, digest) for ledger, last, digest in rows.order_by("ledger", "last").values_list("ledger", "last", "digest")}


def as_text(heads: Mapping[str, Head]) -> str:
    """A line for each ledger, in their order: name, seq, digest."""
    return "".join(f"{ledger} {head.seq} {head.digest}\n" for ledger, head in sorted(heads.items()))


def from_text(text: str) -> dict[str, Head]:
    """The reverse of `as_text`. Raises ValueError."""
    heads = {}
    for line in text.splitlines():
        ledger, seq, digest = line.rsplit(" ", 2)
        heads[ledger] = Head(int(seq), digest)
    return heads


def digest_of(previous: str, heads: str) -> str:
    """A unit's hash of a day."""
    return entries.digest(previous, heads.encode())


class Day(NamedTuple):
    """What the public sees of a day. text: a line for each unit, its id and hash; digest: SHA-256 of that text."""

    day: date
    text: str
    units: int

    @property
    def digest(self) -> str:
        """The one hash of the day."""
        return sha256(self.text.encode())


def published(days: list[date]) -> Iterator[Day]:
    """The given days, in that order, of those that are published."""
    rows = PublishedDay.objects.filter(day__in=days).values_list("day", "unit_id", "digest")
    lines: dict[date, list[str]] = {}
    for day, unit_id, digest in sorted(rows):
        lines.setdefault(day, []).append(f"{unit_id} {digest}\n")
    for day in days:
        if day in lines:
            yield Day(day, "".join(lines[day]), len(lines[day]))


def _latest() -> dict[str, PublishedDay]:
    """The last published day of each unit."""
    return {row.unit_id: row for row in PublishedDay.objects.order_by("day").defer("heads")}
