"""The pages of flags: the list, a unit's, and one flag with what a person says of it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.flags import queries
from server.flags.models import Flag
from server.flags.wording import MEANINGS, rarely
from server.places.models import Unit
from server.places.scope import Right, may_in, topmost, units_for
from server.record.keeping import Action, note
from server.results.queries import is_area

AT_ONCE = 30
STATES = {"chua-xem-xet": Flag.Verdict.OPEN, "bat-thuong": Flag.Verdict.UNUSUAL, "co-ly-do": Flag.Verdict.REASON}  # as in addresses
KINDS = {
    "don-dap": Flag.Kind.BURST,
    "ngoai-gio": Flag.Kind.OUTSIDE,
    "cuoi-gio": Flag.Kind.STREAK,
    "khong-danh-gia": Flag.Kind.SILENT,
    "it-danh-gia": Flag.Kind.HARDLY,
    "khac-thuong": Flag.Kind.UNLIKE,
}


class JudgementForm(forms.Form):
    """What a person says of a flag. The verdict is the button that was pressed."""

    verdict = forms.ChoiceField(
        choices=[choice for choice in Flag.Verdict.choices if choice[0]],
        error_messages={"required": "Xin chọn một kết luận.", "invalid_choice": "Xin chọn một trong hai kết luận."},
    )
    note = forms.CharField(
        required=False, max_length=1000, error_messages={"max_length": "Ghi chú dài quá. Xin rút gọn còn tối đa 1000 ký tự."}
    )

    def clean(self) -> dict[str, Any]:
        """A reason is said in words."""
        said = super().clean() or {}
        if said.get("verdict") == Flag.Verdict.REASON and not said.get("note"):
            self.add_error("note", "Xin ghi lý do, ví dụ: đoàn 20 người của xã bên cùng đến làm thủ tục.")
        return said


@require_safe
@login_required
def flags_page(request: HttpRequest) -> HttpResponse:
    """The flags of the unit that the user may see, or the list of units if there are several."""
    units = units_for(request.user, Right.SEE_RESULTS)
    if not units.exists():
        raise Http404
    queries.catch_up(units, timezone.now())
    there = list(topmost(units))
    if len(there) == 1:
        return _list(request, there[0])
    return render(request, "flags/units.html", {"here": "flags", "rows": queries.by_unit(there)})


@require_safe
@login_required
def flags_of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The flags of one unit; one that the user may not see is as absent as one that does not exist."""
    unit = get_object_or_404(units_for(request.user, Right.SEE_RESULTS).select_related("parent"), pk=unit_id)
    queries.catch_up(Unit.objects.filter(pk=unit.pk), timezone.now())
    return _list(request, unit)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def flag_page(request: HttpRequest, unit_id: str, flag_id: str) -> HttpResponse:
    """One flag; by POST, what a person says of it."""
    unit = get_object_or_404(units_for(request.user, Right.SEE_RESULTS).select_related("parent"), pk=unit_id)
    flag = get_object_or_404(Flag, unit_id=unit.pk, id=flag_id)
    judges = may_in(request.user, Right.JUDGE, unit.pk)
    form = JudgementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not judges:
            raise Http404
        if form.is_valid():
            queries.judge(flag, form.cleaned_data["verdict"], form.cleaned_data["note"], request.user.get_username())
            note(request, Action.CHANGE, unit.pk, flag.id, f"flag judged: {form.cleaned_data['verdict']}")
            return redirect("flag", unit.pk, flag.id)
    exact = queries.exactly(flag, unit) if may_in(request.user, Right.SEE_MOMENTS, unit.pk) else []
    if exact:
        note(request, Action.VIEW, unit.pk, flag.id, "votes with their exact times")
    [item] = queries.items([flag])
    said = queries.judgements(flag)
    context = {
        "here": "flags",
        "unit": unit,
        "flag": flag,
        "told": item.told,
        "rare": rarely(flag.p),
        "meaning": MEANINGS[flag.kind],
        "lines": queries.around(flag, unit),
        "exact": exact,
        "judges": judges,
        "form": form,
        "judgements": said,
        "changed": bool(said) and said[0].figures != flag.figures,
    }
    return render(request, "flags/flag.html", context, status=422 if form.errors else 200)


def _list(request: HttpRequest, unit: Unit) -> HttpResponse:
    state, kind = request.GET.get("xem", ""), request.GET.get("loai", "")
    flags = queries.of_unit(unit, verdict=STATES.get(state), kind=KINDS.get(kind))
    page = Paginator(flags, AT_ONCE).get_page(request.GET.get("trang"))
    context = {
        "here": "flags",
        "unit": unit,
        "area": is_area(unit),
        "rows": queries.by_unit(queries.below(unit)) if is_area(unit) else [],
        "page": page,
        "items": queries.items(page),
        "states": [("", "tất cả"), *((key, verdict.label) for key, verdict in STATES.items())],
        "state": state if state in STATES else "",
        "kinds": [("", "mọi loại"), *((key, of_kind.label) for key, of_kind in KINDS.items())],
        "kind": kind if kind in KINDS else "",
        "filtered": kind in KINDS or state in STATES,
        "open": queries.of_unit(unit, verdict=Flag.Verdict.OPEN, kind=None).count(),
    }
    return render(request, "flags/list.html", context)
