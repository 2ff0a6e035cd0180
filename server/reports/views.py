"""The pages of reports: of a unit, of a period, and the files that were made of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from server.places.choosing import choose
from server.places.models import Unit
from server.places.scope import Right, may_in, topmost, units_for
from server.record.keeping import Action, note
from server.reports import keeping, making, working
from server.reports.asking import address_of, around, asked_for
from server.reports.building import ASSESSED, build, opinion_of
from server.reports.content import KINDS
from server.reports.models import File, Paper
from server.reports.sound import UnsoundError
from server.results import queries
from server.results.addressed import UnclearError
from server.results.asked import Asked
from server.results.period import Kind, Period, containing

UNSOUND = "Số liệu trong cơ sở dữ liệu không khớp nhau, nên không nêu báo cáo nào. Xin báo người quản trị."


class OpinionForm(forms.Form):
    """What the leader says in the report."""

    remarks = forms.CharField(label="Nhận xét", widget=forms.Textarea({"rows": 4}), required=False, max_length=6000, strip=True)
    proposals = forms.CharField(label="Kiến nghị", widget=forms.Textarea({"rows": 4}), required=False, max_length=6000, strip=True)

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as of Django's
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["max_length"] = "Nội dung dài quá. Xin rút gọn còn tối đa 6.000 ký tự."


@require_safe
@login_required
def reports_page(request: HttpRequest) -> HttpResponse:
    """The reports of the unit that the user may see, or a choice of them."""
    units = units_for(request.user, Right.SEE_RESULTS)
    if not units.exists():
        raise Http404
    choice = choose(topmost(units), request)
    if len(choice.units) == 1 and not choice.wanted:
        return _of_unit(request, choice.units[0])
    return render(request, "reports/units.html", {"here": "reports", "choice": choice})


@require_safe
@login_required
def reports_of_unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Which reports the unit may have made, and which it has; a unit that the user may not see is as absent as none."""
    return _of_unit(request, _unit(request, unit_id))


@require_safe
@login_required
@never_cache
def report_page(request: HttpRequest, unit_id: str, kind: str, day: str) -> HttpResponse:
    """A report as things are now, with the papers that were made of it."""
    unit = _unit(request, unit_id)
    asked = _asked(unit, kind, day)
    if day != f"{asked.period.first}":
        return redirect(address_of(unit, asked.period))
    note(request, Action.VIEW, unit.pk, "bao-cao", f"{asked.period}")
    return _shown(request, unit, asked)


@require_POST
@login_required
def ask_paper(request: HttpRequest, unit_id: str, kind: str, day: str) -> HttpResponse:
    """Ask for the paper of a report."""
    unit = _unit(request, unit_id)
    period = _asked(unit, kind, day).period
    paper = making.ask(unit, period, request.user.get_username(), timezone.now())
    note(request, Action.CHANGE, unit.pk, f"{paper.id}", f"report asked for: {period}")
    working.wake()
    return redirect(f"{address_of(unit, period)}#van-ban")


@require_POST
@login_required
def keep_opinion(request: HttpRequest, unit_id: str, kind: str, day: str) -> HttpResponse:
    """Keep what the leader says."""
    unit = _unit(request, unit_id, Right.JUDGE)
    asked = _asked(unit, kind, day)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _shown(request, unit, asked, opinion=form)
    said = form.cleaned_data
    keeping.say(unit, asked.period, said["remarks"], said["proposals"], request.user.get_username(), timezone.now())
    note(request, Action.CHANGE, unit.pk, "bao-cao", f"remarks of the report: {asked.period}")
    messages.success(request, "Đã ghi nhận xét, kiến nghị. Văn bản lập từ bây giờ sẽ có nội dung này.")
    return redirect(f"{address_of(unit, asked.period)}#nhan-xet")


@require_POST
@login_required
def keep_points(request: HttpRequest, unit_id: str, kind: str, day: str) -> HttpResponse:
    """Keep the points of the nine indicators."""
    unit = _unit(request, unit_id, Right.JUDGE)
    asked = _asked(unit, kind, day)
    if asked.period.kind not in ASSESSED:
        raise Http404
    given, faulty = keeping.read_fields(unit, asked.period, request.POST)
    if faulty:
        return _shown(request, unit, asked, fields=faulty)
    keeping.decide(unit, asked.period, given, request.user.get_username(), timezone.now())
    note(request, Action.CHANGE, unit.pk, "bao-cao", f"points of the report: {asked.period}")
    messages.success(request, "Đã ghi điểm. Văn bản lập từ bây giờ sẽ có điểm này.")
    return redirect(f"{address_of(unit, asked.period)}#chin-chi-so")


@require_GET
@login_required
@never_cache
def progress(request: HttpRequest, unit_id: str, paper_id: UUID) -> HttpResponse:
    """How far a paper is, for the script."""
    paper = get_object_or_404(Paper, unit_id=_unit(request, unit_id).pk, id=paper_id)
    return JsonResponse({"state": paper.state, "percent": 100 * paper.done // max(paper.of, 1)})


@require_GET
@login_required
@never_cache
def paper_file(request: HttpRequest, unit_id: str, paper_id: UUID, form: str) -> HttpResponse:
    """A file of a paper, as it was made."""
    unit = _unit(request, unit_id)
    paper = get_object_or_404(Paper, unit_id=unit.pk, id=paper_id)
    file = get_object_or_404(File, unit_id=unit.pk, paper=paper.id, form=form)
    note(request, Action.EXPORT, unit.pk, f"{paper.id}.{form}", f"report: {making.period_of(paper)}")
    name = f"bao-cao-{paper.kind}-{paper.first}.{form}"
    headers = {"Content-Type": making.TYPES[form], "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(file.body), headers=headers)


def _of_unit(request: HttpRequest, unit: Unit) -> HttpResponse:
    today = unit.today()
    last = min(today, unit.ended) if unit.ended else today

    def offered(kind: Kind) -> tuple[str, list[tuple[Period, str]]]:
        now = containing(kind, last)
        return KINDS[kind], [(period, address_of(unit, period)) for period in (now, now.before)]

    context = {"here": "reports", "unit": unit, "kinds": [offered(kind) for kind in KINDS], "entries": keeping.entries(unit), "today": last}
    return render(request, "reports/unit.html", context)


def _shown(
    request: HttpRequest, unit: Unit, asked: Asked, *, opinion: OpinionForm | None = None, fields: Sequence[keeping.Field] = ()
) -> HttpResponse:
    """The report's page. opinion, fields: what was typed and needs mending."""
    entries = keeping.entries(unit, asked.period)
    context = {
        "here": "reports",
        "unit": unit,
        "asked": asked,
        "address": address_of(unit, asked.period),
        "around": around(unit, asked),
        "kind": KINDS[asked.period.kind],
        "entries": entries,
        "under_way": [entry for entry in entries if entry.under_way],
        "writes": may_in(request.user, Right.JUDGE, unit.pk),
    }
    status = 422 if opinion or fields else 200
    try:
        report = build(unit, asked.period, timezone.now(), waited_for=True)
    except UnsoundError as unsound:
        return render(request, "reports/unsound.html", {**context, "said": UNSOUND, "where": f"{unsound}"}, status=500)
    if opinion is None:
        kept = opinion_of(unit, asked.period)
        opinion = OpinionForm(initial={"remarks": kept.remarks, "proposals": kept.proposals})
    context |= {
        "report": report,
        "changes": keeping.since(entries, report),
        "opinion": opinion,
        "fields": fields or (keeping.fields(unit, asked.period) if asked.period.kind in ASSESSED else []),
        "printed": queries.local(unit, timezone.now()),
    }
    return render(request, "reports/report.html", context, status=status)


def _unit(request: HttpRequest, unit_id: str, right: Right = Right.SEE_RESULTS) -> Unit:
    return get_object_or_404(units_for(request.user, right).select_related("parent", "successor"), pk=unit_id)


def _asked(unit: Unit, kind: str, day: str) -> Asked:
    try:
        return asked_for(kind, day, unit.today())
    except UnclearError:
        raise Http404 from None
