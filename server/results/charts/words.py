"""What charts say, in words: of a day, of a count. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from server.results.counts import Count
from server.results.statistics import MINIMUM_N
from server.results.templatetags.vietnamese import number, percent

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
SHORT_WEEKDAYS = ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "CN")
SHORTEST_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
NOTHING = "Chưa có lượt nào"
NOT_TOLD = "chưa có số hồ sơ"

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0, section 2.2


def plain(text: str) -> str:
    """A name on one line, without what XML cannot hold."""
    return " ".join(_UNWRITABLE.sub(" ", text).split())


def on(day: date) -> str:
    """Thứ Hai 23/11."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m}"


def votes(count: Count) -> str:
    """57 lượt, 53 hài lòng, 4 không hài lòng."""
    return f"{number(count.n)} lượt, {number(count.satisfied)} hài lòng, {number(count.dissatisfied)} không hài lòng"


def satisfied(count: Count) -> str | None:
    """94,8 %; None where there are too few votes to say."""
    return f"{percent(count.percents[0] / 100)}\u00a0%" if count.percents else None


def few(count: Count) -> str:
    """Said in the place of a share."""
    return f"chưa đủ dữ liệu ({number(count.n)} lượt)" if count.n else NOTHING.lower()


def share(count: Count) -> str:
    """The share with its interval and n, or that there are too few votes to say."""
    if count.share is None:
        return f"chưa đủ dữ liệu (dưới {MINIMUM_N} lượt), {votes(count)}"
    interval = f"khoảng tin cậy 95\u00a0% từ {percent(count.share.low)} đến {percent(count.share.high)}"
    return f"{satisfied(count)} hài lòng, {interval}, {number(count.n)} lượt"


def participation(count: Count) -> str:
    """The share of transactions whose citizens voted, or that nobody told how many there were."""
    if count.participation is None:
        return f"{NOT_TOLD}, {number(count.n)} lượt"
    return f"tham gia {percent(count.participation)}\u00a0%, {number(count.rated)} lượt trên {number(count.handled)} hồ sơ"


def sentence(parts: Iterable[str]) -> str:
    """The parts that there are, as one sentence."""
    return "; ".join(part for part in parts if part) + "."
