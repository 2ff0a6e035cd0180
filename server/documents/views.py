"""The pages of a unit's papers: its details, and its templates. Who speaks for the unit (`Right.PUBLISH`) sees to them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.documents.filling import Unusable, fill
from server.documents.forms import DetailsForm
from server.documents.heading import details_of
from server.documents.kinds import HEAD, KINDS, Kind
from server.documents.package import MOST_BYTES
from server.documents.writing import WORD_TYPE, change, sample, template_of, version, versions
from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, may, units_for
from server.record.keeping import Action, note

SHOWN = 20  # of a template's versions
_HIGHEST = 2**31 - 1  # the database knows no other


@require_safe
@login_required
def documents(request: HttpRequest) -> HttpResponse:
    """The units whose papers the user sees to; the only one there is opens at once."""
    if not may(request.user, Right.PUBLISH):
        raise Http404
    units = units_for(request.user, Right.PUBLISH).filter(ended=None).select_related("parent").order_by("name", "id")
    choice = choose(units, request)
    if len(choice.units) == 1 and not choice.wanted:
        return redirect("unit-documents", choice.units[0].pk)
    return render(request, "documents/units.html", {"here": "documents", "choice": choice})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def unit_documents(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The unit's details, and the kinds of papers there are."""
    unit = _unit(request, unit_id)
    form = DetailsForm(request.POST if request.method == "POST" else None, instance=details_of(unit))
    if form.is_valid():
        form.save()
        note(request, Action.CHANGE, unit.pk, "paper-details", ", ".join(form.changed_data))
        messages.success(request, "Đã lưu thông tin in trên văn bản.")
        return redirect("unit-documents", unit.pk)
    rows = [(kind, next(iter(versions(unit, kind)), None)) for kind in KINDS.values()]
    context = {"unit": unit, "form": form, "rows": rows}
    return render(request, "documents/unit.html", {"here": "documents", **context}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def template(request: HttpRequest, unit_id: str, kind: str) -> HttpResponse:
    """One kind's template: its fields, its versions; by POST, another one."""
    unit, of_kind = _unit(request, unit_id), _kind(kind)
    if request.method != "POST":
        return _template(request, unit, of_kind)
    try:
        done = change(unit, of_kind, _sent(request, unit, of_kind), request.user.get_username(), timezone.now())
    except Unusable as fault:
        return _template(request, unit, of_kind, str(fault))
    note(request, Action.CHANGE, unit.pk, f"template {of_kind.name}", f"version {done.number}" if done.body else "default")
    messages.success(request, "Đã dùng mẫu này." if done.body else "Đã trở lại mẫu mặc định.")
    return redirect("template", unit.pk, of_kind.name)


@require_safe
@login_required
def template_file(request: HttpRequest, unit_id: str, kind: str, number: int) -> HttpResponse:
    """A template to be edited in Word: a version of the unit's, or, as 0, the default."""
    unit, of_kind = _unit(request, unit_id), _kind(kind)
    body = _version(unit, of_kind, number) if number else of_kind.default
    return word_file(body, f"mau-{of_kind.name}-{number}.docx" if number else f"mau-{of_kind.name}.docx")


@require_safe
@login_required
def template_sample(request: HttpRequest, unit_id: str, kind: str) -> HttpResponse:
    """The template that is used, filled with examples."""
    unit, of_kind = _unit(request, unit_id), _kind(kind)
    made = fill(template_of(unit, of_kind), sample(unit, of_kind), author=details_of(unit).body, title=of_kind.label)
    return word_file(made, f"thu-{of_kind.name}.docx")


def word_file(body: bytes, name: str) -> HttpResponse:
    """The answer that hands a Word file over, and is kept nowhere on its way."""
    return HttpResponse(body, WORD_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _unit(request: HttpRequest, unit_id: str) -> Unit:
    return get_object_or_404(units_for(request.user, Right.PUBLISH).select_related("parent"), pk=unit_id)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _sent(request: HttpRequest, unit: Unit, kind: Kind) -> bytes:
    """The template that is to be used: uploaded, an earlier version, or empty for the default. Raises `Unusable`."""
    if "mac-dinh" in request.POST:
        return b""
    if (number := request.POST.get("phien-ban", "")).isdecimal():
        return _version(unit, kind, int(number[:9]))
    file = request.FILES.get("tep")
    if file is None:
        raise Unusable("Xin chọn tệp Word (.docx) đã sửa.")
    if (file.size or 0) > MOST_BYTES:
        raise Unusable("Tệp lớn hơn 2 MB. Xin bớt hoặc thu nhỏ hình trong mẫu.")
    return file.read() or b"-"


def _version(unit: Unit, kind: Kind, number: int) -> bytes:
    try:
        return version(unit, kind, min(number, _HIGHEST))
    except LookupError:
        raise Http404 from None


def _template(request: HttpRequest, unit: Unit, kind: Kind, fault: str = "") -> HttpResponse:
    kept = versions(unit, kind)[:SHOWN]
    context: dict[str, Any] = {
        "here": "documents",
        "unit": unit,
        "kind": kind,
        "own": kept[0] if kept and kept[0].size else None,
        "versions": kept,
        "fields": [("Riêng của mẫu này", _fields(kind.fields)), ("Chung cho mọi mẫu", _fields(HEAD))],
        "fault": fault,
    }
    return render(request, "documents/template.html", context, status=422 if fault else 200)


def _fields(fields: Any) -> list[tuple[str, str, list[str]]]:  # noqa: ANN401 a mapping of `Field`
    """Name, meaning, and of a list the names that each of its rows has."""
    found = []
    for name, field in fields.items():
        rows = field.example if isinstance(field.example, list) else []
        found.append((name, field.means, list(rows[0]) if rows and isinstance(rows[0], dict) else []))
    return found
