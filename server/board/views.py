"""The public pages of a unit, and the page on which a unit publishes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.board.models import Publication
from server.board.outcomes import by_year, of_leader, outcomes, put_back, take_down
from server.board.publishing import Draft, NotPublishableError, draft, publish, published, withdraw
from server.commendations.queries import on_board
from server.intake.models import PublishedDay
from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, may_in, units_for
from server.record.keeping import Action, note
from server.results.period import Kind, Period, containing
from server.screens.models import Sentence

SEALS = 7
LATEST = 5  # outcomes and commendations on the unit's page
KINDS = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)
CHOICES = {Kind.MONTH: 6, Kind.QUARTER: 3, Kind.YEAR: 2}  # how many of each are offered


@require_safe
@cache_control(public=True, max_age=60)
def boards(request: HttpRequest) -> HttpResponse:
    """Units that published something, by name, or those whose name holds the words sought."""
    shown = Publication.objects.filter(withdrawn_at=None).values("unit_id")
    units = Unit.objects.filter(pk__in=shown).select_related("parent").order_by("parent__name", "name")
    return render(request, "board/boards.html", {"choice": choose(units, request)})


@require_safe
@cache_control(public=True, max_age=60)
def board(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What a unit published, and the hashes of its days."""
    return render(request, "board/board.html", _public(unit_id))


@require_safe
@cache_control(public=True, max_age=60)
def lobby(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The latest of it, large, for a screen in the lobby that nobody touches."""
    return render(request, "board/lobby.html", _public(unit_id))


@require_safe
@cache_control(public=True, max_age=60)
def answered(request: HttpRequest, unit_id: str) -> HttpResponse:
    """All that became of complaints and was published, by year."""
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=unit_id)
    return render(request, "board/answered.html", {"unit": unit, "years": by_year(outcomes(unit))})


def _public(unit_id: str) -> dict[str, object]:
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=unit_id)
    publications = published(unit)
    units = [unit.pk, unit.parent_id] if unit.parent_id else [unit.pk]
    said = Sentence.objects.filter(screens__unit__in=units, key=Sentence.Key.RECEPTION, language="vi")
    reception = {sentence.screens_id: sentence.words for sentence in said}
    return {
        "unit": unit,
        "latest": publications[0] if publications else None,
        "earlier": publications[1:],
        "outcomes": outcomes(unit, LATEST),
        "commended": on_board(unit)[:LATEST],
        "reception": next((reception[place] for place in units if place in reception), ""),
        "seals": PublishedDay.objects.filter(unit_id=unit.pk).order_by("-day")[:SEALS],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publishing(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What may be published now, and what is; publishing a period."""
    unit = get_object_or_404(units_for(request.user, Right.PUBLISH), pk=unit_id)
    offered = _offered(unit)
    if request.method == "POST":
        chosen = next((period for period in offered if _name(period) == request.POST.get("period")), None)
        if chosen is None:
            messages.error(request, "Xin chọn một kỳ trong danh sách.")
        else:
            try:
                made = publish(unit, chosen, request.user.get_username(), timezone.now())
                note(request, Action.CHANGE, unit.pk, f"publication {made.number}", f"published {_name(chosen)}")
                messages.success(request, f"Đã công bố kết quả {chosen}.")
            except NotPublishableError as error:
                messages.error(request, str(error))
        return redirect("publishing", unit_id=unit.pk)
    shown = published(unit)
    drafts = [(_name(period), _state(draft(unit, period), shown)) for period in offered]
    takes_down = may_in(request.user, Right.SEE_SENSITIVE, unit.pk)
    context = {"here": "today", "unit": unit, "drafts": drafts, "published": shown, "may_take_down": takes_down}
    return render(request, "board/publishing.html", context)


@login_required
@require_POST
def withdrawing(request: HttpRequest, unit_id: str, number: int) -> HttpResponse:
    """Showing a period no more."""
    unit = get_object_or_404(units_for(request.user, Right.PUBLISH), pk=unit_id)
    if withdraw(unit, number):
        note(request, Action.CHANGE, unit.pk, f"publication {number}", "withdrawn")
        messages.success(request, "Đã thôi công bố kết quả của kỳ này.")
    return redirect("publishing", unit_id=unit.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def taking_down(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The published outcomes of a unit; by POST, one is shown no more, or again.

    For leaders alone: numbers of cases stand here, which are keys, and sensitive cases among them.
    """
    unit = get_object_or_404(units_for(request.user, Right.SEE_SENSITIVE), pk=unit_id)
    if request.method == "POST":
        case = next((case for case, _ in of_leader(unit) if case.id == request.POST.get("so")), None)
        if case is None:
            raise Http404
        back = request.POST.get("viec") == "dang-lai"
        if (put_back if back else take_down)(case, request.user.get_username(), timezone.now()):
            note(request, Action.CHANGE, unit.pk, case.id, "outcome put back on the board" if back else "outcome taken off the board")
            messages.success(request, "Đã đưa kết quả trở lại bảng công khai." if back else "Đã gỡ kết quả khỏi bảng công khai.")
        return redirect("taking-down", unit_id=unit.pk)
    return render(request, "board/taking_down.html", {"here": "cases", "unit": unit, "outcomes": of_leader(unit)})


def _offered(unit: Unit) -> list[Period]:
    """The last periods of each kind that are over."""
    offered = []
    for kind in KINDS:
        period = containing(kind, unit.today()).before
        for _ in range(CHOICES[kind]):
            offered.append(period)
            period = period.before
    return offered


def _name(period: Period) -> str:
    return f"{period.kind}-{period.first.isoformat()}"


def _state(made: Draft, shown: list[Publication]) -> dict[str, object]:
    """A draft beside what is published of its period. differs: more was counted since."""
    holds = next((row for row in shown if (row.first, row.last) == (made.period.first, made.period.last)), None)
    return {"draft": made, "published": holds, "differs": holds is not None and holds.votes != made.votes}
