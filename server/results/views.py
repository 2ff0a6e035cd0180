"""The pages of results: today, and the tabs of a unit with their files."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from server.alerts.queries import waiting_sentences
from server.cases.queries import sentences as of_cases
from server.flags.queries import sentences
from server.navigation import bar
from server.places.choosing import choose
from server.places.history import name_on
from server.places.models import Unit
from server.places.scope import Right, may_in, topmost, units_for
from server.record.keeping import Action, note
from server.results import downloads, queries
from server.results.asked import Asked, asked
from server.results.attention import Notice
from server.results.morning import morning
from server.results.overview import glances
from server.results.sections import Section
from server.results.tabs.register import tabs_of
from server.results.tabs.shown import Content, Shown, Tab


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """The unit that the user may see, or a choice of them; who sees no results goes to the first page that they have."""
    now = timezone.now()
    choice = choose(topmost(units_for(request.user, Right.SEE_RESULTS).filter(ended=None)), request)
    if len(choice.units) == 1 and not choice.wanted:
        return _morning(request, choice.units[0], now)
    if not choice.units and not choice.wanted:
        other = next((entry.name for entry in bar(request)["bar"] if entry.name != "today"), None)
        if other:
            return redirect(other)
    return render(request, "results/units.html", {"here": "today", "choice": replace(choice, rows=glances(choice.units, now))})


@require_safe
@login_required
def unit_today(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Today in one unit; one that the user may not see is as absent as one that does not exist."""
    return _morning(request, _unit(request, unit_id), timezone.now())


@require_safe
@login_required
def unit_tab(request: HttpRequest, unit_id: str, slug: str) -> HttpResponse:
    """A tab of the unit in the period that the address asks about."""
    unit = _unit(request, unit_id)
    tab, shown = _tab(unit, slug), _shown(request, unit)
    content = tab.build(shown)
    if tab.people:
        note(request, Action.VIEW, unit.pk, tab.slug)
    order = request.GET.get("xep", "")
    address = reverse("unit-tab", args=[unit.pk, tab.slug])
    context = {
        **_frame(request, unit, tab.slug, shown.asked),
        "tab": tab,
        "content": content,
        "sections": [_sorted(section, order) for section in content.sections],
        "asked": shown.asked,
        "address": address,
        "order": order,
        "called_then": _other_name(unit, shown.asked),
    }
    return render(request, "results/tab.html", context)


@require_GET
@login_required
@never_cache
def table_file(request: HttpRequest, unit_id: str, slug: str, name: str, form: str) -> HttpResponse:
    """A table of a tab as a file: the rows of the page, in the order in which the address asks for them."""
    unit = _unit(request, unit_id)
    tab, shown = _tab(unit, slug), _shown(request, unit)
    section = _section(tab.build(shown), name)
    table = section.table.sorted_by(request.GET.get("xep", ""))
    if form == downloads.CSV:
        body = downloads.as_csv(table)
    else:
        about = downloads.About(
            unit.name, f"{shown.period}", queries.local(unit, timezone.now()), _who(request), [*section.says, *section.notes]
        )
        body = downloads.as_workbook(table, about)
    note(request, Action.EXPORT, unit.pk, f"{slug}/{name}.{form}", f"{shown.period}")
    called = f"{slug}-{name}-{shown.period.first}-{shown.period.last}.{form}"
    return HttpResponse(body, headers={"Content-Type": downloads.TYPES[form], "Content-Disposition": f'attachment; filename="{called}"'})


def _morning(request: HttpRequest, unit: Unit, now: datetime) -> HttpResponse:
    said = morning(unit, now)
    if said.by_month:
        note(request, Action.VIEW, unit.pk, "hom-nay")
    asked_of_month = Asked(said.month, said.clock.date())
    context = {
        **_frame(request, unit, "", asked_of_month),
        "morning": said,
        "asked": asked_of_month,
        "publishes": may_in(request.user, Right.PUBLISH, unit.pk),
        "notices": [
            *waiting_sentences(request.user, unit),
            *_of_cases(request, unit, said.clock.date()),
            *sentences(unit, said.clock.date()),
        ],
    }
    return render(request, "results/today.html", context)


def _of_cases(request: HttpRequest, unit: Unit, day: date) -> list[Notice]:
    reads, follows, sensitive = (
        may_in(request.user, right, unit.pk) for right in (Right.READ_COMMENTS, Right.FOLLOW_CASES, Right.SEE_SENSITIVE)
    )
    return of_cases(unit, day, reads=reads, follows=follows, sensitive=sensitive)


def _unit(request: HttpRequest, unit_id: str) -> Unit:
    return get_object_or_404(units_for(request.user, Right.SEE_RESULTS).select_related("parent", "successor"), pk=unit_id)


def _tab(unit: Unit, slug: str) -> Tab:
    for tab in tabs_of(unit):
        if tab.slug == slug:
            return tab
    raise Http404


def _section(content: Content, name: str) -> Section:
    for section in content.sections:
        if section.table.name == name:
            return section
    raise Http404


def _shown(request: HttpRequest, unit: Unit) -> Shown:
    parameters = request.GET.dict()
    moments = may_in(request.user, Right.SEE_MOMENTS, unit.pk)
    return Shown(unit, asked(parameters, unit.today()), parameters, moments)


def _sorted(section: Section, order: str) -> Section:
    return replace(section, table=section.table.sorted_by(order))


def _frame(request: HttpRequest, unit: Unit, here: str, period: Asked) -> dict[str, Any]:
    """What every page of a unit has: its tabs, what stands above it, and who made the page when, for print."""
    above = unit.parent if unit.parent and may_in(request.user, Right.SEE_RESULTS, unit.parent.pk) else None
    tabs = [("Hôm nay", reverse("unit", args=[unit.pk]), here == "")]
    tabs += [(tab.label, f"{reverse('unit-tab', args=[unit.pk, tab.slug])}?{period.query}", tab.slug == here) for tab in tabs_of(unit)]
    return {
        "here": "today",
        "unit": unit,
        "above": above,
        "tabs": tabs,
        "printed": {"at": queries.local(unit, timezone.now()), "who": _who(request)},
        "period": period.period,
    }


def _other_name(unit: Unit, shown: Asked) -> str:
    """What the unit was called at the end of the period, where that was otherwise."""
    then = name_on(unit, min(shown.period.last, shown.today))
    return "" if then == unit.name else then


def _who(request: HttpRequest) -> str:
    return str(getattr(request.user, "get_full_name", str)() or request.user.get_username())
