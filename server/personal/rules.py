"""How long what citizens wrote is kept: four rules, in months, each with its limits. Pure.

Whatever no rule lets go earlier stays while its case is open. The words and the contact are sealed together and go together: one
that outlived the other would be a second copy, and a second date to keep.
"""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Rule(StrEnum):
    """From when the months of a thing count."""

    NOTED = "noted"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    UNREAD = "unread"

    @property
    def limits(self) -> "Limits":
        """What a unit may decide."""
        return _LIMITS[self]

    @property
    def label(self) -> str:
        """As the office reads it."""
        return _LABELS[self]

    @property
    def reason(self) -> str:
        """Why so long, as the office reads it."""
        return _REASONS[self]


class Limits(NamedTuple):
    """Months: usual, where no unit said anything; least and most that one may say."""

    usual: int
    least: int
    most: int


_LIMITS: Mapping[Rule, Limits] = {
    Rule.NOTED: Limits(12, 1, 24),
    Rule.ENDED: Limits(24, 6, 60),
    Rule.WITHDRAWN: Limits(1, 1, 6),
    Rule.UNREAD: Limits(12, 3, 12),
}
_LABELS: Mapping[Rule, str] = {
    Rule.NOTED: "Góp ý đã ghi nhận, lời khen",
    Rule.ENDED: "Vụ việc đã kết thúc",
    Rule.WITHDRAWN: "Vụ việc người dân đã rút",
    Rule.UNREAD: "Góp ý chưa ai đọc",
}
_REASONS: Mapping[Rule, str] = {
    Rule.NOTED: "Tính từ ngày đọc. Đủ để đối chiếu khi làm báo cáo năm.",
    Rule.ENDED: "Tính từ ngày kết thúc. Bằng thời gian giữ nhật ký truy cập, để còn trả lời được khi người dân hỏi lại.",
    Rule.WITHDRAWN: "Tính từ ngày rút. Chỉ đủ để sửa khi ghi nhầm.",
    Rule.UNREAD: "Tính từ ngày máy chủ nhận được. Sau một năm, hòm thư cũng không còn hiện góp ý ấy.",
}
Months = Mapping[Rule, int]
USUAL: Months = {rule: rule.limits.usual for rule in Rule}


def last_day(since: date, months: int) -> date:
    """The last day of so many months: the day of the same number, or where the month has none, its last.

    So the Civil Code counts a term in months (91/2015/QH13, Article 148, clause 3).
    """
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return date(year, month + 1, min(since.day, calendar.monthrange(year, month + 1)[1]))


def goes_on(since: datetime, months: int, zone: ZoneInfo) -> date:
    """The day on which something is erased: the one after its last, on the unit's clocks."""
    return last_day(since.astimezone(zone).date(), months) + timedelta(days=1)
