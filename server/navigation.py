"""What the bar at the top of every page offers to whom. That a page is offered is never what allows it."""

from typing import Any, NamedTuple

from django.http import HttpRequest

from server.places.scope import Right, may


class Entry(NamedTuple):
    """A page of the bar. name: of its address, also what a page says that it belongs to it."""

    name: str
    label: str
    right: Right


ENTRIES = (
    Entry("today", "Kết quả", Right.SEE_RESULTS),
    Entry("admin:index", "Quản trị", Right.ARRANGE),
    Entry("tables", "Danh mục", Right.ARRANGE),
)


def bar(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `bar`, the entries for the user of the request."""
    user = getattr(request, "user", None)
    return {"bar": [entry for entry in ENTRIES if user is not None and user.is_authenticated and may(user, entry.right)]}
