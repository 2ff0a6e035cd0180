"""The pages of the suggestion box: the daily report, and typing in what was found on paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from server.cases import box, votes
from server.cases.box import SENSITIVE, Slip
from server.cases.choosing import chosen
from server.cases.doors import Here, here
from server.cases.models import Case, Reading
from server.cases.paper_form import PaperForm
from server.cases.queries import visible
from server.cases.seeing import Opened, open_for
from server.cases.taking import Matter, open_about, open_of_vote, put_in, read
from server.cases.votes import Said
from server.cases.wording import Names, subject
from server.places.models import Unit
from server.places.scope import Right
from server.record.keeping import Action, note
from sync.entries import Malformed
from sync.reference import reference

AT_ONCE = 20  # unread ones on a page: each is opened, and stands in the record


class Shown(NamedTuple):
    """A slip as the page has it. case: the number of the case about it, or of another about the same vote."""

    slip: Slip
    opened: Opened | None
    number: str
    counter: str
    officer: str
    reasons: list[str]
    source: str
    became: str
    case: str


class ShownVote(NamedTuple):
    """A vote without a comment as the page has it."""

    said: Said
    counter: str
    officer: str
    reasons: list[str]


@require_safe
@login_required
def boxes(request: HttpRequest) -> HttpResponse:
    """The box of the unit, or the list of units if there are several."""

    def tell(unit: Unit, sensitive: bool) -> str:
        waits = len(box.unread(unit, unit.today(), sensitive=sensitive))
        return f"{waits} góp ý chưa đọc" if waits else "đã đọc hết"

    return chosen(request, Right.READ_COMMENTS, "box", "unit-box", "Hòm thư góp ý", tell)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def unit_box(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The daily report of a unit's box; by POST, what becomes of a slip or a vote."""
    place = here(request, unit_id, Right.READ_COMMENTS)
    day = _day(request, place.unit)
    if request.method == "POST":
        return _take(request, place, day)
    unit, today = place.unit, place.unit.today()
    unread = box.unread(unit, today, sensitive=place.sensitive)[::-1]
    of_day = [one for one in box.slips(unit, day, day, sensitive=place.sensitive) if one.became is not None]
    awaited = box.awaited(unit, today - box.UNREAD_FOR, today, sensitive=place.sensitive)
    told = votes.on_day(unit, day, sensitive=place.sensitive)
    parts: list[Slip | Said] = [*unread, *of_day, *awaited, *told]
    names = Names((one.counter_id for one in parts), (one.officer_id for one in parts), (one.reasons for one in parts))
    context = {
        "here": "box",
        "place": place,
        "unit": unit,
        "day": day,
        "today": today,
        "before": day - date.resolution,
        "after": day + date.resolution if day < today else None,
        "report": box.report(unit, day, sensitive=place.sensitive)._replace(waiting=len(unread)),
        "unread": _shown(request, place, unread[:AT_ONCE], names),
        "more": max(0, len(unread) - AT_ONCE),
        "read": _shown(request, place, of_day, names),
        "awaited": [Shown(one, None, "", names.counter(one.counter_id), "", [], "", "", "") for one in awaited],
        "votes": [ShownVote(one, names.counter(one.counter_id), names.officer(one.officer_id), names.reasons(one.reasons)) for one in told],
    }
    return render(request, "cases/box.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def paper(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Type in a slip out of the paper box; it is sealed at once and lies in the box like any other."""
    place = here(request, unit_id, Right.READ_COMMENTS)
    form = PaperForm(place.unit, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sealed = put_in(place.unit, form.written, form.found, request.user.get_username(), timezone.now())
        except Malformed:
            form.add_error("text", "Lời trên phiếu dài quá. Xin chia làm hai phiếu.")
        else:
            note(request, Action.CHANGE, place.unit.pk, sealed, "nhập phiếu từ hòm thư")
            if SENSITIVE in form.found.reasons and not place.sensitive:
                messages.success(request, "Đã nhập phiếu và gửi riêng lãnh đạo: góp ý về chi phí ngoài quy định chỉ lãnh đạo xem.")
            else:
                messages.success(request, "Đã nhập phiếu vào hòm thư.")
            return redirect(_address(place.unit, form.found.day))
    return render(request, "cases/paper.html", {"here": "box", "unit": place.unit, "form": form}, status=422 if form.errors else 200)


def _take(request: HttpRequest, place: Here, day: date) -> HttpResponse:
    """What the pressed button says: open a case, or note."""
    slip = box.find(place.unit, request.POST.get("gop-y", ""), sensitive=place.sensitive)
    said = next((one for one in votes.on_day(place.unit, day, sensitive=place.sensitive) if one.number == request.POST.get("luot")), None)
    doing, now, who = request.POST.get("viec"), timezone.now(), request.user.get_username()
    if doing == "mo" and place.follows and (slip or said):
        case = _open(place, slip, who) if slip else _open_vote(place, said, who)  # type: ignore[arg-type] # one of the two is there
        note(request, Action.CHANGE, place.unit.pk, case.id, "mở vụ việc")
        return redirect("case", place.unit.pk, case.id)
    if doing == "ghi-nhan" and slip:
        if slip.became == Reading.Became.CASE:
            messages.warning(request, "Góp ý này vừa được mở thành vụ việc, nên không chuyển sang “ghi nhận”.")
        else:
            read(place.unit, slip.sealed, slip.day, Reading.Became.NOTED, who, now)
            note(request, Action.CHANGE, place.unit.pk, slip.sealed, "ghi nhận góp ý")
            messages.success(request, "Đã ghi nhận góp ý.")
        return redirect(_address(place.unit, day))
    raise Http404


def _open(place: Here, slip: Slip, who: str) -> Case:
    matter = _matter(place, slip, who)._replace(source=slip.source, vote=slip.vote, sensitive=slip.sensitive)
    return open_about(place.unit, matter, slip.sealed, who, timezone.now())


def _open_vote(place: Here, said: Said, who: str) -> Case:
    matter = _matter(place, said, who)._replace(sensitive=said.sensitive)
    return open_of_vote(place.unit, matter, said.vote, who, timezone.now())


def _matter(place: Here, one: Slip | Said, who: str) -> Matter:
    names = Names([one.counter_id], [one.officer_id], [one.reasons])
    called = subject(names.reasons(one.reasons), names.counter(one.counter_id), one.day)
    return Matter(Case.Source.VOTE, one.day, called, counter_id=one.counter_id, officer_id=one.officer_id, reasons=one.reasons, handler=who)


def _shown(request: HttpRequest, place: Here, slips: Sequence[Slip], names: Names) -> list[Shown]:
    """The slips, opened for whoever looks."""
    there: dict[str, str] = {}
    if place.follows:
        cases = visible([place.unit.pk], sensitive=place.sensitive)
        numbers = [reference(one.sealed) for one in slips]
        there = {key: key for key in cases.filter(id__in=numbers).values_list("id", flat=True)}
        by_vote = cases.filter(vote__in=[one.vote for one in slips if one.vote]).values_list("vote", "id")
        there |= {str(vote): key for vote, key in by_vote}
    return [
        Shown(
            one,
            open_for(request, place.unit.pk, one.sealed, "góp ý trong hòm thư"),
            reference(one.sealed),
            names.counter(one.counter_id),
            names.officer(one.officer_id),
            names.reasons(one.reasons),
            Case.Source(one.source).label,
            Reading.Became(one.became).label if one.became else "",
            there.get(reference(one.sealed)) or there.get(str(one.vote), ""),
        )
        for one in slips
    ]


def _day(request: HttpRequest, unit: Unit) -> date:
    """The day that is asked for (ngay=2026-11-26), or today."""
    today = unit.today()
    try:
        day = date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return today
    return day if today - timedelta(days=3660) <= day <= today else today


def _address(unit: Unit, day: date) -> str:
    return f"{reverse('unit-box', args=[unit.pk])}?ngay={day:%Y-%m-%d}"
