"""The pages of import and export of places."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.devices.identity import address_of
from server.places.models import Upload
from server.places.scope import Right, may, topmost, units_for
from server.places.sheets import exporting, uploads, writing
from server.places.sheets.applying import FaultyError
from server.places.sheets.columns import TABLES
from server.places.sheets.draft import Draft, What
from server.places.sheets.reading import LIMITS, MAX_ROWS
from server.record.keeping import Action, note
from server.spreadsheets.unpacking import UnreadableError
from server.spreadsheets.writing import CSV_TYPE, EXCEL_TYPE

MOST_SHOWN = 500  # rows of a list on the page; above it says how many more there are


def _arranging(request: HttpRequest) -> User:
    """The user, who may arrange. Raises Http404: to others these pages do not exist."""
    if not isinstance(request.user, User) or not may(request.user, Right.ARRANGE):
        raise Http404
    return request.user


@require_safe
@login_required
def tables(request: HttpRequest) -> HttpResponse:
    """What can be exported, and how to import."""
    _arranging(request)
    return _page(request)


@require_safe
@login_required
def export_workbook(request: HttpRequest) -> HttpResponse:
    """All tables in one workbook."""
    rows = exporting.tables(uploads.known_to(_arranging(request)))
    _note_export(request, "Excel", rows)
    return _file(writing.workbook(rows), EXCEL_TYPE, "xlsx", "danh-muc")


@require_safe
@login_required
def export_table(request: HttpRequest, word: str) -> HttpResponse:
    """One table as CSV."""
    user = _arranging(request)
    table = next((table for table in TABLES if table.word == word), None)
    if table is None:
        raise Http404
    rows = exporting.tables(uploads.known_to(user))[table.key]
    _note_export(request, "CSV", {table.key: rows})
    return _file(writing.comma_separated(table, rows), CSV_TYPE, "csv", table.word)


@require_POST
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file, and lead to what it would do."""
    user, sent = _arranging(request), request.FILES.get("file")
    if sent is None or not sent.name:
        return _page(request, "Chưa chọn tệp. Xin bấm nút chọn tệp, chọn tệp Excel hoặc CSV rồi tải lên.")
    try:
        kept = _kept(user, sent.name, sent)
    except UnreadableError as unreadable:
        return _page(request, str(unreadable))
    return HttpResponseRedirect(reverse("tables-try", args=[kept.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def try_upload(request: HttpRequest, upload_id: str) -> HttpResponse:
    """What the file would do; a POST does it."""
    user = _arranging(request)
    kept = get_object_or_404(Upload, pk=upload_id, user=user)
    notice = ""
    if request.method == "POST":
        try:
            done = uploads.confirm(upload_id, user, request.POST.get("seen", ""), address_of(request))
        except (uploads.ChangedError, FaultyError):
            notice = "Danh mục đã có người sửa từ khi ông/bà xem thử, nên chưa ghi gì. Xin xem lại kết quả mới dưới đây rồi xác nhận."
        else:
            messages.success(request, f"Đã nhập tệp {kept.name}: {_summary(done)}.")
            return HttpResponseRedirect(reverse("tables"))
    draft = uploads.tried(kept, user)
    shown = [step for step in draft.steps if step.what is not What.KEPT]
    context = {
        "here": "tables",
        "upload": kept,
        "notice": notice,
        "draft": draft,
        "seen": draft.digest(),
        "faults": draft.faults[:MOST_SHOWN],
        "more_faults": len(draft.faults) - MOST_SHOWN,
        "counts": [(table, *(draft.count(table, what) for what in What)) for table in TABLES],
        "steps": shown[:MOST_SHOWN],
        "more_steps": len(shown) - MOST_SHOWN,
    }
    return render(request, "places/try.html", context)


def _kept(user: User, name: str, sent: "File[bytes]") -> Upload:
    """What was sent, kept to be confirmed. Raises UnreadableError; nothing is kept then."""
    LIMITS.check(sent.size)
    kept = uploads.keep(user, name, sent.read())
    try:
        uploads.tried(kept, user)
    except UnreadableError:
        kept.delete()
        raise
    return kept


def _page(request: HttpRequest, fault: str = "") -> HttpResponse:
    units = units_for(request.user, Right.ARRANGE)
    context = {
        "here": "tables",
        "fault": fault,
        "tables": TABLES,
        "top": list(topmost(units)[:4]),
        "limits": {"megabytes": LIMITS.sent, "rows": MAX_ROWS},
    }
    return render(request, "places/tables.html", context, status=422 if fault else 200)


def _file(body: bytes, kind: str, ending: str, word: str) -> HttpResponse:
    name = f"hai-long-{word}-{timezone.localdate():%Y-%m-%d}.{ending}"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _note_export(request: HttpRequest, kind: str, rows: Mapping[str, Any]) -> None:
    """One line for each of the highest units of what was exported."""
    detail = f"danh mục, {kind}: " + ", ".join(f"{table.name.lower()} {len(rows[table.key])}" for table in TABLES if table.key in rows)
    everywhere = isinstance(request.user, User) and request.user.is_superuser
    for unit in [""] if everywhere else topmost(units_for(request.user, Right.ARRANGE)).values_list("pk", flat=True):
        note(request, Action.EXPORT, unit, "places", detail)


def _summary(draft: Draft) -> str:
    words = [
        f"{what.value} {count} {table.name.lower()}"
        for what in (What.MADE, What.CHANGED)
        for table in TABLES
        if (count := draft.count(table, what))
    ]
    return ", ".join(words) or "không có gì thay đổi"
