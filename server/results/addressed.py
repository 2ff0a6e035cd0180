"""A period in an address: `?ky=thang&ngay=2026-11-01` or `?ky=khoang&tu=2026-11-01&den=2026-11-15`. Pure.

A second period, that the first is compared with, stands beside it with `voi_` before each name.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from server.results.period import LONGEST_SPAN, Kind, Period, containing

EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
OTHER = "voi_"


class UnclearError(ValueError):
    """What was asked is no period; says in Vietnamese what to mend."""


def parameters_of(period: Period, before: str = "") -> dict[str, str]:
    """The parameters that ask for the period. before: what stands before their names."""
    days = {"tu": period.first, "den": period.last} if period.kind is Kind.SPAN else {"ngay": period.first}
    return {f"{before}ky": str(period.kind)} | {f"{before}{name}": f"{day}" for name, day in days.items()}


def read_day(text: str) -> date:
    """The day of 2026-11-26 or 26/11/2026, as people write them. Raises UnclearError."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 a day of a calendar, without a time
        except ValueError:
            continue
        if not EARLIEST <= day <= LATEST:
            raise UnclearError(f"Ngày phải từ {EARLIEST:%d/%m/%Y} đến {LATEST:%d/%m/%Y}.")
        return day
    raise UnclearError(f"“{text}” không phải là ngày. Xin ghi như 26/11/2026." if text.strip() else "Chưa ghi ngày.")


def read_period(parameters: Mapping[str, str], before: str = "", day: Callable[[str], date] = read_day) -> Period:
    """The period that the parameters ask for. before: as of `parameters_of`; day: how to read a day. Raises UnclearError, or what `day`
    raises.
    """
    try:
        kind = Kind(parameters.get(f"{before}ky", ""))
    except ValueError:
        raise UnclearError("Không có loại kỳ này. Xin chọn ngày, tuần, tháng, quý, năm hoặc khoảng ngày.") from None
    if kind is not Kind.SPAN:
        return containing(kind, day(parameters.get(f"{before}ngay", "")))
    first, last = (day(parameters.get(before + name, "")) for name in ("tu", "den"))
    if first > last:
        raise UnclearError(f"Ngày đầu ({first:%d/%m/%Y}) sau ngày cuối ({last:%d/%m/%Y}). Xin đổi lại.")
    if last - first >= LONGEST_SPAN:
        raise UnclearError("Khoảng ngày dài nhất là ba năm. Xin chọn khoảng ngắn hơn.")
    return Period(kind, first, last)
