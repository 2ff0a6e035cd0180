"""The way of a case from the suggestion box to the published outcome, and how long each step may take. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5


class Step(StrEnum):
    """Where a case is: the last thing that was done."""

    OPENED = "opened"
    VERIFIED = "verified"
    INVITED = "invited"
    LISTED = "listed"
    MET = "met"
    ANSWERED = "answered"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """As the office reads it."""
        return _LABELS[self]

    @property
    def told(self) -> str:
        """As a citizen who asks reads it."""
        return _TOLD[self]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is awaited."""
        return self in _OVER

    @property
    def following(self) -> tuple["Step", ...]:
        """What may be done next, the usual first."""
        return _FOLLOWING[self]


_LABELS: Mapping[Step, str] = {
    Step.OPENED: "Mới mở",
    Step.VERIFIED: "Đã xác minh",
    Step.INVITED: "Đã gửi giấy mời",
    Step.LISTED: "Đã xếp lịch tiếp dân",
    Step.MET: "Đã gặp người dân",
    Step.ANSWERED: "Đã trả lời",
    Step.PUBLISHED: "Đã công khai kết quả",
    Step.CLOSED: "Đã kết thúc",
    Step.WITHDRAWN: "Người dân đã rút",
}
_TOLD: Mapping[Step, str] = {
    Step.OPENED: "Đã tiếp nhận, đang xác minh.",
    Step.VERIFIED: "Đã xác minh, đang chuẩn bị trao đổi với ông/bà.",
    Step.INVITED: "Đã gửi giấy mời ông/bà đến trao đổi.",
    Step.LISTED: "Đã xếp lịch tiếp ông/bà.",
    Step.MET: "Đã gặp ông/bà, đang chuẩn bị trả lời.",
    Step.ANSWERED: "Đã trả lời.",
    Step.PUBLISHED: "Đã trả lời; kết quả đã công khai.",
    Step.CLOSED: "Đã kết thúc.",
    Step.WITHDRAWN: "Đã kết thúc theo yêu cầu rút của ông/bà.",
}
_OVER = frozenset({Step.PUBLISHED, Step.CLOSED, Step.WITHDRAWN})
# Who left no telephone number is answered on the board alone, so a meeting is never the only way.
_FOLLOWING: Mapping[Step, tuple[Step, ...]] = {
    Step.OPENED: (Step.VERIFIED, Step.CLOSED, Step.WITHDRAWN),
    Step.VERIFIED: (Step.INVITED, Step.ANSWERED, Step.CLOSED, Step.WITHDRAWN),
    Step.INVITED: (Step.LISTED, Step.MET, Step.ANSWERED, Step.WITHDRAWN),
    Step.LISTED: (Step.MET, Step.LISTED, Step.ANSWERED, Step.WITHDRAWN),
    Step.MET: (Step.ANSWERED, Step.LISTED, Step.WITHDRAWN),
    Step.ANSWERED: (Step.PUBLISHED, Step.CLOSED),
    Step.PUBLISHED: (),
    Step.CLOSED: (),
    Step.WITHDRAWN: (),
}
# Working days until the next step: ours, and within the 30 days that the Law on Complaints gives for a first settlement
# (Law 02/2011/QH13, Article 28).
_WORKING_DAYS: Mapping[Step, int] = {Step.OPENED: 2, Step.VERIFIED: 3, Step.INVITED: 5, Step.LISTED: 1, Step.MET: 5, Step.ANSWERED: 5}


def due(step: Step, since: date, reception: date | None = None) -> date | None:
    """By which day the next step is to be done; None where nothing is awaited. reception: the Monday on which the citizen comes."""
    if step.is_over:
        return None
    if step is Step.LISTED and reception is not None:
        since = max(since, reception)
    day, left = since, _WORKING_DAYS[step]
    while left:
        day += _DAY
        left -= day.weekday() < _SATURDAY
    return day


def mondays(since: date, count: int) -> list[date]:
    """The next Mondays after a day: citizens are received on Mondays."""
    first = since + timedelta(days=(_MONDAY - since.weekday()) % 7 or 7)
    return [first + timedelta(weeks=week) for week in range(count)]
