"""The course of a case in words: the steps that it took, what happened, what was put beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from server.cases import queries
from server.cases.models import Case, Event, Paper
from server.cases.seeing import Opened
from server.cases.steps import Step
from server.comments.register import register
from server.places.models import Unit
from server.results.queries import local

_WAY = {
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


def days(case: Case, unit: Unit, today: date) -> int:
    """For how many days it has been open, or was."""
    end = local(unit, case.stepped_at).date() if Step(case.step).is_over else today
    return (end - local(unit, case.opened_at).date()).days


def way(case: Case, events: Sequence[Event], unit: Unit) -> list[Stop]:
    """The steps that a case takes as a rule, and how it ended where that was otherwise."""
    done = {event.step: local(unit, event.at).date() for event in reversed(events) if event.step}
    step = Step(case.step)
    ends = (Step.CLOSED, Step.WITHDRAWN)
    path = [one for one in _WAY if one not in ends and (one is not Step.PUBLISHED or step is one or not case.sensitive)]
    if step in ends:
        path = [one for one in path if one in done] + [step]
    at = path.index(step)
    return [
        Stop(_WAY[one], done.get(one) if place <= at else None, place == at, place < at and one not in done)
        for place, one in enumerate(path)
    ]


def history(events: Sequence[Event], shown: Sequence[tuple[Opened, Paper]]) -> list[Happened]:
    """What happened, each with the note that was written in the same moment."""
    notes = _notes(shown)
    people = queries.called([event.who for event in events])
    return [
        Happened(event, Step(event.step).label if event.step else "", people.get(event.who, event.who), notes.get((event.at, event.who)))
        for event in events
    ]


def files(shown: Sequence[tuple[Opened, Paper]]) -> list[Attached]:
    """The attachments that are still there, with what stands beside each."""
    notes, erased = _notes(shown), register().hashes()
    attached = [paper for _, paper in shown if paper.kind == Paper.Kind.ATTACHMENT and paper.sealed not in erased]
    people = queries.called([paper.who for paper in attached])

    def name(paper: Paper) -> str:
        beside = notes.get((paper.at, paper.who))
        return beside.written.text if beside and beside.written else ""

    return [Attached(paper, name(paper), people.get(paper.who, paper.who)) for paper in attached]


def _notes(shown: Sequence[tuple[Opened, Paper]]) -> dict[tuple[datetime, str], Opened]:
    return {(paper.at, paper.who): one for one, paper in shown if paper.kind == Paper.Kind.NOTE}
