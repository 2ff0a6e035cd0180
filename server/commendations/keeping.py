"""Writing a commendation down, correcting it, taking it back."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from server.cases.models import Reading
from server.cases.taking import read
from server.commendations.models import Commendation
from server.commendations.origin import Origin
from server.places.models import Unit
from sync.entries import uuid7


class Given(NamedTuple):
    """What a person said of it. Fields as in `Commendation`."""

    officer_id: str
    day: date
    words: str
    public: bool


class CommendedBeforeError(Exception):
    """Somebody else commended from the same comment meanwhile."""


def commend(unit: Unit, given: Given, come: Origin | None, who: str, now: datetime) -> Commendation:
    """Keep it. come: the comment that it comes from, which was read by that. Raises `CommendedBeforeError`."""
    sealed = come.sealed if come else ""
    try:
        with transaction.atomic():
            entry = Commendation.objects.create(unit_id=unit.pk, id=uuid7(), sealed=sealed, who=who, at=now, **given._asdict())
            if come:
                read(unit, come.sealed, come.came, Reading.Became.PRAISE, who, now)
    except IntegrityError as error:
        raise CommendedBeforeError from error
    return entry


def correct(entry: Commendation, given: Given) -> list[str]:
    """Keep what was corrected; the names of the fields that changed. The words before are kept nowhere: they may be why."""
    changed = [name for name, value in given._asdict().items() if getattr(entry, name) != value]
    if changed:
        Commendation.objects.filter(unit_id=entry.unit_id, id=entry.id, withdrawn_at=None).update(**given._asdict())
    return changed


def take_back(entry: Commendation, now: datetime) -> bool:
    """List it no more; whether it was listed."""
    listed = Commendation.objects.filter(unit_id=entry.unit_id, id=entry.id, withdrawn_at=None)
    return bool(listed.update(withdrawn_at=now))
