"""The pages of commendations: the units, a unit's list of a period, and the form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from server.cases.queries import called
from server.commendations import queries
from server.commendations.forms import CommendationForm
from server.commendations.keeping import CommendedBeforeError, Given, commend, correct, take_back
from server.commendations.models import Commendation
from server.commendations.origin import Origin, origin
from server.comments.opening import open_sealed
from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, may_in, units_for
from server.record.keeping import Action, note
from server.results.asked import asked
from server.results.queries import is_area
from sync.entries import Malformed
from sync.sealing import Written


@require_safe
@login_required
def commendations(request: HttpRequest) -> HttpResponse:
    """The list of the user's unit, or the units to choose from."""
    units = units_for(request.user, Right.FOLLOW_CASES).select_related("parent").order_by("name", "pk")
    some = list(units[:2])
    if not some:
        raise Http404
    if len(some) == 1:
        return _list(request, some[0])
    return render(request, "commendations/units.html", {"here": "commendations", "choice": choose(units, request)})


@require_safe
@login_required
def of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """A unit's list of a period."""
    return _list(request, _unit(request, unit_id))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def commend_page(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The form for a new commendation; from a comment (`?gop-y=…`) it comes filled in."""
    unit = _unit(request, unit_id)
    come, written = _from_comment(request, unit, request.GET.get("gop-y", ""))
    before = Commendation.objects.filter(unit_id=unit.pk, sealed=come.sealed, withdrawn_at=None).first() if come else None
    if before is not None:
        messages.info(request, "Góp ý này đã được ghi thành lời khen dưới đây.")
        return redirect("commendation", unit.pk, before.id)
    begin = Given(come.officer_id, come.day, "", public=False) if come else Given("", unit.today(), "", public=False)
    form = _filled(request, unit, begin, written)
    if request.method == "POST" and form.is_valid():
        try:
            entry = commend(unit, form.given, come, request.user.get_username(), timezone.now())
        except CommendedBeforeError:
            return redirect(request.get_full_path())
        note(request, Action.CHANGE, unit.pk, str(entry.id), "commended")
        messages.success(request, "Đã ghi lời khen.")
        return redirect("unit-commendations", unit.pk)
    return _form(request, unit, form, come=come, written=written)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def commendation(request: HttpRequest, unit_id: str, commendation_id: str) -> HttpResponse:
    """One commendation, to be corrected or taken back."""
    unit = _unit(request, unit_id)
    entry = _entry(unit, commendation_id)
    come, written = _from_comment(request, unit, entry.sealed, there=False)
    form = _filled(request, unit, Given(entry.officer_id, entry.day, entry.words, entry.public), written)
    if request.method == "POST" and form.is_valid():
        if changed := correct(entry, form.given):
            note(request, Action.CHANGE, unit.pk, str(entry.id), f"commendation corrected: {', '.join(changed)}")
            messages.success(request, "Đã sửa lời khen.")
        return redirect("unit-commendations", unit.pk)
    return _form(request, unit, form, come=come, written=written, entry=entry)


@require_POST
@login_required
def taking_back(request: HttpRequest, unit_id: str, commendation_id: str) -> HttpResponse:
    """A commendation is listed no more."""
    unit = _unit(request, unit_id)
    entry = _entry(unit, commendation_id)
    if take_back(entry, timezone.now()):
        note(request, Action.CHANGE, unit.pk, str(entry.id), "commendation withdrawn")
        messages.success(request, "Đã rút lời khen.")
    return redirect("unit-commendations", unit.pk)


def _unit(request: HttpRequest, unit_id: str) -> Unit:
    return get_object_or_404(units_for(request.user, Right.FOLLOW_CASES).select_related("parent"), pk=unit_id)


def _filled(request: HttpRequest, unit: Unit, begin: Given, written: Written | None) -> CommendationForm:
    data = request.POST if request.method == "POST" else None
    return CommendationForm(unit, data, begin, written, publishes=may_in(request.user, Right.PUBLISH, unit.pk))


def _entry(unit: Unit, name: str) -> Commendation:
    return get_object_or_404(Commendation, unit_id=unit.pk, id=name, withdrawn_at=None)


def _from_comment(request: HttpRequest, unit: Unit, sealed: str, *, there: bool = True) -> tuple[Origin | None, Written | None]:
    """The comment by its hash and what was written, which is recorded; nothing where none is named. there: else it may be gone.

    Raises Http404 for one that there is not, or that the user may not see.
    """
    if not sealed:
        return None, None
    sensitive = may_in(request.user, Right.SEE_SENSITIVE, unit.pk)
    come = origin(unit, sealed, sensitive=sensitive) if may_in(request.user, Right.READ_COMMENTS, unit.pk) else None
    if come is None:
        if there:
            raise Http404
        return None, None
    try:
        written = open_sealed(sealed)
    except (LookupError, Malformed):
        return come, None
    note(request, Action.VIEW, unit.pk, sealed, "comment read for a commendation")
    return come, written


def _list(request: HttpRequest, unit: Unit) -> HttpResponse:
    period = asked(request.GET.dict(), unit.today())
    queries.close_blocks(unit)
    rows = queries.of_period(unit, period.period)
    names = called({row.who for row in rows})
    context = {
        "here": "commendations",
        "unit": unit,
        "area": is_area(unit),
        "asked": period,
        "rows": [row._replace(who=names.get(row.who, row.who)) for row in reversed(rows)],
        "withdrawn": queries.withdrawn_of(unit, period.period),
        "on_board": {one.id for one in queries.on_board(unit)},
    }
    return render(request, "commendations/list.html", context)


def _form(
    request: HttpRequest,
    unit: Unit,
    form: CommendationForm,
    *,
    come: Origin | None,
    written: Written | None,
    entry: Commendation | None = None,
) -> HttpResponse:
    context = {"here": "commendations", "unit": unit, "form": form, "come": come, "written": written, "entry": entry}
    return render(request, "commendations/form.html", context, status=422 if form.errors else 200)
