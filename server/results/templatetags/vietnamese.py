"""Numbers and days as Vietnamese readers write them: 1.073, 94,8 %, −2,0 điểm, thứ Năm."""

from datetime import date
from decimal import Decimal

from django import template

register = template.Library()

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_NO_BREAK = "\N{NO-BREAK SPACE}"


@register.filter
def number(value: int) -> str:
    """A whole number with dots between the thousands."""
    return f"{value:,}".replace(",", ".")


@register.filter
def percent(value: float) -> str:
    """A share from 0 to 1 in percent with one decimal, without the sign: 0.9476 gives 94,8."""
    return decimal(value * 100)


@register.filter
def decimal(value: float) -> str:
    """A number with one decimal: 94.8 gives 94,8."""
    return f"{value:.1f}".replace(".", ",")


@register.filter
def quantity(value: Decimal | int) -> str:
    """A number with the decimals that it has: 1073 gives 1.073, 3.50 gives 3,5."""
    if isinstance(value, int):
        return number(value)
    whole, _, part = f"{value.normalize():f}".partition(".")
    return number(int(whole)) + (f",{part}" if part else "")


@register.filter
def points(value: float) -> str:
    """A difference of two percentages with its sign: −2,0; +1,3; 0,0."""
    said = decimal(abs(value))
    return said if said == "0,0" else f"{'−' if value < 0 else '+'}{said}"


@register.filter
def whole_percent(value: float) -> str:
    """A round share in percent with the sign, as on a scale: 0.8 gives 80 %."""
    return f"{number(round(value * 100))}{_NO_BREAK}%"


def signed_percent(value: float) -> str:
    """A share in percent with one decimal and the sign, as in a sentence."""
    return f"{percent(value)}{_NO_BREAK}%"


@register.filter
def weekday(day: date) -> str:
    """The day's name."""
    return WEEKDAYS[day.weekday()]


@register.filter
def along(value: float, floor: float) -> str:
    """A share as a coordinate of a drawing 100 wide, which begins at the share `floor` and ends at 1."""
    return f"{(value - floor) / (1 - floor) * 100:.2f}"
