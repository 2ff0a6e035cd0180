"""What flags say to people: what was seen, in counts; what it may mean, both ways; never who did what. Pure.

No sentence says when a vote was cast more finely than by half a day: leaders read them, in titles and lists too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from server.flags.models import Flag
from server.results.counts import Count
from server.results.templatetags.vietnamese import number, percent


class Meaning(NamedTuple):
    """What a flag of a kind may mean. ordinary: without anybody's fault; otherwise: else; ask: with what to begin."""

    ordinary: tuple[str, ...]
    otherwise: tuple[str, ...]
    ask: str


@dataclass(frozen=True)
class Told:
    """A flag in words. head: what was seen; rest: what is usual."""

    head: str
    rest: str

    def __str__(self) -> str:
        return f"{self.head} {self.rest}".strip()


_RATINGS = {"satisfied": "hài lòng", "dissatisfied": "không hài lòng"}

MEANINGS: Mapping[str, Meaning] = {
    Flag.Kind.BURST: Meaning(
        ("Một đoàn người hoặc cả gia đình cùng đến làm thủ tục và cùng đánh giá.", "Trẻ em đi cùng bấm chơi trên màn hình."),
        ("Một người bấm nhiều lần, không phải mỗi lượt là một người dân.",),
        "Buổi đó có đoàn nào đến không? Có ai thấy màn hình được bấm liên tục không?",
    ),
    Flag.Kind.OUTSIDE: Meaning(
        (
            "Bộ phận Một cửa làm thêm giờ hoặc làm bù, nhưng giờ mở cửa trên hệ thống chưa ghi.",
            "Có người vào phòng sau giờ làm việc và chạm thử.",
        ),
        ("Màn hình được bấm khi không có người dân đến làm thủ tục.",),
        "Hôm đó có làm thêm giờ không? Nếu có, xin bổ sung giờ mở cửa để lần sau hệ thống biết.",
    ),
    Flag.Kind.STREAK: Meaning(
        ("Cuối ngày đông người, và ai cũng hài lòng.", "Cán bộ nhắc người dân đánh giá trước khi ra về."),
        ("Có lượt được bấm thêm vào cuối ngày, không phải do người dân.",),
        "Số hồ sơ cuối ngày hôm đó có nhiều như số lượt đánh giá không?",
    ),
    Flag.Kind.SILENT: Meaning(
        (
            "Màn hình quay đi hướng khác, bị che, bị tắt tiếng hoặc cảm ứng hỏng.",
            "Hồ sơ được tiếp nhận trực tuyến hoặc qua bưu chính, người dân không đến quầy.",
        ),
        ("Người dân không được mời đánh giá, hoặc được nhắc là không cần đánh giá.",),
        "Xin xem màn hình có hướng về phía người dân và chạm được không.",
    ),
    Flag.Kind.HARDLY: Meaning(
        (
            "Màn hình đặt khuất hoặc quá xa chỗ người dân ngồi.",
            "Quầy này nhận nhiều hồ sơ mà người dân không phải đến, ví dụ qua bưu chính.",
        ),
        ("Người dân ở quầy này ít được mời đánh giá hơn ở các quầy khác.",),
        "Xin ra quầy xem: màn hình có hướng về phía người dân không?",
    ),
    Flag.Kind.UNLIKE: Meaning(
        (
            "Tuần đó có vụ việc riêng: hệ thống trục trặc, thủ tục mới, hồ sơ khó.",
            "Cán bộ thay đổi cách làm việc, hoặc chuyển sang lĩnh vực khác.",
        ),
        ("Các lượt đánh giá của tuần đó không phải đều do người dân đến làm thủ tục bấm.",),
        "Tuần đó ở quầy có gì khác những tuần trước? Các lý do người dân chọn nói gì?",
    ),
}


def tell(flag: Flag, counter: str, officer: str) -> Told:
    """A flag in words. counter, officer: their names, empty where it is about none."""
    said = flag.figures
    match flag.kind:
        case Flag.Kind.BURST:
            head = f"{number(said['votes'])} lượt {_RATINGS[flag.rating]} trong {said['minutes']} phút, {_when(flag)}, {counter}."
            if "usual" not in said:
                return Told(head, "Quầy này mới có ít ngày, chưa biết ngày thường có bao nhiêu lượt.")
            return Told(head, f"Ngày thường quầy này có {_about(said['usual'])} lượt mỗi giờ.")
        case Flag.Kind.OUTSIDE:
            where = counter or f"{said['counters']} quầy"
            usual = "giờ mở cửa" if said["known"] else "giờ thường"
            hours = "" if said["known"] else "Đơn vị chưa khai giờ mở cửa; hệ thống tạm coi 6 giờ đến 20 giờ, trừ Chủ nhật, là giờ thường."
            return Told(f"{number(said['votes'])} lượt ngoài {usual}, {_when(flag)}, {where}.", hours)
        case Flag.Kind.STREAK:
            head = f"{number(said['run'])} lượt hài lòng liên tiếp trong giờ cuối, ngày {flag.day:%d/%m}, {counter}{_by(officer)}."
            if "usual" not in said:
                return Told(head, f"Trước đó, {_before(said)}.")
            return Told(head, f"Ngày thường trong giờ đó có {_about(said['usual'])} lượt; {_before(said)}.")
        case Flag.Kind.SILENT:
            head = f"{_votes(said['votes'])} trên {number(said['handled'])} hồ sơ, ngày {flag.day:%d/%m}, {_whose(counter, officer)}."
            return Told(head, f"Kiosk hôm đó có bật. Bình thường {_rated(said)}.")
        case Flag.Kind.HARDLY:
            head = f"{_votes(said['votes'])} trên {number(said['handled'])} hồ sơ, {_week(flag)}, {_whose(counter, officer)}."
            return Told(head, f"Các quầy khác của đơn vị: {_rated(said)}.")
        case _:
            count = Count(said["satisfied"], said["votes"] - said["satisfied"])
            head = f"{_share(count)} hài lòng ({number(count.satisfied)} trên {number(count.n)} lượt), {_week(flag)}, {officer}."
            return Told(head, f"Trong {said['weeks']} tuần trước đó, {_before(said)}.")


def rarely(p: float) -> int:
    """In how many honest days or weeks chance makes something like this once: a power of ten, at most a million."""
    times = 1000
    while times < 1_000_000 and p * times * 10 <= 1:
        times *= 10
    return times


def _before(said: Mapping[str, int]) -> str:
    count = Count(said["before_satisfied"], said["before"] - said["before_satisfied"])
    return f"tỷ lệ hài lòng của cán bộ là {_share(count)} ({number(count.n)} lượt)"


def _share(count: Count) -> str:
    return f"{percent(count.percents[0] / 100)} %" if count.percents else "chưa đủ dữ liệu"


def _rated(said: Mapping[str, int]) -> str:
    return (
        f"{number(said['before_votes'])} lượt trên {number(said['before_handled'])} hồ sơ "
        f"({percent(said['before_votes'] / said['before_handled'])} %)"
    )


def _votes(votes: int) -> str:
    return f"{number(votes)} lượt đánh giá" if votes else "Không có lượt đánh giá nào"


def _about(usual: float) -> str:
    return f"khoảng {number(round(usual))}" if usual >= 1 else "chưa đến 1"


def _when(flag: Flag) -> str:
    half = "cả sáng và chiều" if flag.half == Flag.Half.NONE else Flag.Half(flag.half).label
    return f"{half} {flag.day:%d/%m}"


def _week(flag: Flag) -> str:
    return f"tuần {flag.since:%d/%m} – {flag.day:%d/%m}"


def _whose(counter: str, officer: str) -> str:
    return counter or officer or "cả đơn vị"


def _by(officer: str) -> str:
    return f", {officer}" if officer else ""
