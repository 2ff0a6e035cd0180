"""Which period a request asks about, and where to go from it.

Nothing asked is the present month, and so is what cannot be understood, which a sentence then says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from server.results.addressed import EARLIEST, UnclearError, parameters_of, read_period
from server.results.period import Kind, Period, containing

LABELS = {
    Kind.DAY: "Ngày",
    Kind.WEEK: "Tuần",
    Kind.MONTH: "Tháng",
    Kind.QUARTER: "Quý",
    Kind.YEAR: "Năm",
    Kind.SPAN: "Khoảng ngày",
}


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
        return list(parameters_of(self.period).items())

    @property
    def options(self) -> list[tuple[str, str]]:
        """Kinds of periods for the form."""
        return [(str(kind), label) for kind, label in LABELS.items()]


def asked(parameters: Mapping[str, str], today: date) -> Asked:
    """The period that the parameters of an address ask about."""
    try:
        return Asked(read_period({"ky": Kind.MONTH, "ngay": f"{today}", **parameters}), today)
    except UnclearError as unclear:
        present = containing(Kind.MONTH, today)
        typed = {name: parameters[name] for name in ("ky", "ngay", "tu", "den") if name in parameters}
        return Asked(present, today, f"{unclear} Đang xem {present}.", typed)


def query_of(period: Period) -> str:
    """The parameters that ask for the period."""
    return urlencode(parameters_of(period))
