"""One screen by its name in a real window, with sample data: `python -m tests.stage.gallery NAME --window 1280x800`.

What the screen tells is printed, a line each: the tests read it.
"""

import argparse
import atexit
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PIL import Image

from kiosk.doors import Doors
from kiosk.hours import LOCAL
from kiosk.texts import Translate, translator
from kiosk.ui.window import prepare
from kiosk.words import OWN
from sync.shown import Hours, Span
from sync.wire import KioskConfig, Place, decode
from tests.stage.touches import Player
from tests.sync.document import body

if TYPE_CHECKING:
    from kivy.uix.widget import Widget

STAFF = [
    ("o-1", "Lê Vân Anh", "Công chức Văn phòng – Thống kê"),
    ("o-2", "Trần Quốc Bảo", "Công chức Địa chính – Xây dựng"),
    ("o-3", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch"),
    ("o-4", "Lê Hoàng Phúc", "Chuyên viên"),
    ("o-5", "Phạm Thu Thảo", "Công chức Văn hóa – Xã hội"),
    ("o-6", "Công Tằng Tôn Nữ Thị Huyền Trang", "Phó Giám đốc Trung tâm Phục vụ hành chính công"),
    ("o-7", "Đặng Ứng Vũ", "Chuyên viên"),
]
SAMPLE = decode(body("config-shown.json"), KioskConfig)


def main() -> None:
    """Show the screen until the program is ended."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("name", choices=sorted(GALLERY))
    arguments.add_argument("--lang", default="vi")
    arguments.add_argument("--window")
    arguments.add_argument("--touches", type=Path, help="a file that is played when it is laid there")
    given = arguments.parse_args()
    width, _, height = (given.window or "").partition("x")
    prepare((int(width), int(height)) if given.window else None)
    from kivy.clock import Clock  # Kivy reads its settings when it is imported

    from kiosk.ui.app import FullWindow

    app = FullWindow(closable=True)
    if given.touches:
        player = Player(given.touches)
        Clock.schedule_interval(lambda _: player.look(), 0.01)
    app.open(GALLERY[given.name](translator(given.lang)))


def rest(translate: Translate, at: str = "2026-11-25 18:10", config: KioskConfig = SAMPLE) -> "Widget":
    """The rest screen at a local time, with the opening hours of the frozen example."""
    from kiosk.ui.screens.rest import RestScreen

    now = datetime.fromisoformat(at).replace(tzinfo=LOCAL)
    resting = Doors(lambda: config, lambda: now).resting("vi" if translate("Xong") == "Xong" else "en")
    assert resting is not None
    screen = RestScreen(**resting._asdict())
    screen.bind(on_wake=lambda _: print("on_wake", flush=True))
    return screen


def ask_with_photo(translate: Translate) -> "Widget":
    """The question, about an officer with a photo: dark above, light below."""
    from kiosk.ui.screens.ask import AskScreen

    folder = tempfile.TemporaryDirectory(prefix="hailong-gallery-")
    atexit.register(folder.cleanup)
    photo = Path(folder.name) / "photo.jpg"
    Image.linear_gradient("L").resize((512, 512)).convert("RGB").save(photo)
    return AskScreen(
        officer_name=SAMPLE.officers[0].name,
        officer_title=SAMPLE.officers[0].title,
        officer_photo=str(photo),
        counter=SAMPLE.counter.name,
        question=translate(OWN["question"]),
        satisfied=translate("Hài lòng"),
        dissatisfied=translate("Không hài lòng"),
    )


def fullest() -> KioskConfig:
    """As much as a unit may say on the rest screen."""
    spans = [Span("07:00", "08:30"), Span("09:00", "11:30"), Span("13:00", "15:00"), Span("15:30", "17:30")]
    notice = "Chủ tịch Ủy ban nhân dân phường Hoàng Văn Thụ tiếp công dân thường xuyên vào sáng thứ Hai hằng tuần, từ 08:00 đến 11:30, "
    week = [spans[:2], spans, [], [], [], [], []]
    unit = Place(SAMPLE.unit.id, "Trung tâm Phục vụ hành chính công phường Hoàng Văn Thụ")
    return replace(SAMPLE, unit=unit, hours=Hours(weekdays=week), reception={"vi": (notice + "tại phòng tiếp dân, tầng một.")[:150]})


def comment(translate: Translate) -> "Widget":
    """The comment, empty."""
    from kiosk.ui.screens.comment import CommentScreen

    screen = CommentScreen(translate)
    for event in ("on_back", "on_send"):
        screen.bind(**{event: lambda _, *told, event=event: print(event, *map(repr, told), flush=True)})
    return screen


def sign_in(translate: Translate, digits: str = "", **properties: object) -> "Widget":
    """Names to choose from; choosing one shows the pad."""
    from kiosk.ui.screens.sign_in import SignInScreen

    screen = SignInScreen(translate, officers=STAFF, **properties)
    screen.digits = digits
    screen.bind(on_choose=lambda _, officer: setattr(screen, "chosen", officer))
    for event in ("on_choose", "on_pin", "on_sign_out", "on_leave"):
        screen.bind(**{event: lambda _, *told, event=event: print(event, *told, flush=True)})
    return screen


GALLERY: dict[str, Callable[[Translate], "Widget"]] = {
    "ask-photo": ask_with_photo,
    "comment": comment,
    "rest": rest,
    "rest-fullest": lambda translate: rest(translate, "2026-11-24 18:10", fullest()),
    "rest-holiday": lambda translate: rest(translate, "2027-02-08 09:00"),
    "sign-in": lambda translate: sign_in(translate, serving=STAFF[2][1]),
    "sign-in-pin": lambda translate: sign_in(
        translate, chosen="o-6", digits="258", message=translate("Mã PIN chưa đúng. Còn {left} lần thử.").format(left=3)
    ),
}

if __name__ == "__main__":
    main()
