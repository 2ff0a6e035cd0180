"""The pages on which people see and type how many transactions a unit handled."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from server.devices.identity import address_of
from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, may, units_for
from server.problems import ProblemError
from server.results.queries import serving
from server.results.templatetags.vietnamese import number
from server.transactions.calendar import WEEKDAYS, month_of, open_days
from server.transactions.forms import BY_COUNTER, counter_form, total_form, typed
from server.transactions.telling import Handled, Source, Teller, Told, tell, told


@require_safe
@login_required
def units(request: HttpRequest) -> HttpResponse:
    """The units whose transactions the user counts; the only one there is opens at once."""
    if not may(request.user, Right.COUNT_TRANSACTIONS):
        raise Http404
    choice = choose(serving(units_for(request.user, Right.COUNT_TRANSACTIONS).filter(ended=None)), request)
    if len(choice.units) == 1 and not choice.wanted:
        return redirect("transactions-month", choice.units[0].pk)
    return render(request, "transactions/units.html", {"here": "transactions", "choice": choice})


@require_safe
@login_required
def month(request: HttpRequest, unit_id: str) -> HttpResponse:
    """A month of the unit: which days are told, how, and by whom."""
    unit = counted_unit(request, unit_id)
    shown = asked_month(request, unit)
    first, last = open_days(unit)
    context = {
        "unit": unit,
        "month": month_of(unit, shown),
        "weekdays": WEEKDAYS,
        "today": unit.today(),
        "first": first,
        "last": last,
        "only": units_for(request.user, Right.COUNT_TRANSACTIONS).count() == 1,
    }
    return render(request, "transactions/month.html", {"here": "transactions", **context})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def day(request: HttpRequest, unit_id: str, day: str) -> HttpResponse:
    """Type a day. After it was kept, the next day that is awaited opens, so that many are typed in a row by number and Enter."""
    unit = counted_unit(request, unit_id)
    page = _DayPage(unit, _open_day(unit, day))
    if request.method != "POST":
        return page.answer(request)
    rows: list[Handled] = []
    if "bo" not in request.POST:
        rows = page.take(request.POST.dict())
        if page.faulty:
            return page.answer(request)
        if not rows:
            return page.answer(request, "Xin nhập ít nhất một số. Nếu ngày này không có hồ sơ nào, xin nhập 0.")
    if request.POST.get("luc", "") != page.moment:
        return page.answer(request, "Trong lúc ông/bà nhập, số của ngày này đã được thay. Xin xem lại rồi lưu.")
    try:
        changed = tell(unit, {page.day: rows}, Teller(request.user.get_username(), Source.TYPED, address_of(request)))
    except ProblemError as problem:  # a counter was deleted meanwhile
        return page.answer(request, f"Không lưu được: {problem}")
    messages.success(request, _said(page.day, rows, changed.get(page.day), same=not changed))
    if "tiep" in request.POST and page.following:
        return redirect("transactions-day", unit.pk, page.following.isoformat())
    return redirect(f"{reverse('transactions-month', args=[unit.pk])}?thang={page.day:%Y-%m}")


class _DayPage:
    """The page of a day with its two forms, of which one is filled in."""

    def __init__(self, unit: Unit, day: date) -> None:
        counters = list(unit.counters.order_by("name", "id"))
        self.unit, self.day = unit, day
        self.stands = told(unit, day, day).get(day)
        self.total = total_form(self.stands)
        self.by_counter = counter_form(counters, self.stands) if counters else []
        self.counting = self.stands is not None and not self.total[0].text and bool(counters)
        self.following = next((one.day for one in month_of(unit, day).awaited if one.day > day), None)

    @property
    def moment(self) -> str:
        """By which the form knows that the day was told again meanwhile."""
        return self.stands.at.isoformat() if self.stands else ""

    @property
    def totalling(self) -> bool:
        """Whether the total is typed rather than the counters."""
        return not self.counting

    @property
    def faulty(self) -> bool:
        """Whether anything typed is to be mended."""
        return any(field.fault for field in (*self.total, *self.by_counter))

    def take(self, said: dict[str, str]) -> list[Handled]:
        """Fill in the form that was sent; returns its counts."""
        self.counting = BY_COUNTER in said
        if self.counting:
            self.by_counter, rows = typed(self.by_counter, said)
        else:
            self.total, rows = typed(self.total, said)
        return rows

    def answer(self, request: HttpRequest, fault: str = "") -> HttpResponse:
        """The page; fault: what is wrong with all of it."""
        first, last = open_days(self.unit)
        context: dict[str, Any] = {
            "here": "transactions",
            "page": self,
            "unit": self.unit,
            "weekday": WEEKDAYS[self.day.weekday()],
            "before": self.day - date.resolution if self.day > first else None,
            "after": self.day + date.resolution if self.day < last else None,
            "by_officer": self.stands is not None and any(row.officer_id for row in self.stands.rows),
            "fault": fault,
        }
        return render(request, "transactions/day.html", context, status=422 if fault or self.faulty else 200)


def counted_unit(request: HttpRequest, unit_id: str) -> Unit:
    """The unit of the address; one that the user does not count for is as absent as one that does not exist."""
    return get_object_or_404(units_for(request.user, Right.COUNT_TRANSACTIONS).select_related("parent"), pk=unit_id)


def asked_month(request: HttpRequest, unit: Unit) -> date:
    """The first day of the month that the request asks for (thang=2026-11), or of the last one that can be told."""
    first, last = (day.replace(day=1) for day in open_days(unit))
    try:
        asked = date.fromisoformat(request.GET.get("thang", "") + "-01")
    except ValueError:
        return last
    return asked if first <= asked <= last else last


def _open_day(unit: Unit, text: str) -> date:
    try:
        this = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    first, last = open_days(unit)
    if not first <= this <= last:
        raise Http404
    return this


def _said(day: date, rows: list[Handled], before: Told | None, *, same: bool) -> str:
    if same:
        return f"Ngày {day:%d/%m/%Y}: không có gì thay đổi."
    was = f"; trước đó là {number(before.handled)} hồ sơ, {before.who} ({before.words})" if before else ""
    if not rows:
        return f"Đã bỏ số của ngày {day:%d/%m/%Y}{was}."
    return f"Đã lưu ngày {day:%d/%m/%Y}: {number(sum(row.handled for row in rows))} hồ sơ{was}."
