"""Joins the camera's screen to the camera: what it sees is shown, and what it read is told."""

from collections.abc import Callable

from kivy.clock import Clock

from kiosk.setup.asked import Scan
from kiosk.texts import Translate
from kiosk.ui.screens.scan import ScanScreen

PICTURE_SECONDS = 0.08


class Scanning:
    """screen: to be shown after `begin`; it dispatches `on_back`. scan: lets the camera begin. found: called with address and code."""

    def __init__(self, translate: Translate, scan: Callable[[], Scan], found: Callable[[str, str], None]) -> None:
        self._translate = translate
        self._scan = scan
        self._found = found
        self._looking: Scan | None = None
        self.screen = ScanScreen(translate)

    def begin(self) -> None:
        """Look, until a code was found, or `stop`."""
        self.stop()
        self.screen.picture, self.screen.note = None, ""
        looking = self._looking = self._scan()
        Clock.schedule_interval(lambda _: self._looking is looking and self._look(looking), PICTURE_SECONDS)

    def stop(self) -> None:
        """Let the camera go."""
        if self._looking is not None:
            self._looking.stop()
            self._looking = None

    def _look(self, looking: Scan) -> bool:
        """Whether to come again."""
        translate = self._translate
        self.screen.picture = looking.picture
        if looking.found:
            self.stop()
            self._found(*looking.found)
        elif looking.broken:
            self.screen.note = translate("Không dùng được máy ảnh. Xin trở về và nhập mã.")
        elif looking.stranger:
            self.screen.note = translate("Đây không phải mã QR của một quầy. Mã đúng ở trang Thiết bị của máy chủ.")
        return not looking.found and not looking.broken
