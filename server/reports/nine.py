"""The form of nine indicators by which an office assesses how it handles administrative procedures (Decree 61/2018/NĐ-CP, Circular
01/2018/TT-VPCP): points, classes, and what the kiosk can say of them. Pure.

The indicators are called here by their subjects, in our words; the form itself has the words that count. What points a figure of the
kiosk suggests is ours, and only ever a proposal: a person confirms or changes it.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from server.results.statistics import MINIMUM_N
from server.results.templatetags.vietnamese import number

MOST_EACH = Decimal(2)
MOST = Decimal(18)
CLASSES = ((Decimal(15), "Xuất sắc"), (Decimal(12), "Tốt"), (Decimal(9), "Khá"), (Decimal(6), "Trung bình"), (Decimal(0), "Yếu"))
FINE, FAIR = 20, 10  # at most one vote in so many named the reason: two points, one point


class PointsError(ValueError):
    """These are no points of the form; says in Vietnamese what to mend."""


class Indicator(NamedTuple):
    """An indicator. reasons: what citizens can say on the kiosk that speaks to it, ids of `sync.choices`; empty where nothing does."""

    key: str
    name: str
    reasons: tuple[str, ...] = ()
    said: str = ""


INDICATORS = (
    Indicator("thoi-gian", "Thời gian giải quyết so với quy định", ("late",), "“Trễ hẹn”"),
    Indicator("tung-buoc", "Thời gian thực hiện của từng cơ quan, bộ phận tham gia"),
    Indicator("so-lan", "Số lần người dân phải đến để hoàn thiện hồ sơ", ("more-papers",), "“Phải bổ sung hồ sơ nhiều lần”"),
    Indicator("so-noi", "Số cơ quan, đơn vị người dân phải liên hệ"),
    Indicator(
        "quy-trinh",
        "Thực hiện quy trình tiếp nhận, giải quyết, trả kết quả",
        ("waiting", "explanation"),
        "“Chờ lâu”, “Giải thích khó hiểu”",
    ),
    Indicator("thai-do", "Thái độ của cán bộ, công chức", ("attitude",), "“Thái độ chưa thân thiện”"),
    Indicator("giai-trinh", "Tiếp thu, giải trình phản ánh, kiến nghị"),
    Indicator("cong-khai", "Công khai thủ tục hành chính"),
    Indicator("truc-tuyen", "Tiến độ, chất lượng cung cấp dịch vụ công trực tuyến"),
)


class Proposal(NamedTuple):
    """Points that a figure suggests. basis: the figure, in words."""

    points: Decimal
    basis: str


class Given(NamedTuple):
    """What a person decided of an indicator."""

    points: Decimal
    remark: str = ""


def points_of(text: str) -> Decimal:
    """Points as they were typed: 1,5 or 1.5, from 0 to 2, at most two decimals. Raises PointsError."""
    try:
        points = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise PointsError(f"“{text}” không phải là điểm. Xin ghi số từ 0 đến 2, ví dụ 1,5.") from None
    if not points.is_finite() or not 0 <= points <= MOST_EACH:
        raise PointsError("Điểm của một chỉ số phải từ 0 đến 2.")
    if points != round(points, 2):
        raise PointsError("Điểm chỉ ghi đến hai chữ số thập phân.")
    return points


def class_of(points: Decimal) -> str:
    """The class of the points of all nine: a border belongs to the class above it. Raises PointsError outside of 0 to 18."""
    if not points.is_finite() or not 0 <= points <= MOST:
        raise PointsError("Tổng điểm phải từ 0 đến 18.")
    return next(name for border, name in CLASSES if points >= border)


def total(given: Mapping[str, Given]) -> Decimal | None:
    """The points of all nine, or None while one is missing."""
    if any(one.key not in given for one in INDICATORS):
        return None
    return sum((given[one.key].points for one in INDICATORS), Decimal(0))


def propose(indicator: Indicator, n: int, times: Mapping[str, int]) -> Proposal | None:
    """What the kiosk's figures suggest, or None where it measures nothing or too little. n: votes; times: how often each reason was
    given. Of several reasons the times are added: at most so many votes named one.
    """
    if not indicator.reasons or n < MINIMUM_N:
        return None
    named = sum(times.get(reason, 0) for reason in indicator.reasons)
    points = 2 if named * FINE <= n else 1 if named * FAIR <= n else 0
    return Proposal(Decimal(points), f"{indicator.said}: {number(named)} lần trên {number(n)} lượt đánh giá")
