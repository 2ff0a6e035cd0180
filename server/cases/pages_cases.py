"""The pages of cases: the list, and one case with what may be done in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from server.cases import queries
from server.cases.choosing import chosen
from server.cases.doing import NOTE, Deed, PersonalError, do, offered
from server.cases.doors import Here, case_here, here
from server.cases.files import MOST_BYTES, MOST_FILES
from server.cases.forms import CaseForm, NoteForm
from server.cases.models import Case, Event, Paper
from server.cases.seeing import Opened, open_paper
from server.cases.steps import Step
from server.cases.taking import NotNextError, last_event
from server.cases.wording import Left, Names, left
from server.comments.register import register
from server.places.models import Unit
from server.places.scope import Right
from server.record.keeping import Action, note
from server.results.queries import local
from sync.entries import Malformed

AT_ONCE = 50
WAY = {
    Step.OPENED: "Mở vụ việc",
    Step.VERIFIED: "Xác minh",
    Step.INVITED: "Gửi giấy mời",
    Step.LISTED: "Xếp lịch",
    Step.MET: "Gặp người dân",
    Step.ANSWERED: "Trả lời",
    Step.PUBLISHED: "Công khai",
    Step.CLOSED: "Kết thúc",
    Step.WITHDRAWN: "Người dân rút",
}


class Row(NamedTuple):
    """A case in the list. days: for how many it has been open, or was."""

    case: Case
    step: str
    left: Left | None
    days: int
    handler: str
    counter: str


class Stop(NamedTuple):
    """A step on the way of a case. at: the day on which it was done; now: the case stands there; skipped: it went past."""

    label: str
    at: date | None
    now: bool
    skipped: bool


class Happened(NamedTuple):
    """A line of history, and the note that was written with it."""

    event: Event
    label: str
    who: str
    note: Opened | None


class Attached(NamedTuple):
    """An attachment. name: what it is called, empty where that was erased."""

    paper: Paper
    name: str
    who: str


@dataclass(frozen=True)
class Offer:
    """Something that may be done, with its form as it is shown."""

    deed: Deed
    form: CaseForm


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of the unit, or the list of units if there are several."""

    def tell(unit: Unit, sensitive: bool) -> str:
        waits = queries.waiting([unit.pk], sensitive=sensitive)
        late = queries.overdue([unit.pk], unit.today(), sensitive=sensitive).count()
        return f"{waits.count()} đang xử lý" + (f", {late} quá hạn" if late else "")

    return chosen(request, Right.FOLLOW_CASES, "cases", "unit-cases", "Vụ việc", tell)


@require_safe
@login_required
def unit_cases(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Those in which something is awaited, then those that are over."""
    place = here(request, unit_id, Right.FOLLOW_CASES)
    unit = place.unit
    step, handler = request.GET.get("buoc", ""), request.GET.get("nguoi", "")
    labels = {one.value: one.label for one in Step}
    people = queries.handlers(unit, sensitive=False)
    logins = {user.get_username() for user in people} | {"-"}

    def narrowed(rows: QuerySet[Case]) -> QuerySet[Case]:
        rows = rows.filter(step=step) if step in labels else rows
        return rows.filter(handler="" if handler == "-" else handler) if handler in logins else rows

    waiting = narrowed(queries.waiting([unit.pk], sensitive=place.sensitive))
    page = Paginator(narrowed(queries.finished([unit.pk], sensitive=place.sensitive)), AT_ONCE).get_page(request.GET.get("trang"))
    context = {
        "here": "cases",
        "unit": unit,
        "waiting": _rows(place, waiting),
        "late": queries.overdue([unit.pk], unit.today(), sensitive=place.sensitive).count(),
        "page": page,
        "finished": _rows(place, page),
        "steps": labels.items(),
        "step": step if step in labels else "",
        "people": [("-", "chưa giao cho ai"), *((user.get_username(), user.get_full_name() or user.get_username()) for user in people)],
        "handler": handler if handler in logins else "",
        "filtered": step in labels or handler in logins,
    }
    return render(request, "cases/list.html", context)


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
    last = queries.events_of(case)[0]
    what = last.said or Step(last.step or case.step).label.lower()
    who = queries.called([last.who]).get(last.who, last.who)
    return (
        f"Chưa lưu: vụ việc vừa có thay đổi khác ({what}, {who}). Hiện vụ việc ở bước “{Step(case.step).label}”. "
        "Xin xem lại; lời ông/bà vừa viết còn giữ ở ô bên dưới."
    )


def case_answer(
    request: HttpRequest, place: Here, case: Case, opened: Sequence[Opened], faulty: Offer | None = None, fault: str = ""
) -> HttpResponse:
    """The page of a case. faulty: a form that could not be done, with its words; fault: what is wrong with all of it."""
    unit, today, step = place.unit, place.unit.today(), Step(case.step)
    events = queries.events_of(case)
    people = queries.handlers(unit, sensitive=case.sensitive)
    offers = [Offer(deed, _form(place, case, deed, people)) for deed in offered(case, publishes=place.publishes)]
    if fault and (faulty is None or all(one.deed != faulty.deed for one in offers)):  # no longer to be done: a note keeps the words
        words = request.POST.get("words", "") or request.POST.get("text", "")
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
        "way": _way(case, events, unit),
        "left": left(case.due, today),
        "days": _days(case, unit, today),
        "handler": queries.called([case.handler]).get(case.handler, case.handler),
        "comments": [one for one, paper in shown if paper.kind in (Paper.Kind.COMMENT, Paper.Kind.CONTACT)],
        "files": _files(shown),
        "history": _history(events, shown),
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


def _rows(place: Here, cases: Iterable[Case]) -> list[Row]:
    cases, today = list(cases), place.unit.today()
    names = Names((case.counter_id for case in cases), (), ())
    people = queries.called([case.handler for case in cases])
    return [
        Row(
            case, Step(case.step).label, left(case.due, today), _days(case, place.unit, today), people.get(case.handler, case.handler),
            names.counter(case.counter_id),
        )
        for case in cases
    ]  # fmt: skip


def _days(case: Case, unit: Unit, today: date) -> int:
    """For how many days it has been open, or was."""
    end = local(unit, case.stepped_at).date() if Step(case.step).is_over else today
    return (end - local(unit, case.opened_at).date()).days


def _way(case: Case, events: Sequence[Event], unit: Unit) -> list[Stop]:
    """The steps that a case takes as a rule, and how it ended where that was otherwise."""
    done = {event.step: local(unit, event.at).date() for event in reversed(events) if event.step}
    step = Step(case.step)
    ends = (Step.CLOSED, Step.WITHDRAWN)
    path = [one for one in WAY if one not in ends and (one is not Step.PUBLISHED or not case.sensitive)]
    if step in ends:
        path = [one for one in path if one in done] + [step]
    at = path.index(step)
    return [
        Stop(WAY[one], done.get(one) if place <= at else None, place == at, place < at and one not in done)
        for place, one in enumerate(path)
    ]


def _history(events: Sequence[Event], shown: Sequence[tuple[Opened, Paper]]) -> list[Happened]:
    """What happened, each with the note that was written in the same moment."""
    notes = _notes(shown)
    people = queries.called([event.who for event in events])
    return [
        Happened(event, Step(event.step).label if event.step else "", people.get(event.who, event.who), notes.get((event.at, event.who)))
        for event in events
    ]


def _files(shown: Sequence[tuple[Opened, Paper]]) -> list[Attached]:
    """The attachments that are still there, with what stands beside each."""
    notes, erased = _notes(shown), register().hashes()
    files = [paper for _, paper in shown if paper.kind == Paper.Kind.ATTACHMENT and paper.sealed not in erased]
    people = queries.called([paper.who for paper in files])

    def name(paper: Paper) -> str:
        beside = notes.get((paper.at, paper.who))
        return beside.written.text if beside and beside.written else ""

    return [Attached(paper, name(paper), people.get(paper.who, paper.who)) for paper in files]


def _notes(shown: Sequence[tuple[Opened, Paper]]) -> dict[tuple[datetime, str], Opened]:
    return {(paper.at, paper.who): one for one, paper in shown if paper.kind == Paper.Kind.NOTE}
