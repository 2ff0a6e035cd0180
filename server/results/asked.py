"""Which period a request asks about: `?ky=thang&ngay=2026-11-01` or `?ky=khoang&tu=2026-11-01&den=2026-11-15`.

Nothing asked is the present month, and so is what cannot be understood, which a sentence then says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

from server.results.period import LONGEST_SPAN, Kind, Period, containing

EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
LABELS = {
    Kind.DAY: "Ngày",
    Kind.WEEK: "Tuần",
    Kind.MONTH: "Tháng",
    Kind.QUARTER: "Quý",
    Kind.YEAR: "Năm",
    Kind.SPAN: "Khoảng ngày",
}


class UnclearError(Exception):
    """What was asked is no period; says in Vietnamese what to mend."""


@dataclass(frozen=True)
class Choice:
    """Something to go to from the period: its label and the query that asks for it."""

    label: str
    query: str
    current: bool = False


@dataclass(frozen=True)
class Asked:
    """The period that a page is about, on the day `today` of its unit. fault: why it is not what was asked, or empty.

    typed: what was asked, as it came, so that nobody types it again.
    """

    period: Period
    today: date
    fault: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The period in an address."""
        return query_of(self.period)

    @property
    def name(self) -> str:
        """The period as the beginning of a line."""
        return str(self.period)[0].upper() + str(self.period)[1:]

    @property
    def state(self) -> str:
        """What the period still lacks, in words; empty for one that is over."""
        if self.period.first > self.today:
            return "chưa bắt đầu"
        return f"đến hôm nay, {self.today:%d/%m/%Y}" if self.today <= self.period.last else ""

    @property
    def before(self) -> Choice | None:
        """The period before, if it can be asked for."""
        if self.period.first <= EARLIEST or (self.period.first - EARLIEST).days < self.period.days:
            return None
        return Choice(str(self.period.before), query_of(self.period.before))

    @property
    def after(self) -> Choice | None:
        """The period after, if it has begun."""
        return None if self.period.last >= self.today else Choice(str(self.period.after), query_of(self.period.after))

    @property
    def kinds(self) -> list[Choice]:
        """The same time by other kinds of periods."""
        day = min(self.today, self.period.last) if self.period.first <= self.today else self.period.first
        kinds = [kind for kind in LABELS if kind is not Kind.SPAN]
        return [Choice(LABELS[kind], query_of(containing(kind, day)), kind is self.period.kind) for kind in kinds]

    @property
    def form(self) -> dict[str, str]:
        """What the fields of the form hold."""
        shown = {"ky": str(self.period.kind), "ngay": f"{self.period.first}", "tu": f"{self.period.first}", "den": f"{self.period.last}"}
        return {**shown, **self.typed}

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The period as hidden fields of another form."""
        return parse_qsl(self.query)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Kinds of periods for the form."""
        return [(str(kind), label) for kind, label in LABELS.items()]


def asked(parameters: Mapping[str, str], today: date) -> Asked:
    """The period that the parameters of an address ask about."""
    try:
        return Asked(_period(parameters, today), today)
    except UnclearError as unclear:
        present = containing(Kind.MONTH, today)
        typed = {name: parameters[name] for name in ("ky", "ngay", "tu", "den") if name in parameters}
        return Asked(present, today, f"{unclear} Đang xem {present}.", typed)


def query_of(period: Period) -> str:
    """The parameters that ask for the period."""
    if period.kind is Kind.SPAN:
        return urlencode({"ky": period.kind, "tu": period.first, "den": period.last})
    return urlencode({"ky": period.kind, "ngay": period.first})


def read_day(text: str) -> date:
    """The day of 2026-11-26 or 26/11/2026. Raises UnclearError."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 a day of a calendar, without a time
        except ValueError:
            continue
        if not EARLIEST <= day <= LATEST:
            raise UnclearError(f"Ngày phải từ {EARLIEST:%d/%m/%Y} đến {LATEST:%d/%m/%Y}.")
        return day
    raise UnclearError(f"“{text}” không phải là ngày. Xin ghi như 26/11/2026." if text.strip() else "Chưa ghi ngày.")


def _period(parameters: Mapping[str, str], today: date) -> Period:
    try:
        kind = Kind(parameters.get("ky", Kind.MONTH))
    except ValueError:
        raise UnclearError("Không có loại kỳ này. Xin chọn ngày, tuần, tháng, quý, năm hoặc khoảng ngày.") from None
    if kind is not Kind.SPAN:
        return containing(kind, read_day(parameters["ngay"]) if "ngay" in parameters else today)
    first, last = read_day(parameters.get("tu", "")), read_day(parameters.get("den", ""))
    if first > last:
        raise UnclearError(f"Ngày đầu ({first:%d/%m/%Y}) sau ngày cuối ({last:%d/%m/%Y}). Xin đổi lại.")
    if last - first >= LONGEST_SPAN:
        raise UnclearError("Khoảng ngày dài nhất là ba năm. Xin chọn khoảng ngắn hơn.")
    return Period(kind, first, last)
