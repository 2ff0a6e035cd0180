"""The pages of the Monday reception: whom the unit receives, and when."""

from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from server.cases import queries
from server.cases.choosing import chosen
from server.cases.doors import Here, here
from server.cases.models import Case, Paper
from server.cases.seeing import open_paper
from server.cases.steps import Step, mondays
from server.places.models import Unit
from server.places.scope import Right

_WEEK = timedelta(weeks=1)


class Guest(NamedTuple):
    """Somebody who is received. name: as they gave it, empty where they did not."""

    case: Case
    name: str
    handler: str
    met: bool


@require_safe
@login_required
def mondays_page(request: HttpRequest) -> HttpResponse:
    """The reception of the unit, or the list of units if there are several."""

    def tell(unit: Unit, sensitive: bool) -> str:
        guests = len(queries.on_monday(unit, _next(unit), sensitive=sensitive))
        return f"{guests} người, thứ Hai {_next(unit):%d/%m}" if guests else ""

    return chosen(request, Right.FOLLOW_CASES, "mondays", "unit-mondays", "Tiếp dân thứ Hai", tell)


@require_safe
@login_required
@never_cache
def unit_mondays(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The list of a Monday: today's or the next, unless another is asked for."""
    place = here(request, unit_id, Right.FOLLOW_CASES)
    day = _asked(request, place.unit)
    cases = queries.on_monday(place.unit, day, sensitive=place.sensitive)
    people = queries.called([case.handler for case in cases])
    guests = [Guest(case, _name(request, place, case), people.get(case.handler, case.handler), case.step != Step.LISTED) for case in cases]
    context = {
        "here": "mondays",
        "unit": place.unit,
        "day": day,
        "before": day - _WEEK,
        "after": day + _WEEK,
        "guests": guests,
        "secret": any(case.sensitive for case in cases),
    }
    return render(request, "cases/mondays.html", context)


def _name(request: HttpRequest, place: Here, case: Case) -> str:
    """What the citizen is called, opened for whoever looks."""
    if not place.reads:
        return ""
    kinds = (Paper.Kind.CONTACT, Paper.Kind.COMMENT)
    papers = sorted(
        (paper for paper in queries.papers_of(case) if paper.kind in kinds), key=lambda paper: kinds.index(Paper.Kind(paper.kind))
    )
    opened = (open_paper(request, paper).written for paper in papers)
    return next((written.name for written in opened if written and written.name), "")


def _next(unit: Unit) -> date:
    return mondays(unit.today() - date.resolution, 1)[0]


def _asked(request: HttpRequest, unit: Unit) -> date:
    """The Monday of the week that is asked for (ngay=2026-11-30), or the next."""
    try:
        asked = date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return _next(unit)
    monday = asked - timedelta(days=asked.weekday())
    return monday if abs(monday - unit.today()) < timedelta(days=3660) else _next(unit)
