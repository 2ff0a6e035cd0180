"""A line of the record as people read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.utils import timezone

from server.places.models import Unit
from server.record.models import Line


class Shown(NamedTuple):
    """A line in words. unit: its name, empty where the line is about none."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: str
    unit_id: str
    unit: str
    address: str


def shown(lines: Iterable[Line], names: dict[str, str] | None = None) -> list[Shown]:
    """The lines in words, in their order. names: of units by id, kept from one call to the next."""
    lines, names = list(lines), {} if names is None else names
    missing = {line.unit_id for line in lines} - set(names) - {""}
    names.update(Unit.objects.filter(id__in=missing).values_list("id", "name"))
    return [
        Shown(
            timezone.localtime(line.at),
            line.who or "không rõ",
            line.get_action_display(),
            subject(line.subject),
            line.detail,
            line.unit_id,
            names.get(line.unit_id, line.unit_id),
            line.address,
        )
        for line in lines
    ]


def subject(text: str) -> str:
    """What a line is about: the name of a table (`places.officer`) in words, the rest as it is."""
    label, _, rest = text.partition(" ")
    try:
        return f"{apps.get_model(label)._meta.verbose_name} {rest}".strip()
    except (LookupError, ValueError):
        return text
