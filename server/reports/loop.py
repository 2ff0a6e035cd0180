"""Chapters II and III of a report: the suggestion box, cases and commendations, without what is for leaders alone.

Whoever makes a report, what was sent to the leader alone is in none of its numbers: the paper goes on to others.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from server.cases.box import UNREAD_FOR, slips
from server.cases.models import Case, Event, PaperSlip, Reading
from server.cases.steps import Step
from server.commendations.models import Commendation
from server.comments.models import FormComment
from server.intake.models import Comment
from server.places.models import Officer, Unit
from server.places.scope import with_those_below
from server.reports.content import Block, Chapter
from server.reports.sound import Sound
from server.results.cells import Measure, Number, Words
from server.results.period import Period
from server.results.queries import is_area
from server.results.tables import Column, Line, Table
from server.results.templatetags.vietnamese import number

WITHOUT_SENSITIVE = "Không gồm góp ý gửi riêng lãnh đạo."
MANY_UNITS = 250  # the box of more is read for a paper only, not while somebody waits for a page
LATER = "Số góp ý trong hòm thư của một địa bàn lớn được tổng hợp khi lập văn bản."
_DAY = timedelta(days=1)
Progress = Callable[[int, int], None]


def inside(unit: Unit) -> QuerySet[Unit]:
    """The unit and all below it."""
    return with_those_below(Unit.objects.filter(pk=unit.pk)).order_by()


def between(unit: Unit, period: Period) -> tuple[datetime, datetime]:
    """The period's first instant, and the first after it, on the unit's clocks."""
    zone = ZoneInfo(unit.time_zone)
    return datetime.combine(period.first, time(), zone), datetime.combine(period.last + _DAY, time(), zone)


def loop(unit: Unit, period: Period, today: date, *, waited_for: bool = False, progress: Progress | None = None) -> Chapter:
    """Chapter II. waited_for: somebody waits for a page."""
    blocks = [*_box(unit, period, waited_for=waited_for, progress=progress), *_cases(unit, period, today)]
    says = [WITHOUT_SENSITIVE]
    if blocks[0].table.table.name != "hom-thu":
        says.append(LATER)
    return Chapter("gop-y", "Hòm thư góp ý và vụ việc", blocks, says)


def _box(unit: Unit, period: Period, *, waited_for: bool, progress: Progress | None) -> list[Block]:
    units = inside(unit)
    begins, ends = between(unit, period)
    slipped = PaperSlip.objects.filter(unit_id__in=units.values("id"), day__range=(period.first - UNREAD_FOR, period.last))
    there = set(slipped.order_by().values_list("unit_id", flat=True).distinct())
    for kept, at in ((Comment.objects.filter(arrived=True), "at"), (FormComment.objects.all(), "received_at")):
        some = kept.filter(unit_id__in=units.values("id"), **{f"{at}__gte": begins - UNREAD_FOR - _DAY, f"{at}__lt": ends + _DAY})
        there |= set(some.order_by().values_list("unit_id", flat=True).distinct())
    if waited_for and len(there) > MANY_UNITS:
        return []
    became: dict[str | None, int] = dict.fromkeys((*Reading.Became.values, None), 0)
    waiting = 0
    for done, one in enumerate(units.filter(pk__in=there).order_by("pk"), 1):
        for slip in slips(one, period.first - UNREAD_FOR, period.last, sensitive=False):
            waiting += slip.became is None
            if period.first <= slip.day:
                became[slip.became] += 1
        if progress:
            progress(done, len(there))
    words = {
        Reading.Became.CASE: "Mở vụ việc để xác minh, trả lời",
        Reading.Became.PRAISE: "Khen cán bộ",
        Reading.Became.NOTED: "Ghi nhận, không cần xử lý",
        None: "Chưa đọc",
    }
    lines = [Line(key or "unread", [Words(said), Number(became[key])]) for key, said in words.items()]
    foot = Line("total", [Words("Tổng số góp ý đến trong kỳ"), Number(sum(became.values()))])
    table = Table("hom-thu", "Góp ý đến trong kỳ", [Column("Kết quả đọc", Words), Column("Số góp ý", Number)], lines, foot, look="short")
    says = [f"Đến hết kỳ còn {number(waiting)} góp ý chưa đọc, kể cả góp ý của các kỳ trước."]
    return [Block("Hòm thư góp ý", Sound(table), says)]


def _cases(unit: Unit, period: Period, today: date) -> list[Block]:
    begins, ends = between(unit, period)
    all_cases = Case.objects.filter(unit_id__in=inside(unit).values("id"), sensitive=False)
    done = Event.objects.filter(unit_id__in=inside(unit).values("id"), at__gte=begins, at__lt=ends).order_by("at")
    steps = {
        step: {(unit_id, case): at for unit_id, case, at in done.filter(step=step).values_list("unit_id", "case", "at")}
        for step in (Step.ANSWERED, Step.PUBLISHED)
    }
    there = {(case.unit_id, case.id): case for case in all_cases.filter(id__in={name for found in steps.values() for _, name in found})}
    answered = {key: at for key, at in steps[Step.ANSWERED].items() if key in there}
    outcomes = [there[key].outcome for key in answered]
    days = [Decimal((at - there[key].opened_at) // _DAY) for key, at in answered.items()]
    waiting = all_cases.exclude(step__in=[step for step in Step if step.is_over or step is Step.ANSWERED])
    replies = {
        Case.Outcome.APOLOGISED: "Xin lỗi và sửa",
        Case.Outcome.EXPLAINED: "Giải thích",
        Case.Outcome.NONE: "Trả lời khác",
    }
    lines = [Line(key or "other", [Words(said), Number(outcomes.count(key))]) for key, said in replies.items()]
    foot = Line("total", [Words("Tổng số vụ việc đã trả lời trong kỳ"), Number(len(outcomes))])
    columns = [Column("Cách trả lời", Words), Column("Số vụ việc", Number)]
    period_s = {
        "opened": ("Mở trong kỳ", Measure(all_cases.filter(opened_at__gte=begins, opened_at__lt=ends).count(), "vụ việc")),
        "answered": ("Trả lời trong kỳ", Measure(len(answered), "vụ việc")),
        "published": ("Công khai kết quả trong kỳ", Measure(sum(key in there for key in steps[Step.PUBLISHED]), "vụ việc")),
        "median": ("Số ngày từ khi mở đến khi trả lời, trung vị", Measure(median(days) if days else None, "ngày")),
    }
    now = {
        "waiting": ("Đang giải quyết", Measure(waiting.count(), "vụ việc")),
        "overdue": ("Trong đó quá hạn", Measure(waiting.filter(due__lt=today).count(), "vụ việc")),
    }
    answers = Sound(Table("tra-loi", "Vụ việc đã trả lời trong kỳ", columns, lines, foot, look="short"))
    return [
        Block("Vụ việc", measured("vu-viec", "Vụ việc trong kỳ", period_s)),
        *([Block("Trả lời vụ việc", answers)] if outcomes else []),
        Block("Vụ việc chưa xong", measured("chua-xong", "Vụ việc chưa trả lời, lúc lập báo cáo", now), lasting=False),
    ]


def measured(name: str, caption: str, told: Mapping[str, tuple[str, Measure]]) -> Sound:
    """A table of figures of different kinds."""
    lines = [Line(key, [Words(said), measure]) for key, (said, measure) in told.items()]
    return Sound(Table(name, caption, [Column("Nội dung", Words), Column("Số lượng", Measure)], lines, look="short"))


def praise(unit: Unit, period: Period) -> Chapter:
    """Chapter III: of a commune the list, of an area how many by unit below."""
    title = "Khen cán bộ, công chức"
    rows = Commendation.objects.filter(unit_id__in=inside(unit).values("id"), day__range=(period.first, period.last)).order_by("day", "at")
    if not rows:
        return Chapter("khen", title, says=["Trong kỳ không có lượt khen nào được ghi nhận."])
    if is_area(unit):
        below = {one.pk: one for one in inside(unit).select_related("parent")}
        counts: dict[str, int] = {}
        for one in rows:
            place = below[one.unit_id]
            if place.parent_id not in (unit.pk, None) and place.pk != unit.pk:
                place = below[str(place.parent_id)]
            counts[place.pk] = counts.get(place.pk, 0) + 1
        lines = [Line(key, [Words(below[key].name), Number(n)]) for key, n in sorted(counts.items(), key=lambda it: below[it[0]].name)]
        foot = Line("total", [Words("Tổng cộng"), Number(len(rows))])
        table = Table("khen", "Lượt khen theo đơn vị", [Column("Đơn vị", Words), Column("Lượt khen", Number)], lines, foot, look="short")
    else:
        names = dict(Officer.objects.filter(pk__in={one.officer_id for one in rows}).values_list("pk", "name"))
        lines = [
            Line(str(one.id), [Words(f"{one.day:%d/%m/%Y}"), Words(names.get(one.officer_id, one.officer_id)), Words(one.words)])
            for one in rows
        ]
        columns = [Column("Ngày", Words), Column("Cán bộ", Words), Column("Nội dung khen", Words)]
        table = Table("khen", "Danh sách cán bộ được khen", columns, lines, named=1)
    return Chapter("khen", title, [Block("Khen", Sound(table), [f"Trong kỳ có {number(len(rows))} lượt khen."])])
