"""What the bar at the top of every page offers to whom. That a page is offered is never what allows it.

The everyday pages stand in the bar; those by which the system is run stand together behind one entry, unless the user has only one.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from server.places.models import Unit
from server.places.scope import Right, Somebody, rights_of


@dataclass(frozen=True)
class Entry:
    """A page that is offered. name: of its address, also what a page says that it belongs to it; about: what it is for, in a sentence;
    within: the pages that stand behind it; first: what the page itself is called beside these; instead: a right that serves as well.
    """

    name: str
    label: str
    right: Right
    about: str = ""
    within: tuple["Entry", ...] = ()
    first: str = ""
    instead: Right | None = None

    @property
    def tabs(self) -> list["Entry"]:
        """The pages of the section, as they stand side by side over each of them."""
        return [replace(self, label=self.first, within=()), *self.within] if self.first and self.within else []

    @property
    def names(self) -> list[str]:
        """Its name and of those behind it."""
        return [self.name, *(entry.name for entry in self.within)]


EVERYDAY = (
    Entry("today", "Kết quả", Right.SEE_RESULTS),
    Entry(
        "alerts",
        "Cần chú ý",
        Right.SEE_RESULTS,
        first="Cảnh báo",
        within=(Entry("flags", "Bất thường trong đánh giá", Right.SEE_RESULTS),),
        instead=Right.SEE_DEVICES,
    ),
    Entry(
        "box",
        "Góp ý",
        Right.READ_COMMENTS,
        first="Hòm thư",
        within=(
            Entry("cases", "Vụ việc", Right.FOLLOW_CASES),
            Entry("mondays", "Tiếp dân", Right.FOLLOW_CASES),
            Entry("commendations", "Khen", Right.FOLLOW_CASES),
            Entry("personal", "Dữ liệu cá nhân", Right.READ_COMMENTS),
        ),
    ),
    Entry(
        "reports",
        "Báo cáo",
        Right.SEE_RESULTS,
        first="Báo cáo",
        within=(Entry("transactions", "Số hồ sơ", Right.COUNT_TRANSACTIONS), Entry("documents", "Mẫu văn bản", Right.PUBLISH)),
    ),
    Entry("own", "Kết quả của tôi", Right.SEE_OWN),
    Entry("devices", "Thiết bị", Right.SEE_DEVICES),
)
RUNNING = (
    Entry(
        "admin:index",
        "Đơn vị, tài khoản, màn hình",
        Right.ARRANGE,
        "Thêm, sửa đơn vị, quầy, cán bộ; tạo tài khoản và cấp quyền; đặt câu chữ, lý do và giờ của màn hình kiosk.",
    ),
    Entry("tables", "Nhập, xuất danh mục", Right.ARRANGE, "Sửa nhiều đơn vị, quầy, cán bộ một lần bằng tệp Excel hoặc CSV."),
    Entry(
        "releases",
        "Phiên bản kiosk",
        Right.ARRANGE,
        "Phát hành phiên bản mới cho kiosk: vài máy thử trước, rồi mọi máy; xem máy nào chạy bản nào.",
    ),
    Entry("tokens", "Mã truy cập", Right.ARRANGE, "Cho hệ thống khác, như một cửa điện tử, đọc kết quả hoặc gửi số hồ sơ."),
    Entry("record", "Nhật ký", Right.SEE_RECORD, "Xem ai đã đăng nhập, xem dữ liệu cá nhân, xuất hoặc thay đổi dữ liệu."),
)


def running(user: Somebody) -> list[Entry]:
    """The pages by which the user runs the system."""
    return _running(rights_of(user))


def bar(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `bar`, the entries for the user of the request."""
    user = getattr(request, "user", None)
    if user is None:
        return {"bar": []}
    rights = rights_of(user)
    entries = [
        replace(entry, within=tuple(page for page in entry.within if page.right in rights))
        for entry in EVERYDAY
        if entry.right in rights or entry.instead in rights
    ]
    if Right.ARRANGE in rights and not Unit.objects.exists():
        entries = []  # on a new server there is nothing to see yet, and one thing to do
    behind = _running(rights)
    if len(behind) > 1:
        behind = [Entry("running", "Quản trị", behind[0].right, within=tuple(behind))]
    return {"bar": [*entries, *behind]}


def _running(rights: frozenset[Right]) -> list[Entry]:
    return [entry for entry in RUNNING if entry.right in rights]
