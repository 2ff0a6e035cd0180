"""The pages on which what is held about somebody is found, given to them, and erased.

Who reads comments finds and exports. To erase is the leader's: it cannot be undone, and whoever handles a complaint, or is complained
about, should not be who makes it vanish.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from server.pace import PerMinute
from server.personal.erasing import carry_out, count_kinds, order
from server.personal.exporting import dossier
from server.personal.finding import MOST, Match, copies, find, words_in
from server.personal.forms import EraseForm, SoughtForm, refuse_names
from server.personal.holding import Kind, Thing, kept_by, things_of
from server.personal.models import Ordered
from server.personal.retaining import coming
from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, Somebody, may_in, units_for
from server.record.keeping import Action, note
from server.record.models import new_id
from server.results.queries import is_area

SEARCHES_PER_MINUTE = 6
RECENT = 12  # erasures that the page of a unit lists
_searches = PerMinute()


@require_safe
@login_required
def personal(request: HttpRequest) -> HttpResponse:
    """The units whose comments the user may read, or the page of the only one."""
    units = units_for(request.user, Right.READ_COMMENTS).select_related("parent").order_by("name", "id")
    few = list(units[:2])
    if not few:
        raise Http404
    if len(few) == 1:
        return redirect("personal-unit", few[0].pk)
    return render(request, "personal/units.html", {"here": "personal", "choice": choose(units, request)})


@require_safe
@never_cache
@login_required
def of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Where one seeks, and what goes by rule and went."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    return _unit_page(request, unit, SoughtForm())


@require_POST
@never_cache
@login_required
def found(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What is held about whoever is sought. That somebody sought is recorded; whom, is not."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    form = SoughtForm(request.POST)
    if not form.is_valid():
        return _unit_page(request, unit, form, 422)
    now = timezone.now()
    if wait := _searches.seconds_to_wait(str(request.user.pk), now, SEARCHES_PER_MINUTE):
        form.add_error(None, f"Đã tìm nhiều lần trong một phút. Xin chờ {wait} giây rồi tìm lại.")
        answer = _unit_page(request, unit, form, 429)
        answer["Retry-After"] = str(wait)
        return answer
    note(request, Action.VIEW, unit.pk, str(new_id()), "sought what is held about a person")
    matches = find(unit, form.sought, sensitive=sees_sensitive(request.user, unit))
    for one in matches[:MOST]:
        if one.name:
            note(request, Action.VIEW, unit.pk, one.thing.sealed, "name of who wrote it")
    return render(request, "personal/found.html", _shown(request, unit, matches, now))


@require_POST
@never_cache
@login_required
def export(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What was chosen, as a file for the person; recorded, and kept nowhere."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    things = _chosen(request, unit)
    if not things:
        return _nothing_chosen(request, unit)
    now = timezone.now()
    kind = "json" if request.POST.get("tep") == "json" else "html"
    made = dossier(unit, things, now)
    for one in things:
        note(request, Action.EXPORT, unit.pk, one.sealed, f"what is held about a person, as {kind}")
    body = made.as_json() if kind == "json" else made.as_page(unit)
    answer = HttpResponse(body, content_type="application/json" if kind == "json" else "text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="du-lieu-ca-nhan-{unit.today():%Y-%m-%d}.{kind}"'
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # the page brings its own look along
    return answer


@require_POST
@never_cache
@login_required
def erase(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Ask why and whether it is meant, then erase what was chosen."""
    unit = unit_for(request, Right.ERASE, unit_id)
    now, today = timezone.now(), unit.today()
    chosen = _chosen(request, unit)
    if not chosen:
        return _nothing_chosen(request, unit)
    things = [one for one in chosen if not one.is_held_back(today)]
    form = EraseForm(request.POST if "because" in request.POST else None)
    if form.is_valid():
        refuse_names(form, words_in(unit, chosen))
    if not things or not form.is_valid():
        held_back = [one for one in chosen if one.is_held_back(today)]
        context = {"here": "personal", "unit": unit, "form": form, "things": things, "held_back": held_back}
        return render(request, "personal/erase.html", context, status=422 if form.errors or not things else 200)
    orders = order(unit.pk, things, who=request.user.get_username(), because=form.cleaned_data["because"], now=now)
    for one in orders:
        note(request, Action.CHANGE, unit.pk, str(one.id), f"erased on request: {len(one.things)}")
    _carry_out(request, orders, now)
    return redirect("personal-erased", unit.pk, orders[0].id)


@require_safe
@never_cache
@login_required
def erased(request: HttpRequest, unit_id: str, erasure_id: object) -> HttpResponse:
    """What was erased and why, and what stays."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    kept = get_object_or_404(Ordered, unit_id=unit.pk, id=erasure_id)
    if kept.sensitive and not sees_sensitive(request.user, unit):
        raise Http404
    together = Ordered.objects.filter(unit_id=unit.pk, at=kept.at, who=kept.who, because=kept.because, rule=kept.rule).order_by("id")
    together = together if sees_sensitive(request.user, unit) else together.filter(sensitive=False)
    things = [tuple(thing) for one in together for thing in one.things]
    context = {
        "here": "personal", "unit": unit, "ordered": kept, "count": _count(things),
        "done": all(one.done_at for one in together), "cases": sorted({case for _, _, cases in things for case in cases}),
        "hashes": [sealed for sealed, _, _ in things],
    }  # fmt: skip
    return render(request, "personal/erased.html", context)


def unit_for(request: HttpRequest, right: Right, unit_id: str) -> Unit:
    """The unit, where the user has the right. Raises Http404."""
    return get_object_or_404(units_for(request.user, right).select_related("parent__parent"), pk=unit_id)


def sees_sensitive(user: Somebody, unit: Unit) -> bool:
    """Whether the user may know of what is sensitive there."""
    return may_in(user, Right.SEE_SENSITIVE, unit.pk)


def _unit_page(request: HttpRequest, unit: Unit, form: SoughtForm, status: int = 200) -> HttpResponse:
    sensitive, now = sees_sensitive(request.user, unit), timezone.now()
    kept, things = kept_by(unit), things_of(unit.pk, sensitive=sensitive)
    orders = Ordered.objects.filter(unit_id=unit.pk).order_by("-id")
    orders = orders if sensitive else orders.filter(sensitive=False)
    context = {
        "here": "personal", "unit": unit, "area": is_area(unit), "form": form, "sensitive": sensitive,
        "erases": may_in(request.user, Right.ERASE, unit.pk),
        "coming": coming(unit, kept, things, now), "said_by": kept.said_by,
        "open": sum(one.rule is None for one in things),
        "held_back": sum(one.is_held_back(unit.today()) for one in things),
        "orders": [(one, _count(one.things)) for one in orders[:RECENT]],
    }  # fmt: skip
    return render(request, "personal/unit.html", context, status=status)


def _shown(request: HttpRequest, unit: Unit, matches: list[Match], now: datetime) -> dict[str, Any]:
    today = unit.today()
    where = copies([one.thing for one in matches], now)
    rows = [(one, where[one.thing.sealed], one.thing.is_held_back(today)) for one in matches[:MOST]]
    return {
        "here": "personal", "unit": unit, "rows": rows, "more": len(matches) > MOST, "most": MOST,
        "sensitive": sees_sensitive(request.user, unit), "erases": may_in(request.user, Right.ERASE, unit.pk),
    }  # fmt: skip


def _chosen(request: HttpRequest, unit: Unit) -> list[Thing]:
    hashes = request.POST.getlist("muc")[:MOST]
    return things_of(unit.pk, sensitive=sees_sensitive(request.user, unit), only=hashes) if hashes else []


def _nothing_chosen(request: HttpRequest, unit: Unit) -> HttpResponse:
    messages.warning(request, "Chưa chọn mục nào còn giữ. Xin tìm lại và đánh dấu ít nhất một mục.")
    return redirect("personal-unit", unit.pk)


def _carry_out(request: HttpRequest, orders: list[Ordered], now: datetime) -> None:
    try:
        gone = carry_out(orders, now)
    except OSError:
        messages.error(request, "Chưa xóa xong: máy chủ không ghi được sổ xóa. Hệ thống sẽ xóa tiếp trong đêm; xin báo người vận hành.")
        return
    if not gone:
        messages.warning(request, "Đã xóa; phần còn lại trong tệp tạm của cơ sở dữ liệu sẽ được dọn trong đêm.")


def _count(things: Iterable[Sequence[Any]]) -> str:
    said = count_kinds(Kind(kind) for _, kind, _ in things)
    return said[:1].upper() + said[1:]
