"""Transaction counts by file: what it says is shown first, each faulty row with what to mend; then all of it is kept, or nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from server.devices.identity import address_of
from server.places.models import Unit
from server.problems import ProblemError
from server.record.keeping import Action, note
from server.spreadsheets.unpacking import UnreadableError
from server.spreadsheets.writing import CSV_TYPE, EXCEL_TYPE, Value, csv_file
from server.transactions.calendar import Month, month_of
from server.transactions.files import as_workbook
from server.transactions.telling import Handled, Source, Teller, Told, tell, told
from server.transactions.views import asked_month, counted_unit
from server.transactions.workbook import COLUMNS, LIMITS, Reading, read

CONFIRM_SECONDS = 3600
FAULTS_SHOWN = 100
_SALT = "server.transactions.workbook"


class Line(NamedTuple):
    """A day of a file beside what stands for it."""

    day: date
    handled: int
    rows: int
    before: Told | None
    same: bool


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def taken_in(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Choose a file; see what it says; confirm."""
    unit = counted_unit(request, unit_id)
    if request.method != "POST":
        return _page(request, unit)
    if "giu" in request.POST:
        return _confirmed(request, unit)
    file = request.FILES.get("tep")
    if file is None:
        return _page(request, unit, fault="Xin chọn một tệp Excel (.xlsx) hoặc CSV.")
    try:
        LIMITS.check(file.size or 0)
        reading = read(file.read(), unit)
    except UnreadableError as error:
        return _page(request, unit, fault=str(error))
    if not reading.faults and not reading.days:
        return _page(request, unit, fault="Tệp không có dòng nào ghi số hồ sơ.")
    return _preview(request, unit, str(file.name), reading)


@require_safe
@login_required
def template(request: HttpRequest, unit_id: str) -> HttpResponse:
    """A workbook with the month's days that are awaited, to be filled in; a second sheet lists the counters and officers."""
    unit = counted_unit(request, unit_id)
    month = month_of(unit, asked_month(request, unit))
    officers = unit.officers.filter(active=True).order_by("name", "id")
    lists = {"Quầy": _names(unit.counters.order_by("name", "id")), "Cán bộ": _names(officers)}
    rows = [(day.day, "", "", "") for day in month.awaited]
    return _file(as_workbook(rows, list(COLUMNS.values()), lists=lists), EXCEL_TYPE, f"so-ho-so-mau-{month.period.first:%Y-%m}.xlsx")


@require_safe
@login_required
def export(request: HttpRequest, unit_id: str, kind: str) -> HttpResponse:
    """What was told for a month, as a workbook or CSV that can be taken in again."""
    unit = counted_unit(request, unit_id)
    if kind not in ("xlsx", "csv"):
        raise Http404
    month = month_of(unit, asked_month(request, unit))
    columns, rows = [*COLUMNS.values(), "Cách nhập", "Người nhập"], _rows(unit, month)
    body = as_workbook(rows, columns) if kind == "xlsx" else csv_file([columns, *rows])
    note(request, Action.EXPORT, unit.pk, "transactions", f"{month.period.first:%Y-%m}.{kind}")
    return _file(body, EXCEL_TYPE if kind == "xlsx" else CSV_TYPE, f"so-ho-so-{month.period.first:%Y-%m}.{kind}")


def _confirmed(request: HttpRequest, unit: Unit) -> HttpResponse:
    try:
        said = signing.loads(request.POST["giu"], salt=_salt(request, unit), max_age=CONFIRM_SECONDS)
    except signing.BadSignature:
        return _page(request, unit, fault="Bản xem trước đã quá một giờ. Xin chọn lại tệp.")
    days = {date.fromisoformat(day): [Handled(*row) for row in rows] for day, rows in said.items()}
    try:
        changed = tell(unit, days, Teller(request.user.get_username(), Source.WORKBOOK, address_of(request)))
    except ProblemError as problem:  # a counter was deleted meanwhile
        return _page(request, unit, fault=f"Không lưu được, chưa có gì thay đổi: {problem}")
    replaced = sum(before is not None for before in changed.values())
    messages.success(
        request,
        f"Đã lưu {len(changed)} ngày từ tệp, trong đó thay số của {replaced} ngày; {len(days) - len(changed)} ngày đã đúng từ trước.",
    )
    return redirect(f"{reverse('transactions-month', args=[unit.pk])}?thang={max(days):%Y-%m}")


def _preview(request: HttpRequest, unit: Unit, name: str, reading: Reading) -> HttpResponse:
    stands = told(unit, min(reading.days), max(reading.days)) if reading.days else {}
    lines = [
        Line(day, sum(row.handled for row in rows), len(rows), stands.get(day), day in stands and set(stands[day].rows) == set(rows))
        for day, rows in reading.days.items()
    ]
    kept = signing.dumps({day.isoformat(): rows for day, rows in reading.days.items()}, salt=_salt(request, unit), compress=True)
    context = {
        "name": name,
        "reading": reading,
        "faults": reading.faults[:FAULTS_SHOWN],
        "lines": lines,
        "handled": sum(line.handled for line in lines),
        "replaced": sum(line.before is not None and not line.same for line in lines),
        "kept": "" if reading.faults else kept,
    }
    return render(request, "transactions/preview.html", {"here": "transactions", "unit": unit, **context})


def _page(request: HttpRequest, unit: Unit, fault: str = "") -> HttpResponse:
    context = {"here": "transactions", "unit": unit, "fault": fault}
    return render(request, "transactions/file.html", context, status=422 if fault else 200)


def _rows(unit: Unit, month: Month) -> list[Sequence[Value]]:
    counters = dict(unit.counters.values_list("id", "name"))
    officers = dict(unit.officers.values_list("id", "name"))

    def cells(day: date, row: Handled, told: Told) -> Sequence[Value]:
        counter, officer = counters.get(row.counter_id, row.counter_id), officers.get(row.officer_id, row.officer_id)
        return day, counter, officer, row.handled, told.words, told.who

    return [cells(day.day, row, day.told) for day in month.days.values() if day.told for row in day.told.rows]


def _names(places: Any) -> list[str]:  # noqa: ANN401 – counters or officers
    return [place.name for place in places]


def _salt(request: HttpRequest, unit: Unit) -> str:
    """What one user was shown of one unit, nobody confirms for another."""
    return f"{_SALT} {request.user.pk} {unit.pk}"


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, kind, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
