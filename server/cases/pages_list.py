"""The page of a unit's cases: those in which something is awaited, and those that are over."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from server.cases import queries
from server.cases.choosing import chosen
from server.cases.course import days
from server.cases.doors import Here, here
from server.cases.models import Case
from server.cases.steps import Step
from server.cases.wording import Left, Names, left
from server.places.models import Unit
from server.places.scope import Right

AT_ONCE = 50


class Row(NamedTuple):
    """A case in the list. days: for how many it has been open, or was."""

    case: Case
    step: str
    left: Left | None
    days: int
    handler: str
    counter: str


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of the unit, or the list of units if there are several."""

    def tell(unit: Unit, sensitive: bool) -> str:
        waits = queries.waiting([unit.pk], sensitive=sensitive)
        late = queries.overdue([unit.pk], unit.today(), sensitive=sensitive).count()
        return f"{waits.count()} đang xử lý" + (f", {late} quá hạn" if late else "")

    return chosen(request, Right.FOLLOW_CASES, "cases", "unit-cases", "Vụ việc", tell)


@require_safe
@login_required
def unit_cases(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Those in which something is awaited, then those that are over."""
    place = here(request, unit_id, Right.FOLLOW_CASES)
    unit = place.unit
    step, handler = request.GET.get("buoc", ""), request.GET.get("nguoi", "")
    labels = {one.value: one.label for one in Step}
    people = queries.handlers(unit, sensitive=False)
    logins = {user.get_username() for user in people} | {"-"}

    def narrowed(rows: QuerySet[Case]) -> QuerySet[Case]:
        rows = rows.filter(step=step) if step in labels else rows
        return rows.filter(handler="" if handler == "-" else handler) if handler in logins else rows

    waiting = narrowed(queries.waiting([unit.pk], sensitive=place.sensitive))
    page = Paginator(narrowed(queries.finished([unit.pk], sensitive=place.sensitive)), AT_ONCE).get_page(request.GET.get("trang"))
    context = {
        "here": "cases",
        "unit": unit,
        "waiting": _rows(place, waiting),
        "late": queries.overdue([unit.pk], unit.today(), sensitive=place.sensitive).count(),
        "page": page,
        "finished": _rows(place, page),
        "steps": labels.items(),
        "step": step if step in labels else "",
        "people": [("-", "chưa giao cho ai"), *((user.get_username(), user.get_full_name() or user.get_username()) for user in people)],
        "handler": handler if handler in logins else "",
        "filtered": step in labels or handler in logins,
    }
    return render(request, "cases/list.html", context)


def _rows(place: Here, cases: Iterable[Case]) -> list[Row]:
    cases, today = list(cases), place.unit.today()
    names = Names((case.counter_id for case in cases), (), ())
    people = queries.called([case.handler for case in cases])
    return [
        Row(
            case, Step(case.step).label, left(case.due, today), days(case, place.unit, today), people.get(case.handler, case.handler),
            names.counter(case.counter_id),
        )
        for case in cases
    ]  # fmt: skip
