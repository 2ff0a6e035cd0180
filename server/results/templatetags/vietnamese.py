"""Numbers as Vietnamese readers write them: 1.073 and 94,8 %."""

from django import template

register = template.Library()


@register.filter
def number(value: int) -> str:
    """A whole number with dots between the thousands."""
    return f"{value:,}".replace(",", ".")


@register.filter
def percent(value: float) -> str:
    """A share from 0 to 1 in percent with one decimal, without the sign: 0.9476 gives 94,8."""
    return f"{value * 100:.1f}".replace(".", ",")


@register.filter
def decimal(value: float) -> str:
    """A figure with one decimal: 94.8 gives 94,8."""
    return f"{value:.1f}".replace(".", ",")


@register.filter
def length_of_100(value: float) -> str:
    """A share from 0 to 1 as a coordinate of a drawing 100 wide."""
    return f"{value * 100:.2f}"
