"""People who look after devices, and what they find on the pages about them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from nacl.signing import SigningKey

from server.devices.models import Device
from server.places.models import Counter, Unit

TAGS = re.compile(r"<[^>]*>")


def commune(name: str = "Phường Tân An", parent: Unit | None = None) -> Unit:
    return Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=parent)


def device(unit: Unit, now: datetime, counter: str = "Quầy 1", **said: Any) -> Device:  # noqa: ANN401 any field
    """A device in the best of health, but for what is said."""
    place, _ = Counter.objects.get_or_create(unit=unit, name=counter)
    healthy: dict[str, Any] = {
        "enrolled_at": now - timedelta(days=60),
        "last_heard": now,
        "disk_free": 10**10,
        "version": "0.1.0",
        "clock_ahead": 0,
    }
    key = SigningKey.generate().verify_key.encode().hex()
    return Device.objects.create(unit=unit, counter=place, public_key=key, **healthy | said)


def text(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(TAGS.sub(" ", page).split())


def sums(page: str) -> Mapping[str, int]:
    """The four figures on top of a list."""
    return {name: int(value) for name, value in re.findall(r'data-sum="(\w+)" data-value="(\d+)"', page)}


def shown(page: str, hook: str) -> list[str]:
    """What is listed: the values of data-<hook>, in order."""
    return re.findall(rf'data-{hook}="([^"]*)"', page)
