"""Opening hours in words, for the rest screen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from kiosk.hours import opens_next, other_days, spans_on
from kiosk.texts import Translate, _
from kiosk.words import SOURCE
from sync.shown import Hours, Span

# as within a sentence, by Decree 30/2020/ND-CP, annex II
WEEKDAYS = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
OPENING_HOURS = _("Giờ mở cửa")
MOST_LINES = 7
UNBROKEN = "\N{NO-BREAK SPACE}"


def in_words(spans: Sequence[Span], translate: Translate) -> str:
    """A line for each span, as 07:30 – 11:30; or that it is closed."""
    return "\n".join(f"{span.opens} – {span.closes}" for span in spans) or translate("Nghỉ")


def today(hours: Hours, at: datetime, language: str, translate: Translate) -> tuple[str, str]:
    """A headline such as Hôm nay, thứ Tư 25/11/2026 (with the holiday's name), and the hours of that day. at: local."""
    day = translate(WEEKDAYS[at.weekday()])
    headline = translate("Hôm nay, {day} {date}").format(day=day, date=f"{at:%d/%m/%Y}")
    other = other_days(hours, at.date())
    why = other.words.get(language, other.words.get(SOURCE, "")) if other else ""
    return f"{headline}\n{why}" if why else headline, in_words(spans_on(hours, at.date()), translate)


def week(hours: Hours, translate: Translate) -> list[tuple[str, str]]:
    """The usual week in short: following days with the same hours together, as Thứ Hai – Thứ Sáu. None where that is too long."""
    rows = []
    for spans, group in groupby(range(len(WEEKDAYS)), key=lambda day: hours.weekdays[day]):
        days = list(group)
        first, last = _standing(days[0], translate), _standing(days[-1], translate)
        rows.append((first if len(days) == 1 else f"{first} – {last}", in_words(spans, translate)))
    return rows if sum(hours.count("\n") + 1 for _days, hours in rows) <= MOST_LINES else []


def _standing(day: int, translate: Translate) -> str:
    """A weekday by itself, on one line."""
    word = translate(WEEKDAYS[day]).replace(" ", UNBROKEN)
    return word[:1].upper() + word[1:]


def next_opening(hours: Hours, at: datetime, translate: Translate) -> str:
    """When it opens next, as a sentence; empty where that is too far away. at: local."""
    opens = opens_next(hours, at)
    if opens is None:
        return ""
    at_time = f"{opens:%H:%M}"
    if opens.date() == at.date():
        return translate("Mở cửa lại lúc {time} hôm nay.").format(time=at_time)
    if opens.date() == at.date() + timedelta(days=1):
        return translate("Mở cửa lại lúc {time} ngày mai.").format(time=at_time)
    day = translate(WEEKDAYS[opens.weekday()])
    return translate("Mở cửa lại lúc {time} {day}, {date}.").format(time=at_time, day=day, date=f"{opens:%d/%m/%Y}")
