"""Finding what a unit holds about one person, and where copies of it are. What was sought is kept nowhere."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from server.cases.models import Paper
from server.comments.opening import opened
from server.devices.models import Device
from server.personal.holding import Kind, Thing, things_of
from server.personal.matching import Sought, matches, number_of
from server.places.models import Unit
from sync.reference import reference
from sync.sealing import Written

MOST = 100  # found at once; who finds more has sought too little
KEPT_ON_KIOSK = timedelta(days=30)  # after which a kiosk lets go what the server has: `kiosk.sealed`


class Match(NamedTuple):
    """Something found. by: what agreed, as the office reads it; name: of who wrote it, where it says so."""

    thing: Thing
    by: list[str]
    name: str


def find(unit: Unit, sought: Sought, *, sensitive: bool) -> list[Match]:
    """What was written by or about whoever is sought, and what belongs to the same vote or case; the latest first.

    sensitive: whether whoever seeks may see that too. Without it that is neither opened nor counted.
    """
    held = {one.sealed: one for one in things_of(unit.pk, sensitive=sensitive)}
    by: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    if number := number_of(sought.number):
        papers = set(Paper.objects.filter(unit_id=unit.pk, case=number).values_list("sealed", flat=True))
        by |= {sealed: ["mã số"] for sealed in held if sealed in papers or reference(sealed) == number}
    if sought.phone or sought.name or sought.address:
        for sealed, written in opened(unit.pk, [one.sealed for one in held.values() if one.kind is not Kind.ATTACHMENT]):
            if found := matches(sought, written):
                by[sealed] = by.get(sealed, []) + found
                names[sealed] = written.name
    votes = {held[sealed].vote for sealed in by} - {None}
    cases = {case for sealed in by for case in held[sealed].cases}
    for one in held.values():
        if one.sealed not in by and (one.vote in votes or cases.intersection(one.cases)):
            by[one.sealed] = ["cùng vụ việc" if cases.intersection(one.cases) else "cùng lượt đánh giá"]
    return [Match(one, by[one.sealed], names.get(one.sealed, "")) for one in held.values() if one.sealed in by]


def words_in(unit: Unit, things: Iterable[Thing]) -> list[Written]:
    """What is written in the things, opened; for the program, not for anybody's eyes."""
    return [written for _, written in opened(unit.pk, [one.sealed for one in things if one.kind is not Kind.ATTACHMENT])]


def copies(things: Iterable[Thing], now: datetime) -> dict[str, list[str]]:
    """Where each thing is besides the database, by its hash, in words."""
    things = list(things)
    devices = {row.pk: row for row in Device.objects.filter(pk__in={one.device_id for one in things}).select_related("counter")}
    return {one.sealed: _copies(one, devices.get(one.device_id)) for one in things}


def _copies(one: Thing, device: Device | None) -> list[str]:
    found = ["máy chủ này", "các bản sao lưu đã làm từ ngày nhận"]
    if one.kind is Kind.KIOSK:
        place = f"kiosk {device.counter.name}" if device is not None and device.counter is not None else "kiosk đã gửi lên"
        heard = device.last_heard if device is not None else None
        if heard is None or heard - one.came < KEPT_ON_KIOSK:
            found.insert(1, f"{place} (tự xóa sau 30 ngày)")
    return found
