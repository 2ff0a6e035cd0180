"""The pages of the record."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.record.keeping import Action, note
from server.record.models import Line
from server.record.search import CHOICES, FEW, MANY, PAGE, Search, area, in_chunks, sees_all, tops
from server.record.words import shown
from server.spreadsheets.writing import CSV_TYPE, csv_lines

COLUMNS = ["Lúc", "Người dùng", "Việc", "Về", "Chi tiết", "Mã đơn vị", "Đơn vị", "Từ địa chỉ"]


@require_safe
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """What was done in the user's units, the newest first. Who has no such right finds no such page."""
    units = area(request.user)
    if not units.exists() and not sees_all(request.user):
        raise Http404
    search = Search(request.GET)
    found = list(search.lines(request.user)[: PAGE + 1]) if search.is_valid() else []
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "here": "record",
        "search": search,
        "actions": CHOICES,
        "units": units if 1 < units.count() <= MANY else [],
        "several": units.count() > 1 or sees_all(request.user),
        "lines": shown(found[:PAGE]),
        "asked": query.urlencode(),
        "older": found[PAGE - 1].id if len(found) > PAGE else None,
    }
    if request.method == "GET":
        _keep(request, search, Action.VIEW)
    return render(request, "record/record.html", context)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The same lines as one CSV file; that they were taken along is a line of the record."""
    search = Search(request.GET)
    if (not area(request.user).exists() and not sees_all(request.user)) or not search.is_valid():
        raise Http404
    lines = search.lines(request.user)
    if request.method == "GET":
        _keep(request, search, Action.EXPORT)
    response = StreamingHttpResponse(csv_lines(_rows(lines)), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="nhat-ky-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _keep(request: HttpRequest, search: Search, action: Action) -> None:
    """A line for each top of what was asked for; where that has many, for those of all that the user may read."""
    asked = tops(search.units(request.user)) if search.is_valid() else []
    places = asked if 0 < len(asked) <= FEW else tops(area(request.user))[:FEW]
    for unit_id in places or [""]:
        note(request, action, unit_id, Line._meta.label_lower)


def _rows(lines: QuerySet[Line]) -> Iterator[list[str]]:
    yield COLUMNS
    names: dict[str, str] = {}
    for chunk in in_chunks(lines):
        for line in shown(chunk, names):
            yield [
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                line.who,
                line.action,
                line.subject,
                line.detail,
                line.unit_id,
                line.unit,
                line.address,
            ]
