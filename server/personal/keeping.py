"""The pages that say how long things are kept, what is held back, and what the office does with personal data."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from server.cases.models import Case
from server.cases.taking import tell
from server.personal.describing import described
from server.personal.finding import words_in
from server.personal.forms import HoldForm, TermsForm, refuse_names
from server.personal.holding import kept_by, things_of
from server.personal.models import Hold, Terms
from server.personal.retaining import coming
from server.personal.rules import Rule
from server.personal.views import unit_for
from server.places.models import Unit
from server.places.scope import Right, may_in
from server.record.keeping import Action, note


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def terms(request: HttpRequest, unit_id: str) -> HttpResponse:
    """How long the unit keeps things; by POST, a leader says otherwise, or that what is said above holds again."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    decides = may_in(request.user, Right.ERASE, unit.pk)
    kept = kept_by(unit)
    form = TermsForm(request.POST if request.method == "POST" else None, initial={rule.value: kept.months[rule] for rule in Rule})
    if request.method == "POST":
        if not decides:
            raise Http404
        if "thoi" in request.POST:
            Terms.objects.filter(unit_id=unit.pk).delete()
            return _changed(request, unit, "as above")
        if form.is_valid():
            said = {**form.cleaned_data, "who": request.user.get_username(), "at": timezone.now()}
            Terms.objects.update_or_create(unit_id=unit.pk, defaults=said)
            return _changed(request, unit, ", ".join(f"{rule} {form.cleaned_data[rule.value]}" for rule in Rule))
    own = kept.said_by is not None and kept.said_by.pk == unit.pk
    rules = [(rule, kept.months[rule], form[rule.value]) for rule in Rule]
    context = {"here": "personal", "unit": unit, "form": form, "rules": rules, "decides": decides, "own": own, "said_by": kept.said_by}
    return render(request, "personal/terms.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def holds(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Cases that are held back; by POST, one more, or one that is let go again."""
    unit = unit_for(request, Right.ERASE, unit_id)
    form = HoldForm(request.POST if request.method == "POST" and "thoi" not in request.POST else None)
    if "thoi" in request.POST:
        _let_go(request, unit, request.POST["thoi"])
        return redirect("personal-holds", unit.pk)
    if form.is_bound and form.is_valid():
        case = Case.objects.filter(unit_id=unit.pk, id=form.cleaned_data["case"]).first()
        if case is not None:
            refuse_names(form, words_in(unit, [one for one in things_of(unit.pk, sensitive=True) if case.id in one.cases]))
        else:
            form.add_error("case", "Đơn vị không có vụ việc nào mang mã số này.")
        if case is not None and not form.errors:
            _hold_back(request, case, form)
            messages.success(request, f"Đã giữ lại dữ liệu của vụ việc {case.id} đến hết ngày {form.cleaned_data['until']:%d/%m/%Y}.")
            return redirect("personal-holds", unit.pk)
    today = unit.today()
    there = [(one, one.until >= today) for one in Hold.objects.filter(unit_id=unit.pk).order_by("-until", "case")]
    context = {"here": "personal", "unit": unit, "form": form, "holds": there}
    return render(request, "personal/holds.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@login_required
def processing(request: HttpRequest, unit_id: str) -> HttpResponse:
    """What the office does with personal data, to be printed for its file."""
    unit = unit_for(request, Right.READ_COMMENTS, unit_id)
    return render(
        request, "personal/processing.html", {"here": "personal", "unit": unit, "today": unit.today(), **described(kept_by(unit))}
    )


def _changed(request: HttpRequest, unit: Unit, what: str) -> HttpResponse:
    note(request, Action.CHANGE, unit.pk, unit.pk, f"terms of keeping: {what}")
    soon = sum(one.soon for one in coming(unit, kept_by(unit), things_of(unit.pk, sensitive=True), timezone.now()))
    messages.success(request, f"Đã lưu thời hạn. Theo thời hạn này, {soon} mục sẽ được xóa trong 30 ngày tới, bắt đầu từ đêm nay.")
    return redirect("personal-terms", unit.pk)


@transaction.atomic
def _hold_back(request: HttpRequest, case: Case, form: HoldForm) -> None:
    until, because, who, now = form.cleaned_data["until"], form.cleaned_data["because"], request.user.get_username(), timezone.now()
    said = {"until": until, "because": because, "who": who, "at": now}
    Hold.objects.update_or_create(unit_id=case.unit_id, case=case.id, defaults=said)
    tell(case, who, now, f"giữ lại dữ liệu, không xóa đến hết ngày {until:%d/%m/%Y}; lý do: {because}")
    note(request, Action.CHANGE, case.unit_id, case.id, f"held back until {until}")


@transaction.atomic
def _let_go(request: HttpRequest, unit: Unit, number: str) -> None:
    case = Case.objects.filter(unit_id=unit.pk, id=number).first()
    gone, _ = Hold.objects.filter(unit_id=unit.pk, case=number).delete()
    if case is not None and gone:
        tell(case, request.user.get_username(), timezone.now(), "thôi giữ lại dữ liệu; thời hạn lưu lại có hiệu lực")
        note(request, Action.CHANGE, unit.pk, number, "not held back any longer")
        messages.success(request, f"Đã thôi giữ lại dữ liệu của vụ việc {number}.")
