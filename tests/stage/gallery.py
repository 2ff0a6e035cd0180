"""Every screen with sample data, for the rules in tests/screens and for whoever wants to look at one.

A new screen is one line in GALLERY: its name, and a function that makes the widget in the language of `translate`. Imported only
where Kivy has been prepared.
"""

from collections.abc import Callable

from kivy.uix.widget import Widget

from kiosk.texts import Translate
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.screens.fault import FaultScreen
from kiosk.ui.screens.message import MessageScreen
from kiosk.vote import Rating

LONGEST_NAME = "Công Tằng Tôn Nữ Thị Huyền Trang"
LONGEST_TITLE = "Phó Giám đốc Trung tâm Phục vụ hành chính công"
LONGEST_COUNTER = "Quầy Tiếp nhận hồ sơ đất đai và môi trường"
LONGEST_UNIT = "Trung tâm Phục vụ hành chính công phường Hoàng Văn Thụ"


def ask(translate: Translate, name: str, title: str, counter: str, pressed: Rating | None = None) -> AskScreen:
    screen = AskScreen(
        question=translate("Ông/bà có hài lòng với sự phục vụ của cán bộ không?"),
        satisfied=translate("Hài lòng"),
        dissatisfied=translate("Không hài lòng"),
        pressed=pressed,
    )
    screen.officer_name, screen.officer_title, screen.counter = name, title, counter
    return screen


def thanks(translate: Translate) -> MessageScreen:
    return MessageScreen(headline=translate("Cảm ơn ông/bà!"), sentence=translate("Ý kiến đã được ghi nhận."))


def sorry(translate: Translate) -> MessageScreen:
    return MessageScreen(
        flower=False,
        headline=translate("Xin lỗi ông/bà, máy chưa ghi được ý kiến."),
        sentence=translate("Xin ông/bà vui lòng bỏ phiếu vào hòm thư góp ý."),
    )


def fault(translate: Translate) -> FaultScreen:
    sentences = [
        translate("Không tìm thấy màn hình. Xin chạy trên máy có màn hình, hoặc đặt biến DISPLAY."),
        "/etc/hailong/kiosk.toml: thanks_seconds (0): " + translate("cần một số giây từ 0.1 đến 60"),
        translate("Sau khi sửa, xin mở lại chương trình."),
    ]
    return FaultScreen(headline=translate("Chưa dùng được: cần sửa tệp cấu hình"), sentences="\n\n".join(sentences))


GALLERY: dict[str, Callable[[Translate], Widget]] = {
    "ask": lambda translate: ask(translate, "Nguyễn Thị Hoa", "Công chức Tư pháp – Hộ tịch", "Quầy 3"),
    "ask-pressed": lambda translate: ask(translate, "Trần Văn Ứng", "Chuyên viên", "Quầy 12", Rating.DISSATISFIED),
    "ask-longest-names": lambda translate: ask(translate, LONGEST_NAME, LONGEST_TITLE, LONGEST_COUNTER),
    "ask-no-officer": lambda translate: ask(translate, "Quầy 3", LONGEST_UNIT, ""),
    "thanks": thanks,
    "sorry": sorry,
    "fault": fault,
}
