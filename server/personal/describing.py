"""What the office does with personal data, told from what the program really does: for its file on processing them.

Nothing here is written down twice: who sees what comes from `server.places.scope`, how long from the unit's terms, the sentence of
consent from the register of wordings.
"""

from typing import NamedTuple

from django.conf import settings

from server.personal.holding import Kept
from server.personal.rules import Rule
from server.personal.wordings import wordings
from server.places.models import Membership
from server.places.scope import ALLOWED, Right
from server.record.models import KEPT_YEARS

_CONSENT = "Sự đồng ý của người viết, bằng câu in ở mục dưới; không đồng ý thì chỉ giữ nội dung góp ý."
_TASK = "Nhiệm vụ của cơ quan: tiếp nhận, giải quyết và trả lời góp ý của người dân."


class Activity(NamedTuple):
    """One kind of data: what, why, on what ground, how long, who sees it, where it is."""

    data: str
    purpose: str
    ground: str
    long: str
    seen_by: str
    where: str


def activities(kept: Kept) -> list[Activity]:
    """All kinds."""
    long, sealed = _long(kept), "Máy chủ; được niêm phong (mã hóa) từ khi viết, khóa mở giữ ngoài cơ sở dữ liệu."
    readers, leaders = roles_with(Right.READ_COMMENTS), roles_with(Right.SEE_SENSITIVE)
    return [
        Activity(
            "Nội dung góp ý, nếu có cả chi tiết cho biết người viết là ai",
            "Cải thiện phục vụ; xác minh, trả lời.",
            _TASK,
            long,
            f"{readers}. Góp ý về gợi ý chi phí ngoài quy định: chỉ {leaders.lower()}.",
            f"{sealed} Kiosk giữ bản niêm phong thêm 30 ngày từ khi máy chủ đã nhận.",
        ),
        Activity(
            "Họ tên, số điện thoại, địa chỉ của người viết",
            "Liên hệ, mời gặp, gửi trả lời.",
            _CONSENT,
            long,
            "Như nội dung góp ý: niêm phong chung và xóa chung.",
            "Như nội dung góp ý.",
        ),
        Activity(
            "Ghi chú của cơ quan, tệp kèm theo trong vụ việc",
            "Xác minh và giải quyết vụ việc.",
            _TASK,
            f"Cùng với vụ việc: {_said(kept, Rule.ENDED)}; {_said(kept, Rule.WITHDRAWN)}.",
            "Như nội dung góp ý.",
            "Máy chủ; niêm phong như góp ý.",
        ),
        Activity(
            "Lượt đánh giá và lý do đã chọn",
            "Thống kê mức hài lòng.",
            "Không phải dữ liệu về một người xác định: kiosk không hỏi và không ghi người đánh giá là ai.",
            "Không có thời hạn.",
            f"{roles_with(Right.SEE_RESULTS)}, thời điểm chỉ đến nửa ngày; đúng giờ phút: {roles_with(Right.SEE_MOMENTS).lower()}.",
            "Máy chủ và kiosk.",
        ),
        Activity(
            "Họ tên, chức danh, ảnh của cán bộ; kết quả đánh giá theo cán bộ",
            "Cho người dân biết ai phục vụ mình; đánh giá việc phục vụ.",
            "Quản lý, đánh giá cán bộ của cơ quan.",
            "Ảnh: khi cán bộ còn công tác và còn ảnh; kết quả: không có thời hạn.",
            f"{roles_with(Right.SEE_RESULTS)}; cán bộ chỉ thấy kết quả của mình.",
            "Máy chủ; họ tên, chức danh, ảnh cả trên kiosk.",
        ),
        Activity(
            "Tài khoản của cán bộ dùng hệ thống; nhật ký: ai đã xem, xuất, xóa gì, lúc nào, từ địa chỉ mạng nào",
            "Kiểm soát việc truy cập.",
            "Trách nhiệm bảo vệ dữ liệu cá nhân của cơ quan.",
            f"Nhật ký: ít nhất {KEPT_YEARS} năm.",
            f"{roles_with(Right.SEE_RECORD)}.",
            "Máy chủ.",
        ),
    ]


def roles_with(right: Right) -> str:
    """Whose membership brings the right, in words."""
    said = ", ".join(str(Membership.Role(role).label) for role, rights in ALLOWED.items() if right in rights)
    return said[:1].upper() + said[1:]


def described(kept: Kept) -> dict[str, object]:
    """The context of the page."""
    return {
        "activities": activities(kept),
        "wordings": wordings(),
        "erased_by": roles_with(Right.ERASE).lower(),
        "sought_by": roles_with(Right.READ_COMMENTS).lower(),
        "database": "PostgreSQL" if settings.ENVIRONMENT.postgresql else "SQLite trên máy chủ",
    }


def _long(kept: Kept) -> str:
    return "; ".join(_said(kept, rule) for rule in Rule).capitalize() + "."


def _said(kept: Kept, rule: Rule) -> str:
    return f"{rule.label.lower()}: {kept.months[rule]} tháng"
