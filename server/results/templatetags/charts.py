"""The tag that puts a chart into a page.

`{% load charts %}`, and in the page's head `charts.css` and (`defer`) `charts.js`. Then, for a `Unit` and a `Period`:

- `{% chart "ngay" unit period %}`, `{% chart "gio" unit period %}`
- `{% chart "khoang" unit period by="can-bo" %}`: or `quay`; of an area `don-vi`
- `{% chart "so-sanh" unit period by="quay" other=other %}`: beside another period, or else the one before
- `{% chart "ly-do" unit period by="hai-long" %}`: or else the reasons of those who were not
- `{% chart "tham-gia" unit period by="can-bo" %}`: or `quay`, `don-vi`, or else by day

`wide=True` where the chart has the whole page's width. `facts=facts` spares asking the database again for what the page has.
`table="can-bo"` names the table behind it, `#bang-can-bo`; else it is called as the chart. Cards side by side: `<div class="charts">`.
"""

from typing import Any

from django import template
from django.urls import reverse

from server.places.models import Unit
from server.results.charts.address import Asked, By, Chart
from server.results.charts.gather import default, gather
from server.results.charts.pictures import is_there, renderer, version
from server.results.charts.size import Width
from server.results.period import Period
from server.results.queries import Facts

register = template.Library()

# Up to which width of the window a picture is shown: below it, a card would be narrower than the next wider picture.
_UP_TO = {Width.PHONE: 599, Width.HALF: 1239}


@register.inclusion_tag("results/chart.html")
def chart(
    name: str,
    unit: Unit,
    period: Period,
    *,
    by: str | None = None,
    other: Period | None = None,
    wide: bool = False,
    facts: Facts | None = None,
    table: str | None = None,
) -> dict[str, Any]:
    """A figure with the chart as an image, a sentence for who cannot see it, and a link to its table. Raises ValueError as `gather`."""
    which = Chart(name)
    if which is Chart.COMPARISON:
        other = other or period.before
    asked = Asked(which, period, By(by) if by else default(unit, which), other)
    data = gather(unit, asked, facts)
    address = reverse("chart", args=[unit.pk, name])
    present = version(data)
    widths = [width for width in Width if wide or width is not Width.FULL]
    pictures = [
        {
            "address": f"{address}?{asked.parameters(w=int(width), v=present)}",
            "width": int(width),
            "height": data.height(width),
            "up_to": _UP_TO.get(width),
        }
        for width in widths
    ]
    if not all(is_there(data, width) for width in widths):
        renderer.warm()
    return {"name": name, "table": table or name, "says": data.sentence(), "narrower": pictures[:-1], "widest": pictures[-1]}
