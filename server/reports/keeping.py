"""What the office writes for a report, and the papers that there are. Who may is decided before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model

from server.places.models import Unit
from server.reports import nine
from server.reports.building import given_of, opinion_of, proposals
from server.reports.content import Change, Report, changes, figures
from server.reports.making import period_of
from server.reports.models import File, Opinion, Paper
from server.results.period import Period
from server.results.templatetags.vietnamese import quantity

SHOWN = 60  # papers in a unit's list
FORMS = {"docx": "Word", "xlsx": "Excel"}


class Sheet(NamedTuple):
    """A file that can be fetched."""

    form: str
    label: str
    sha256: str


class Entry(NamedTuple):
    """A paper in a list. who: its maker's full name; percent: how far it is; files: once it is made; differs: from the one made before
    of the same period.
    """

    paper: Paper
    period: Period
    who: str
    percent: int
    files: Sequence[Sheet]
    differs: Sequence[Change]

    @property
    def under_way(self) -> bool:
        """Whether it is still to come."""
        return self.paper.state in (Paper.State.WAITING, Paper.State.MAKING)


class Field(NamedTuple):
    """An indicator in the form: as it was typed, or as it is kept, or as the figures suggest it."""

    indicator: nine.Indicator
    number: int
    points: str
    remark: str
    basis: str
    confirmed: bool
    fault: str = ""


def entries(unit: Unit, period: Period | None = None) -> list[Entry]:
    """The papers of the unit, the latest first. period: of this one only."""
    papers = Paper.objects.filter(unit_id=unit.pk)
    if period:
        papers = papers.filter(kind=period.kind, first=period.first)
    shown = list(papers.order_by("-id")[:SHOWN])
    names = {user.get_username(): user.get_full_name() for user in get_user_model().objects.filter(username__in={one.who for one in shown})}
    files: dict[UUID, list[Sheet]] = {}
    there = File.objects.filter(unit_id=unit.pk, paper__in=[one.id for one in shown])
    for made_of, form, sha256 in there.order_by("form").values_list("paper", "form", "sha256"):
        files.setdefault(made_of, []).append(Sheet(form, FORMS[form], sha256))
    found, before = [], dict[tuple[str, str], Paper]()
    for paper in reversed(shown):
        of = (paper.kind, f"{paper.first}")
        made = paper.state == Paper.State.MADE
        differs = changes(before[of].figures, paper.figures) if made and of in before else []
        if made:
            before[of] = paper
        percent = 100 * paper.done // max(paper.of, 1)
        found.append(Entry(paper, period_of(paper), names.get(paper.who) or paper.who, percent, files.get(paper.id, []), differs))
    return found[::-1]


def since(entries: Sequence[Entry], report: Report) -> list[Change]:
    """What is another figure now than in the latest paper that was made."""
    made = next((entry.paper for entry in entries if entry.paper.state == Paper.State.MADE), None)
    return changes(made.figures, figures(report)) if made else []


def say(unit: Unit, period: Period, remarks: str, proposals: str, who: str, now: datetime) -> None:
    """Keep what the leader says."""
    _keep(unit, period, {"remarks": remarks, "proposals": proposals, "who": who, "at": now})


def decide(unit: Unit, period: Period, given: Mapping[str, nine.Given], who: str, now: datetime) -> None:
    """Keep the points that a person decided."""
    points = {key: {"points": f"{one.points}", "remark": one.remark} for key, one in given.items()}
    _keep(unit, period, {"points": points, "who": who, "at": now})


def fields(unit: Unit, period: Period) -> list[Field]:
    """The form of the nine indicators as it is kept; where nothing is, with what the figures suggest."""
    given, proposed = given_of(opinion_of(unit, period)), proposals(unit, period)
    found = []
    for place, one in enumerate(nine.INDICATORS, 1):
        kept, proposal = given.get(one.key), proposed.get(one.key)
        points = kept.points if kept else proposal.points if proposal else None
        basis = f"Kiosk đề xuất {quantity(proposal.points)} điểm. {proposal.basis}." if proposal else ""
        shown = "" if points is None else quantity(points)
        found.append(Field(one, place, shown, kept.remark if kept else "", basis, kept is not None))
    return found


def read_fields(unit: Unit, period: Period, typed: Mapping[str, str]) -> tuple[dict[str, nine.Given], list[Field]]:
    """The points that were typed; and where some are none, the form with what to mend."""
    given, faulty, shown = {}, False, []
    for field in fields(unit, period):
        points, remark = typed.get(f"diem-{field.indicator.key}", "").strip(), typed.get(f"ghi-chu-{field.indicator.key}", "").strip()[:300]
        fault = ""
        try:
            if points:
                given[field.indicator.key] = nine.Given(nine.points_of(points), remark)
        except nine.PointsError as unclear:
            fault, faulty = str(unclear), True
        shown.append(field._replace(points=points, remark=remark, fault=fault))
    return given, shown if faulty else []


def _keep(unit: Unit, period: Period, said: Mapping[str, object]) -> None:
    Opinion.objects.update_or_create(unit_id=unit.pk, kind=period.kind, first=period.first, defaults=dict(said))
