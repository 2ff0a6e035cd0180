"""The page of one case, and what may be done in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from server.cases import queries
from server.cases.course import days, files, history, way
from server.cases.doing import NOTE, Deed, PersonalError, do, offered
from server.cases.doors import Here, case_here
from server.cases.files import MOST_BYTES, MOST_FILES
from server.cases.forms import CaseForm, NoteForm
from server.cases.models import Case, Paper
from server.cases.seeing import Opened, open_paper
from server.cases.steps import Step
from server.cases.taking import NotNextError, last_event
from server.cases.wording import Names, left
from server.record.keeping import Action, note
from sync.entries import Malformed


@dataclass(frozen=True)
class Offer:
    """Something that may be done, with its form as it is shown."""

    deed: Deed
    form: CaseForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def case_page(request: HttpRequest, unit_id: str, case_id: str) -> HttpResponse:
    """One case; by POST, what somebody does in it."""
    place, case = case_here(request, unit_id, case_id)
    opened = opened_papers(request, place, case)
    if request.method != "POST":
        return case_answer(request, place, case, opened)
    deed = next((one for one in offered(case, publishes=place.publishes) if one.slug == request.POST.get("viec")), None)
    if deed is None:
        return case_answer(request, place, case, opened, fault=moved_on(case))
    people, now = queries.handlers(place.unit, sensitive=case.sensitive), timezone.now()
    form = _form(place, case, deed, people, request.POST)
    if form.is_valid():
        known = [one.written for one in opened if one.written]
        try:
            do(case, deed, form.cleaned_data, seen(request), known, request.user.get_username(), now)
        except NotNextError:
            case.refresh_from_db()
            return case_answer(request, place, case, opened, Offer(deed, form), moved_on(case))
        except PersonalError as error:
            form.add_error(error.field, f"Có {' và '.join(error.what)}. Xin bỏ đi: ô này không được nêu thông tin của người dân.")
        except Malformed:
            form.add_error("words", "Dài quá. Xin rút gọn.")
        else:
            note(request, Action.CHANGE, place.unit.pk, case.id, deed.label.lower())
            messages.success(request, f"Đã lưu: {deed.label[0].lower()}{deed.label[1:]}.")
            return redirect("case", place.unit.pk, case.id)
    return case_answer(request, place, case, opened, Offer(deed, form))


def opened_papers(request: HttpRequest, place: Here, case: Case) -> list[Opened]:
    """What is sealed of the case, opened for whoever looks."""
    if not place.reads:
        return []
    note(request, Action.VIEW, place.unit.pk, case.id, "vụ việc")
    return [open_paper(request, paper) for paper in queries.papers_of(case)]


def seen(request: HttpRequest) -> int:
    """The last event that stood on the page from which somebody does something."""
    number = request.POST.get("da-xem", "")
    return int(number) if number.isdecimal() and len(number) < 9 else -1


def moved_on(case: Case) -> str:
    """That somebody did something in the case meanwhile, and what."""
    step, last = Step(case.step), next(iter(queries.events_of(case)), None)
    what = ""
    if last is not None:
        who = queries.called([last.who]).get(last.who, last.who)
        what = f" ({last.said or Step(last.step or step).label.lower()}, {who})"
    return f"Chưa lưu: vụ việc vừa có thay đổi khác{what}. Hiện vụ việc ở bước “{step.label}”. Xin xem lại."


def case_answer(
    request: HttpRequest, place: Here, case: Case, opened: Sequence[Opened], faulty: Offer | None = None, fault: str = ""
) -> HttpResponse:
    """The page of a case. faulty: a form that could not be done, with its words; fault: what is wrong with all of it."""
    unit, today, step = place.unit, place.unit.today(), Step(case.step)
    events = queries.events_of(case)
    people = queries.handlers(unit, sensitive=case.sensitive)
    offers = [Offer(deed, _form(place, case, deed, people)) for deed in offered(case, publishes=place.publishes)]
    words = request.POST.get("words", "") or request.POST.get("text", "")
    if fault and words:
        fault += " Lời ông/bà vừa viết còn giữ ở ô bên dưới."
    if fault and (faulty is None or all(one.deed != faulty.deed for one in offers)):  # no longer to be done: a note keeps the words
        faulty = Offer(NOTE, NoteForm(unit, case, [], initial={"words": words}))
    if faulty is not None:
        offers = [faulty if one.deed == faulty.deed else one for one in offers]
    waits_for_leader = step is Step.ANSWERED and not place.publishes and not case.sensitive
    usual = _usual(offers, opened) if not waits_for_leader else None
    shown = [(one, one.paper) for one in opened if one.paper]
    names = Names([case.counter_id], [case.officer_id], [case.reasons])
    context = {
        "here": "cases",
        "place": place,
        "unit": unit,
        "case": case,
        "source": Case.Source(case.source).label,
        "counter": names.counter(case.counter_id),
        "officer": names.officer(case.officer_id),
        "reasons": names.reasons(case.reasons),
        "step": step,
        "way": way(case, events, unit),
        "left": left(case.due, today),
        "days": days(case, unit, today),
        "handler": queries.called([case.handler]).get(case.handler, case.handler),
        "comments": [one for one, paper in shown if paper.kind in (Paper.Kind.COMMENT, Paper.Kind.CONTACT)],
        "files": files(shown),
        "history": history(events, shown),
        "usual": usual,
        "others": [one for one in offers if one is not usual],
        "faulty": faulty.deed.slug if faulty else "",
        "fault": fault,
        "seen": last_event(case),
        "waits_for_leader": waits_for_leader,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
    }
    return render(request, "cases/case.html", context, status=409 if fault else 422 if faulty else 200)


def _usual(offers: Sequence[Offer], opened: Sequence[Opened]) -> Offer | None:
    """What is done next as a rule. Who left no way to be reached cannot be invited, and is answered."""
    steps = [one for one in offers if one.deed.step is not None]
    reached = any(one.written and (one.written.name or one.written.phone or one.written.address) for one in opened)
    if not reached and steps and steps[0].deed.step is Step.INVITED:
        return next(one for one in steps if one.deed.step is Step.ANSWERED)
    return steps[0] if steps else None


def _form(place: Here, case: Case, deed: Deed, people: Sequence[User], sent: QueryDict | None = None) -> CaseForm:
    return deed.form(place.unit, case, people, sent, auto_id=f"{deed.slug}-%s")
