"""Taking something out of the suggestion box, and what is done in a case: each in one transaction, with its line of history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from server.cases.models import Case, Event, Paper, PaperSlip, Reading
from server.cases.steps import Step, due
from server.cases.votes import number_of
from server.comments.by_office import keep
from server.places.models import Unit
from sync.reference import reference
from sync.sealing import Written


class NotNextError(Exception):
    """The case is elsewhere by now: somebody else did something meanwhile. step: where it is."""

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
    handler: str = ""


class FoundPaper(NamedTuple):
    """What is known of a slip of paper beside its words. Fields as in `PaperSlip`."""

    day: date
    counter_id: str = ""
    officer_id: str = ""
    satisfied: bool | None = None
    reasons: Sequence[str] = ()


def put_in(unit: Unit, written: Written, found: FoundPaper, who: str, now: datetime) -> str:
    """Put a slip of paper that somebody typed in into the box; the hash of its words. Raises `Malformed` for one that is too long."""
    with transaction.atomic():
        sealed = keep(unit.pk, written, who, now)
        fields = {**found._asdict(), "reasons": list(found.reasons)}
        PaperSlip.objects.create(unit_id=unit.pk, sealed=sealed, who=who, at=now, **fields)
    return sealed


def open_about(unit: Unit, matter: Matter, sealed: str, who: str, now: datetime) -> Case:
    """Open a case about a comment, `sealed`, or give the one that there is about it."""
    with transaction.atomic():
        case, new = _open(unit, matter, reference(sealed), who, now)
        if new:
            add_paper(case, Paper.Kind.COMMENT, sealed, who, now)
            read(unit, sealed, matter.day, Reading.Became.CASE, who, now)
    return case


def open_of_vote(unit: Unit, matter: Matter, vote: UUID, who: str, now: datetime) -> Case:
    """Open a case about a vote about which nobody wrote, or give the one that there is."""
    with transaction.atomic():
        case, _ = _open(unit, matter._replace(vote=vote), number_of(vote), who, now)
    return case


def read(unit: Unit, sealed: str, day: date, became: str, who: str, now: datetime) -> None:
    """Note that somebody read a comment and what became of it; the last who says so is right."""
    said = {"day": day, "became": became, "who": who, "at": now}
    Reading.objects.update_or_create(unit_id=unit.pk, sealed=sealed, defaults=said)


@contextmanager
def in_hand(case: Case, seen: int | None = None) -> Iterator[Case]:
    """The case as it is now, while nobody else does anything in it. seen: the number of the last event that whoever does something now
    has seen; raises `NotNextError` where there are others since.
    """
    with transaction.atomic():
        kept = Case.objects.select_for_update().get(unit_id=case.unit_id, id=case.id)
        if seen is not None and last_event(kept) != seen:
            raise NotNextError(Step(kept.step))
        yield kept


def move(case: Case, step: Step, who: str, now: datetime, said: str = "", **fields: object) -> None:
    """Do the next step. said: nothing personal. fields: what the step brings along, as in `Case`. Raises `NotNextError`."""
    with in_hand(case) as kept:
        if step not in following(kept):
            raise NotNextError(Step(kept.step))
        for name, value in fields.items():
            setattr(kept, name, value)
        unit = Unit.objects.get(pk=kept.unit_id)
        kept.step, kept.stepped_at = step, now
        kept.due = due(step, now.astimezone(ZoneInfo(unit.time_zone)).date(), kept.reception)
        kept.save()
        tell(kept, who, now, said, step)


def following(case: Case) -> tuple[Step, ...]:
    """What may be done next in the case, the usual first. What is for leaders alone is never published."""
    return tuple(step for step in Step(case.step).following if step is not Step.PUBLISHED or not case.sensitive)


def last_event(case: Case) -> int:
    """The number of the last thing that was done in the case."""
    last = Event.objects.filter(unit_id=case.unit_id, case=case.id).aggregate(last=Max("number"))["last"]
    return int(last or 0)


def tell(case: Case, who: str, now: datetime, said: str, step: Step | None = None) -> None:
    """Add a line to the case's history. said: nothing personal."""
    number = last_event(case) + 1
    Event.objects.create(unit_id=case.unit_id, case=case.id, number=number, at=now, who=who, step=step or "", said=said)


def add_paper(case: Case, kind: str, sealed: str, who: str, now: datetime) -> None:
    """Put something sealed to the case."""
    Paper.objects.get_or_create(unit_id=case.unit_id, case=case.id, sealed=sealed, defaults={"kind": kind, "who": who, "at": now})


def _open(unit: Unit, matter: Matter, name: str, who: str, now: datetime) -> tuple[Case, bool]:
    """The case, and whether it is new."""
    fields = {**matter._asdict(), "reasons": list(matter.reasons), "opened_at": now, "stepped_at": now}
    fields["due"] = due(Step.OPENED, now.astimezone(ZoneInfo(unit.time_zone)).date())
    case, new = Case.objects.get_or_create(unit_id=unit.pk, id=name, defaults=fields)
    if new:
        tell(case, who, now, "mở vụ việc", Step.OPENED)
    return case, new
