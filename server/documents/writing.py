"""Writing a paper of a unit: by the template that the unit changed, or the default; and taking in a changed one."""

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Length

from server.documents.filling import Fact, Picture, Unusable, fill
from server.documents.heading import details_of, heading
from server.documents.kinds import HEAD, Kind
from server.documents.models import TemplateVersion
from server.places.models import Unit

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LEFT_OVER = re.compile(rb"\{\{|\{%|%\}|\}\}")


class Version(NamedTuple):
    """A template as the unit changed it. size: in bytes, 0 for “back to the default”."""

    number: int
    who: str
    at: datetime
    size: int


def write(unit: Unit, kind: Kind, facts: Mapping[str, Fact], day: date, number: str) -> bytes:
    """The paper as a Word file. facts: the kind's fields; day: of its head; number: as it stands on the paper.

    Raises `Unusable` where the unit's template cannot be filled.
    """
    details = details_of(unit)
    return fill(template_of(unit, kind), {**heading(details, day, number), **facts}, author=details.body, title=kind.label)


def template_of(unit: Unit, kind: Kind) -> bytes:
    """The template that is used."""
    last = _kept(unit, kind).first()
    return (bytes(last.body) if last else b"") or kind.default


def versions(unit: Unit, kind: Kind) -> list[Version]:
    """What the unit made of a template, the last first."""
    rows = _kept(unit, kind).annotate(size=Length("body")).values_list("number", "who", "at", "size")
    return [Version(*row) for row in rows]


def version(unit: Unit, kind: Kind, number: int) -> bytes:
    """One version's template. Raises LookupError where there is none, or it is “back to the default”."""
    found = _kept(unit, kind).filter(number=number).exclude(body=b"").first()
    if found is None:
        raise LookupError(number)
    return bytes(found.body)


def _kept(unit: Unit, kind: Kind) -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.filter(unit_id=unit.pk, kind=kind.name).order_by("-number")


def sample(unit: Unit, kind: Kind) -> dict[str, Fact]:
    """Facts to show or try a template with: the unit's own head, where it has one."""
    head = heading(details_of(unit), unit.today(), str(HEAD["so"].example).replace("GM", kind.symbol or "GM"))
    return {**{name: head.get(name) or field.example for name, field in HEAD.items()}, **examples(kind)}


def examples(kind: Kind) -> dict[str, Fact]:
    """The kind's own fields, each with its example."""
    return {name: field.example for name, field in kind.fields.items()}


def change(unit: Unit, kind: Kind, template: bytes, who: str, now: datetime) -> TemplateVersion:
    """Use another template from now on; empty for the default. Raises `Unusable` for one that fails where it is tried."""
    if template:
        _try(template, sample(unit, kind))
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        number = (_kept(unit, kind).aggregate(last=Max("number"))["last"] or 0) + 1
        return TemplateVersion.objects.create(unit_id=unit.pk, kind=kind.name, number=number, body=template, who=who, at=now)


def _try(template: bytes, facts: Mapping[str, Fact]) -> None:
    """With everything there, and with nothing: both must come out as papers, without a tag left."""
    for tried in (facts, {name: _emptied(value) for name, value in facts.items()}):
        with zipfile.ZipFile(BytesIO(fill(template, tried, author=""))) as made:
            for name in made.namelist():
                if name.endswith(".xml") and _LEFT_OVER.search(made.read(name)):
                    raise Unusable("Có thẻ ở chỗ không điền được (ví dụ chú thích cuối văn bản). Xin chuyển vào phần thân văn bản.")


def _emptied(fact: Fact) -> Fact:
    if isinstance(fact, Mapping):
        return {name: _emptied(value) for name, value in fact.items()}
    return [] if isinstance(fact, list | tuple) and not isinstance(fact, Picture) else ""
