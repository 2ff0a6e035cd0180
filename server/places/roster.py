"""The configuration of a kiosk: what a counter's kiosk shows, as bytes that are the same as long as it says the same."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from server.places.models import Counter, Officer
from sync import wire


class Roster(NamedTuple):
    """A configuration's bytes and their SHA-256, its name."""

    content: bytes
    digest: str


def roster(unit: wire.Place, counter: wire.Place, on_duty: str | None, officers: Iterable[wire.Officer]) -> Roster:
    """The configuration of a counter's kiosk. officers: who works in the unit now; on_duty: id of one of them, or None."""
    ordered = sorted(officers, key=lambda officer: officer.id)
    present = on_duty if any(officer.id == on_duty for officer in ordered) else None
    content = msgspec.json.encode(wire.KioskConfig(unit=unit, counter=counter, officers=ordered, on_duty=present))
    return Roster(content, wire.sha256(content))


def roster_of(counter: Counter) -> Roster:
    """The configuration of the counter's kiosk, read from the database."""
    officers = Officer.objects.filter(unit_id=counter.unit_id, active=True)
    return roster(
        wire.Place(counter.unit_id, counter.unit.name),
        wire.Place(counter.id, counter.name),
        counter.on_duty_id,
        [wire.Officer(officer.id, officer.name, officer.title) for officer in officers],
    )
