"""The pages of a case's letters, and the lists. Who follows cases makes them; a sensitive case is there for leaders alone."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.cases.models import Case
from server.documents.filling import Fact, Unusable
from server.documents.heading import blank, details_of, symbol_of
from server.documents.kinds import Kind
from server.documents.views import word_file
from server.documents.writing import write
from server.letters import kinds, lists
from server.letters.forms import ApologyForm, ExplanationForm, InvitationForm, LetterForm
from server.letters.making import letter
from server.letters.proposing import proposed
from server.letters.whom import citizen_of
from server.places.models import Unit
from server.places.scope import Right, may_in, units_for
from server.record.keeping import Action, note
from server.results.asked import asked

LETTERS: dict[str, tuple[Kind, type[LetterForm]]] = {  # by the names of their addresses
    "letter-invitation": (kinds.INVITATION, InvitationForm),
    "letter-apology": (kinds.APOLOGY, ApologyForm),
    "letter-explanation": (kinds.EXPLANATION, ExplanationForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case_letter(request: HttpRequest, unit_id: str, case_id: str, name: str) -> HttpResponse:
    """A letter's form, filled in as far as it is known; by POST, the letter."""
    unit = _unit(request, unit_id)
    case = _case(request, unit, case_id)
    kind, form_class = LETTERS[name]
    if request.method == "POST":
        form = form_class(request.POST)
        if form.is_valid():
            try:
                made = letter(unit, case, kind, form, request.user.get_username(), timezone.now())
            except Unusable as fault:
                form.add_error(None, f"Mẫu {kind.label.lower()} của đơn vị không điền được. {fault}")
            else:
                note(request, Action.EXPORT, unit.pk, case.id, kind.label.lower())
                return word_file(made, f"{kind.name}-{case.id}.docx")
    else:
        note(request, Action.VIEW, unit.pk, case.id, "contact, for a letter")
        form = form_class(initial=proposed(kind, case, citizen_of(case), details_of(unit), unit.today()))
    letters = [(address, one.label, address == name) for address, (one, _) in LETTERS.items()]
    context = {"here": "cases", "unit": unit, "case": case, "kind": kind, "form": form, "letters": letters}
    return render(request, "letters/letter.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def monday_list(request: HttpRequest, unit_id: str, day: str) -> HttpResponse:
    """Whom the office receives on a Monday. All their names are opened, and each is recorded."""
    unit = _unit(request, unit_id)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    cases = lists.received_on(unit, on)
    for case in cases:
        note(request, Action.VIEW, unit.pk, case.id, "contact, for the Monday list")
    return _list(request, unit, kinds.MONDAY, lists.monday(cases, details_of(unit), on), f"{on}")


@require_safe
@login_required
def commendation_list(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Who was commended in the period that is asked for as on the pages of results."""
    unit = _unit(request, unit_id)
    wanted = asked(request.GET.dict(), unit.today())
    if wanted.fault:
        return render(request, "letters/fault.html", {"here": "commendations", "unit": unit, "fault": wanted.fault}, status=422)
    period = wanted.period
    return _list(request, unit, kinds.COMMENDATIONS, lists.commended(unit, period), f"{period.first}_{period.last}")


def _unit(request: HttpRequest, unit_id: str) -> Unit:
    return get_object_or_404(units_for(request.user, Right.FOLLOW_CASES).select_related("parent"), pk=unit_id)


def _case(request: HttpRequest, unit: Unit, case_id: str) -> Case:
    case = get_object_or_404(Case, unit_id=unit.pk, id=case_id)
    if case.sensitive and not may_in(request.user, Right.SEE_SENSITIVE, unit.pk):
        raise Http404
    return case


def _list(request: HttpRequest, unit: Unit, kind: Kind, facts: Mapping[str, Fact], of: str) -> HttpResponse:
    symbol = symbol_of(details_of(unit), kind.symbol)
    try:
        made = write(unit, kind, facts, unit.today(), blank(symbol))
    except Unusable as fault:
        said = f"Mẫu {kind.label.lower()} của đơn vị không điền được. {fault}"
        return render(request, "letters/fault.html", {"here": "cases", "unit": unit, "fault": said}, status=422)
    note(request, Action.EXPORT, unit.pk, kind.name, of)
    return word_file(made, f"{kind.name}-{of}.docx")
