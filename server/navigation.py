"""What the bar at the top of every page offers to whom. That a page is offered is never what allows it."""

from typing import Any, NamedTuple

from django.http import HttpRequest

from server.places.scope import Right, rights_of


class Entry(NamedTuple):
    """A page of the bar. name: of its address, also what a page says that it belongs to it."""

    name: str
    label: str
    right: Right


ENTRIES = (
    Entry("today", "Kết quả", Right.SEE_RESULTS),
    Entry("flags", "Cần chú ý", Right.SEE_RESULTS),
    Entry("own", "Kết quả của tôi", Right.SEE_OWN),
    Entry("transactions", "Số hồ sơ", Right.COUNT_TRANSACTIONS),
    Entry("devices", "Thiết bị", Right.SEE_DEVICES),
    Entry("record", "Nhật ký", Right.SEE_RECORD),
    Entry("tokens", "Mã truy cập", Right.ARRANGE),
    Entry("admin:index", "Quản trị", Right.ARRANGE),
    Entry("tables", "Danh mục", Right.ARRANGE),
)


def bar(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `bar`, the entries for the user of the request."""
    user = getattr(request, "user", None)
    rights = rights_of(user) if user is not None else frozenset[Right]()
    return {"bar": [entry for entry in ENTRIES if entry.right in rights]}
