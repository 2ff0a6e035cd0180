"""Taking something out of the suggestion box, and what is done in a case: each in one transaction, with its line of history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from server.cases.models import Case, Event, Paper, Reading
from server.cases.steps import Step, due
from server.comments.by_office import keep
from server.places.models import Unit
from sync.reference import reference
from sync.sealing import Written


class NotNextError(Exception):
    """The case is elsewhere by now: somebody else did something meanwhile. said: where it is."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.label)
        self.step = step


class Matter(NamedTuple):
    """What a new case is about, as far as it is known. Fields as in `Case`."""

    source: str
    day: date
    subject: str
    vote: UUID | None = None
    counter_id: str = ""
    officer_id: str = ""
    reasons: Sequence[str] = ()
    sensitive: bool = False


def open_about(unit: Unit, matter: Matter, sealed: str, who: str, now: datetime) -> Case:
    """Open a case about a comment, `sealed`, or give the one that there is about it."""
    name = reference(sealed)
    with transaction.atomic():
        case, new = Case.objects.get_or_create(
            unit_id=unit.pk,
            id=name,
            defaults={
                **matter._asdict(),
                "reasons": list(matter.reasons),
                "opened_at": now,
                "stepped_at": now,
                "handler": who,
                "due": due(Step.OPENED, now.astimezone(ZoneInfo(unit.time_zone)).date()),
            },
        )
        if new:
            add_paper(case, Paper.Kind.COMMENT, sealed, who, now)
            tell(case, who, now, "mở vụ việc", Step.OPENED)
            read(unit, sealed, matter.day, Reading.Became.CASE, who, now)
    return case


def open_written(unit: Unit, matter: Matter, written: Written, who: str, now: datetime) -> Case:
    """Open a case about something that came on paper, or was said: the office typed it in."""
    with transaction.atomic():
        return open_about(unit, matter, keep(unit.pk, written, who, now), who, now)


def read(unit: Unit, sealed: str, day: date, became: str, who: str, now: datetime) -> None:
    """Note that somebody read a comment and what became of it; the last who says so is right."""
    said = {"day": day, "became": became, "who": who, "at": now}
    Reading.objects.update_or_create(unit_id=unit.pk, sealed=sealed, defaults=said)


def move(case: Case, step: Step, who: str, now: datetime, said: str = "", **fields: object) -> None:
    """Do the next step. said: nothing personal. fields: what the step brings along, as in `Case`. Raises `NotNextError`."""
    with transaction.atomic():
        kept = Case.objects.select_for_update().get(unit_id=case.unit_id, id=case.id)
        if step not in Step(kept.step).following:
            raise NotNextError(Step(kept.step))
        for name, value in fields.items():
            setattr(kept, name, value)
        unit = Unit.objects.get(pk=kept.unit_id)
        kept.step, kept.stepped_at = step, now
        kept.due = due(step, now.astimezone(ZoneInfo(unit.time_zone)).date(), kept.reception)
        kept.save()
        tell(kept, who, now, said, step)


def tell(case: Case, who: str, now: datetime, said: str, step: Step | None = None) -> None:
    """Add a line to the case's history."""
    there = Event.objects.filter(unit_id=case.unit_id, case=case.id)
    number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
    Event.objects.create(unit_id=case.unit_id, case=case.id, number=number, at=now, who=who, step=step or "", said=said)


def add_paper(case: Case, kind: str, sealed: str, who: str, now: datetime) -> None:
    """Put something sealed to the case."""
    Paper.objects.get_or_create(unit_id=case.unit_id, case=case.id, sealed=sealed, defaults={"kind": kind, "who": who, "at": now})
