"""What alerts say to people: what is so, in figures, and what to begin with. The one place for these sentences. Pure.

Nothing personal, and no vote's time: they stand on pages, and in e-mails.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from server.alerts.models import Alert
from server.cases.steps import Step
from server.devices.health import of_flag
from server.results.counts import Count
from server.results.templatetags.vietnamese import decimal, number, percent

_Kind = Alert.Kind
_NO_BREAK = "\N{NO-BREAK SPACE}"

ADVICE: Mapping[str, str] = {
    _Kind.SHARE: "Xin xem các lý do người dân nêu và tỷ lệ theo cán bộ, theo quầy; rồi trao đổi với bộ phận Một cửa.",
    _Kind.BURST: "Xin hỏi bộ phận Một cửa hôm đó có việc gì: hệ thống trục trặc, chờ lâu, thiếu người trực?",
    _Kind.CASE: "Xin làm bước tiếp theo của vụ việc, hoặc giao cho người khác.",
    _Kind.UNREAD: "Xin mở hòm thư góp ý, đọc và ghi kết quả từng góp ý.",
    _Kind.SILENT: "Xin xem kiosk có điện, có mạng không. Lượt đánh giá vẫn được giữ trên máy và tự gửi khi có mạng.",
    _Kind.QUARANTINE: "Xin xem từng dòng và quyết định: chấp nhận hoặc để riêng. Chưa quyết định thì chưa được tính.",
}


class Told(NamedTuple):
    """An alert in words. head: what is so; rest: the figures; advice: what to begin with."""

    head: str
    rest: str
    advice: str

    def __str__(self) -> str:
        return f"{self.head} {self.rest}".strip()


def without_number(alert: Alert, told: Told) -> Told:
    """The same for an e-mail, without the number by which a citizen asks: whoever knows it could take the case back."""
    if alert.kind != _Kind.CASE:
        return told
    return told._replace(head=f"Một vụ việc quá hạn {number(alert.figures['days'])} ngày.")


def tell(alert: Alert, counter: str) -> Told:
    """An alert in words. counter: the name of the device's, where it is about one."""
    said = alert.figures
    match alert.kind:
        case _Kind.SHARE:
            votes = Count(said["satisfied"], said["dissatisfied"])
            year, month = alert.subject.split("-")
            head = f"Tỷ lệ hài lòng tháng {int(month)}/{year} thấp hơn mức {said['threshold']}{_NO_BREAK}%."
            return Told(head, _share(votes), ADVICE[alert.kind])
        case _Kind.BURST:
            votes = Count(said["satisfied"], said["dissatisfied"])
            usual = Count(said["before_satisfied"], said["before"] - said["before_satisfied"])
            head = f"Nhiều lượt không hài lòng khác thường, ngày {_day(alert.subject)}."
            rest = f"{number(votes.dissatisfied)} trên {number(votes.n)} lượt không hài lòng"
            if usual.percents:
                rest += f"; bình thường {decimal(usual.percents[1])}{_NO_BREAK}% ({number(usual.n)} lượt của 28 ngày trước đó)"
            return Told(head, f"{rest}.", ADVICE[alert.kind])
        case _Kind.CASE:
            return Told(
                f"Vụ việc {alert.subject} quá hạn {number(said['days'])} ngày.",
                f"Hạn {_day(said['due'])}; hiện tại: {Step(said['step']).label.lower()}.",
                ADVICE[alert.kind],
            )
        case _Kind.UNREAD:
            kind = "góp ý gửi riêng lãnh đạo" if alert.sensitive else "góp ý"
            head = f"{number(said['number'])} {kind} chưa ai đọc sau 2 ngày làm việc."
            return Told(head, f"Góp ý đầu tiên đến ngày {_day(said['first'])}.", ADVICE[alert.kind])
        case _Kind.SILENT:
            since = datetime.fromisoformat(said["heard"])
            rest = "Kiosk đã đăng ký nhưng chưa gửi gì" if said["never"] else "Liên lạc gần nhất"
            when = f"{since:%d/%m/%Y}, {since.hour} giờ {since:%M}"
            words = f"{rest}, từ {when}." if said["never"] else f"{rest}: {when}."
            return Told(f"Kiosk ở {counter or 'một quầy'} không liên lạc trong giờ làm việc.", words, ADVICE[alert.kind])
        case _Kind.FLAGGED:
            finding = of_flag(said["flag"])
            return Told(f"Kiosk ở {counter or 'một quầy'}: {finding.words[0].lower()}{finding.words[1:]}.", "", finding.advice)
        case _:
            return Told(f"{number(said['lines'])} dòng dữ liệu đang cách ly, chờ quyết định.", "", ADVICE[_Kind.QUARANTINE])


def _share(votes: Count) -> str:
    if votes.share is None or votes.percents is None:
        return "Chưa đủ dữ liệu."
    return (
        f"{decimal(votes.percents[0])}{_NO_BREAK}% của {number(votes.n)} lượt; khoảng tin cậy 95{_NO_BREAK}%: "
        f"{percent(votes.share.low)} – {percent(votes.share.high)}, cả khoảng nằm dưới mức này."
    )


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"
