"""What is held about a person, as a file for them: JSON, or a page that stands alone. Made when it is fetched, never kept."""

import base64
import contextlib
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.template.loader import render_to_string

from server.cases.models import Case, Event
from server.cases.steps import Step
from server.comments.by_office import open_file
from server.comments.opening import opened
from server.personal.finding import copies
from server.personal.holding import Kind, Thing
from server.personal.wordings import wording_of
from server.places.models import Unit
from sync.entries import Malformed
from sync.reference import reference
from sync.sealing import Written

FORMAT = "hailong-personal-1"
MOST_BYTES = 32 * 1024 * 1024  # of the files of a dossier, which is made in memory; the others are fetched on the page of the case


class Consented(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody agreed to, when. version, language: of the wording; None for one that is not known."""

    sentence: str
    version: int | None
    language: str | None
    at: datetime


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody put to a case. kind: as `image/jpeg`; body: in base64, None where all together would be too long."""

    name: str
    kind: str
    body: str | None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A thing with all that is in it. readable: it could be opened. erased_on: the day by the rule, None while its
    case is open."""

    reference: str
    kind: str
    received_at: datetime
    cases: list[str]
    readable: bool
    words: str
    language: str
    name: str
    phone: str
    address: str
    consent: Consented | None
    file: File | None
    copies: list[str]
    erased_on: date | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a case's history, in the words for citizens."""

    at: datetime
    said: str


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a case."""

    number: str
    opened_at: datetime
    history: list[Told]
    outcome: str
    published: str


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of the things that were chosen."""

    format: str
    unit: str
    made_at: datetime
    things: list[Held]
    cases: list[Followed]

    def as_json(self) -> bytes:
        """For machines."""
        return msgspec.json.format(msgspec.json.encode(self))

    def as_page(self, unit: Unit) -> bytes:
        """For people: one HTML file that needs no other."""
        return render_to_string("personal/dossier.html", {"dossier": self, "unit": unit}).encode()


def dossier(unit: Unit, things: Sequence[Thing], now: datetime) -> Dossier:
    """What there is in these things of the unit."""
    written = dict(opened(unit.pk, [one.sealed for one in things if one.kind is not Kind.ATTACHMENT]))
    files, where = _files(things), copies(things, now)
    held = [_held(one, written.get(one.sealed), files.get(one.sealed), where[one.sealed]) for one in things]
    numbers = sorted({case for one in things for case in one.cases})
    return Dossier(format=FORMAT, unit=unit.address(), made_at=now, things=held, cases=[_followed(unit, number) for number in numbers])


def _held(one: Thing, what: Written | None, file: File | None, where: list[str]) -> Held:
    said = {name: getattr(what, name) if what else "" for name in ("language", "name", "phone", "address")}
    return Held(
        reference=reference(one.sealed), kind=one.kind.label, received_at=one.came, cases=list(one.cases),
        readable=what is not None or file is not None, words=what.text if what else "", consent=_consented(one, what), file=file,
        copies=where, erased_on=one.goes, **said,
    )  # fmt: skip


def _consented(one: Thing, what: Written | None) -> Consented | None:
    if what is None or not what.consent:
        return None
    known = wording_of(what.consent)
    version, language = (known.version, known.language) if known else (None, None)
    return Consented(sentence=what.consent, version=version, language=language, at=one.came)


def _files(things: Sequence[Thing]) -> dict[str, File]:
    found, left = {}, MOST_BYTES
    for one in things:
        if one.kind is Kind.ATTACHMENT:
            with contextlib.suppress(LookupError, Malformed):
                file = open_file(one.sealed)
                left -= len(file.body)
                body = base64.b64encode(file.body).decode() if left >= 0 else None
                found[one.sealed] = File(name=file.name, kind=file.kind, body=body)
    return found


def _followed(unit: Unit, number: str) -> Followed:
    case = Case.objects.get(unit_id=unit.pk, id=number)
    events = Event.objects.filter(unit_id=unit.pk, case=number).exclude(step="").order_by("number")
    history = [Told(at=event.at, said=Step(event.step).told) for event in events]
    outcome = case.get_outcome_display() if case.outcome else ""
    return Followed(number=number, opened_at=case.opened_at, history=history, outcome=outcome, published=case.published)
