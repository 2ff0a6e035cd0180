"""The configuration of a kiosk: what a counter's kiosk shows, as bytes that are the same as long as it says the same."""

import logging
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from server.places.models import Counter, Officer
from sync import wire
from sync.updates import Updates

logger = logging.getLogger(__name__)


class Roster(NamedTuple):
    """A configuration's bytes and their SHA-256, its name."""

    content: bytes
    digest: str


def roster(
    unit: wire.Place,
    counter: wire.Place,
    on_duty: str | None,
    officers: Iterable[wire.Officer],
    shown: str = "",
    updates: Updates | None = None,
) -> Roster:
    """The configuration of a counter's kiosk. officers: who works in the unit now; on_duty: id of one of them, or None.

    shown: of the counter, else of the unit. updates: where the kiosk's next version comes from.
    """
    ordered = sorted(officers, key=lambda officer: officer.id)
    present = on_duty if any(officer.id == on_duty for officer in ordered) else None
    config = wire.KioskConfig(unit=unit, counter=counter, officers=ordered, on_duty=present, updates=updates)
    content = msgspec.json.encode(_showing(config, shown) if shown else config)
    return Roster(content, wire.sha256(content))


def roster_of(counter: Counter, updates: Updates | None = None) -> Roster:
    """The configuration of the counter's kiosk, read from the database. updates: where that kiosk's next version comes from."""
    officers = Officer.objects.filter(unit_id=counter.unit_id, active=True)
    return roster(
        wire.Place(counter.unit_id, counter.unit.name),
        wire.Place(counter.id, counter.name),
        counter.on_duty_id,
        [wire.Officer(officer.id, officer.name, officer.title, officer.photo or None, officer.pin or None) for officer in officers],
        counter.shown or counter.unit.shown,
        updates,
    )


def _showing(config: wire.KioskConfig, shown: str) -> wire.KioskConfig:
    """With what the unit changed; without it where an older version stored what this one does not take: no batch is refused for it."""
    fields = {"unit": config.unit, "counter": config.counter, "officers": config.officers, "on_duty": config.on_duty}
    try:
        return msgspec.convert(fields | msgspec.json.decode(shown) | {"updates": config.updates}, wire.KioskConfig)
    except msgspec.DecodeError:
        logger.exception("what unit %s changed on its kiosks cannot be used", config.unit.id)
        return config
