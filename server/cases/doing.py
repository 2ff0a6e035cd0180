"""What may be done in a case, each with its form; and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from server.cases.box import SENSITIVE
from server.cases.forms import (
    AnswerForm,
    AssignForm,
    CaseForm,
    CloseForm,
    InviteForm,
    ListForm,
    MetForm,
    NoteForm,
    PublishForm,
    RenameForm,
    VerifyForm,
    WithdrawForm,
)
from server.cases.models import Case, Paper
from server.cases.private import found
from server.cases.queries import called
from server.cases.steps import Step
from server.cases.taking import add_paper, following, in_hand, move, tell
from server.comments.by_office import keep
from server.results.templatetags.vietnamese import weekday
from sync.sealing import Written


@dataclass(frozen=True)
class Deed:
    """Something that may be done. slug: as a browser sends it; label: on its button; step: where it leads, None where the case stays."""

    slug: str
    label: str
    form: type[CaseForm]
    step: Step | None = None


_STEPS = {
    Step.VERIFIED: Deed("xac-minh", "Ghi kết quả xác minh", VerifyForm, Step.VERIFIED),
    Step.INVITED: Deed("moi", "Mời người dân đến gặp", InviteForm, Step.INVITED),
    Step.LISTED: Deed("xep-lich", "Xếp lịch tiếp dân thứ Hai", ListForm, Step.LISTED),
    Step.MET: Deed("da-gap", "Ghi kết quả buổi gặp", MetForm, Step.MET),
    Step.ANSWERED: Deed("tra-loi", "Ghi nội dung trả lời", AnswerForm, Step.ANSWERED),
    Step.PUBLISHED: Deed("cong-khai", "Công khai kết quả", PublishForm, Step.PUBLISHED),
    Step.CLOSED: Deed("ket-thuc", "Kết thúc, không trả lời", CloseForm, Step.CLOSED),
    Step.WITHDRAWN: Deed("rut", "Người dân rút góp ý", WithdrawForm, Step.WITHDRAWN),
}
_AFTER_ANSWER = Deed("ket-thuc", "Kết thúc, không công khai", CloseForm, Step.CLOSED)
_AGAIN = Deed("xep-lich", "Đổi lịch tiếp dân", ListForm, Step.LISTED)
NOTE = Deed("ghi-chu", "Thêm ghi chú", NoteForm)
_ASSIGN = Deed("giao", "Giao cho người khác", AssignForm)
_RENAME = Deed("dat-ten", "Đổi tên vụ việc", RenameForm)
_SHARE = Deed("chia-se", "Cho văn phòng cùng theo dõi", CaseForm)


class PersonalError(Exception):
    """Words that stay readable hold something of the citizen. field: of the form; what: in words."""

    def __init__(self, field: str, what: Sequence[str]) -> None:
        super().__init__(field)
        self.field, self.what = field, what


def offered(case: Case, *, publishes: bool) -> list[Deed]:
    """What may be done now, the usual next step first. publishes: whether whoever asks may.

    What was taken for sensitive only because its reasons were not known may be shared with those who follow usual cases.
    """
    steps = [_deed(case, step) for step in following(case) if publishes or step is not Step.PUBLISHED]
    if Step(case.step).is_over:
        return [*steps, NOTE]
    return [*steps, NOTE, _ASSIGN, _RENAME, *([_SHARE] if case.sensitive and SENSITIVE not in case.reasons else [])]


def do(case: Case, deed: Deed, said: Mapping[str, Any], seen: int, opened: Sequence[Written], who: str, now: datetime) -> None:
    """Do it. said: the form's fields, valid; seen: as of `taking.in_hand`; opened: what is sealed of the case, opened.

    Raises `NotNextError`, `PersonalError`, `sync.entries.Malformed` for words that are too long.
    """
    for field in deed.form.open_fields:
        if what := found(said[field], opened, [case.id]):
            raise PersonalError(field, what)
    with in_hand(case, seen) as kept:
        if words := said.get("words"):
            sealed = keep(kept.unit_id, Written(text=words.replace("\r\n", "\n"), language="vi"), who, now)
            add_paper(kept, Paper.Kind.NOTE, sealed, who, now)
        if deed.step is not None:
            told, fields = _brought(deed.step, said)
            move(kept, deed.step, who, now, told, **fields)
        elif deed is _ASSIGN:
            kept.handler = said["handler"]
            kept.save()
            tell(kept, who, now, f"giao cho {called([kept.handler])[kept.handler]}")
        elif deed is _RENAME:
            kept.subject = said["subject"]
            kept.save()
            tell(kept, who, now, "đổi tên vụ việc")
        elif deed is _SHARE:
            kept.sensitive = False
            kept.save()
            tell(kept, who, now, "cho văn phòng cùng theo dõi")
        else:
            tell(kept, who, now, "ghi chú")


def _deed(case: Case, step: Step) -> Deed:
    if step is Step.CLOSED and case.step == Step.ANSWERED:
        return _AFTER_ANSWER
    if step is Step.LISTED and case.step == Step.LISTED:
        return _AGAIN
    return _STEPS[step]


def _brought(step: Step, said: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """What the history says of a step, and what it changes in the case."""
    match step:
        case Step.INVITED:
            return _meeting(said["day"], said["hour"], said["place"])
        case Step.LISTED:
            return _meeting(date.fromisoformat(said["monday"]), said["hour"], said["place"])
        case Step.ANSWERED:
            return Case.Outcome(said["outcome"]).label, {"outcome": said["outcome"]}
        case Step.PUBLISHED:
            return "", {"published": said["text"].replace("\r\n", "\n")}
        case _:
            return "", {}


def _meeting(day: date, hour: time, place: str) -> tuple[str, dict[str, object]]:
    return f"{weekday(day)} {day:%d/%m/%Y}, {hour:%H} giờ {hour:%M}, {place}", {"reception": day, "hour": hour, "place": place}
