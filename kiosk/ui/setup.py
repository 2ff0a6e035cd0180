"""Joins the setup screens to the first start: the ways, what is typed, chosen or scanned, and what comes of it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.findings import Finding, Level
from kiosk.setup.asked import Offer, Offers, Setup
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.app import FullWindow
from kiosk.ui.attempts import Attempt, Attempts
from kiosk.ui.guard import Guard
from kiosk.ui.scanning import Scanning
from kiosk.ui.screens.entry import EntryScreen
from kiosk.ui.screens.offers import OffersScreen
from kiosk.ui.screens.reading import ReadingScreen
from kiosk.ui.screens.ways import Way, WaysScreen
from kiosk.ui.waiting import when_done
from kiosk.ui.widgets.stage import Stage

LOOK_SECONDS = 2.0
BEGINNING = "https://"


class SettingUp:
    """show: shows another screen. finish: called when the kiosk may begin; leave: when a technician wants the command line."""

    def __init__(
        self,
        service: Setup,
        translate: Translate,
        show: Callable[[Widget], None],
        finish: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        self._service = service
        self._translate = translate
        self._show = show
        self._finish = finish
        self._leave = leave
        self.screen: Widget | None = None
        self._tried_alone: set[str] = set()
        self._asking = False
        self._attempts = Attempts(translate, service.is_proxy, self._put, finish)
        self._ways = WaysScreen(translate, scans=service.has_camera)
        self._ways.bind(on_way=lambda _, way: self._go(way), on_leave=lambda _: self._ask_whether_to_leave())
        self._code = EntryScreen(
            translate,
            translate("Mã đăng ký của quầy"),
            translate("ví dụ 7Q2K9-M3RT5"),
            plain="code",
            accepts=service.is_code,
            shape=service.as_code,
        )
        self._address = EntryScreen(
            translate, translate("Địa chỉ máy chủ"), "https://hailong.tinh.gov.vn", plain="address", accepts=service.is_address
        )
        self._address.write(service.server or BEGINNING)
        self._address.bind(on_back=lambda _: self.begin(), on_done=lambda *_: self._put(self._code))
        self._code.bind(on_back=lambda _: self._put(self._address), on_done=lambda _, code: self._by_code(self._address.text, code))
        self._offers = OffersScreen(translate)
        self._offers.bind(on_back=lambda _: self.begin(), on_offer=lambda _, offer: self._by_offer(offer))
        self._scanning = Scanning(translate, service.scan, self._scanned)
        self._scanning.screen.bind(on_back=lambda _: self.begin())
        Clock.schedule_interval(lambda _: self._look(), LOOK_SECONDS)

    def begin(self) -> None:
        """From the ways."""
        self._scanning.stop()
        self._put(self._ways)
        self._look()

    def _put(self, screen: Widget) -> None:
        self.screen = screen
        self._show(screen)

    def _go(self, way: Way) -> None:
        if way is Way.STICK:
            self._put(self._offers)
        elif way is Way.CODE:
            self._put(self._code if self._service.server and self._service.is_address(self._address.text) else self._address)
        else:
            self._scanning.begin()
            self._put(self._scanning.screen)

    # --- sticks ------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._service.is_done and not self._attempts.going_on:
            self._finish()  # by the command line, meanwhile
        elif self.screen in (self._ways, self._offers) and not self._asking:
            self._asking = True
            when_done(self._service.offers(), self._tell)

    def _tell(self, future: Future[Any]) -> None:
        self._asking = False
        if future.exception() is not None or self.screen not in (self._ways, self._offers):
            return
        sticks = future.result()
        if self._offers.offers != list(sticks.offers):
            self._offers.offers = list(sticks.offers)
        self._ways.note = self._offers.note = self._about(sticks)
        alone = sticks.alone
        if alone is not None and self.screen is self._ways and alone.key not in self._tried_alone:
            self._tried_alone.add(alone.key)
            self._by_offer(alone, alone=True)

    def _about(self, sticks: Offers) -> str:
        translate = self._translate
        if not sticks.sticks:
            return translate("Chưa thấy USB nào. Cắm USB rồi đợi vài giây.")
        if not sticks.offers:
            return translate("USB không có cấu hình nào: cần tệp ZIP hoặc thư mục do máy chủ tạo (trang Thiết bị).")
        return translate("USB có cấu hình của {number} quầy.").format(number=len({(offer.unit, offer.counter) for offer in sticks.offers}))

    def _by_offer(self, offer: Offer, *, alone: bool = False) -> None:
        service, translate = self._service, self._translate
        attempt = Attempt(
            f"{offer.counter}, {offer.unit}" if offer.unit else offer.counter,
            lambda proxy: service.by_offer(offer, proxy),
            lambda _: self._ways if alone else self._offers,
            lambda proxy: service.without_network(offer, proxy),
            alone,
        )
        if offer.wrong:
            self._attempts.refuse(attempt, Finding("settings", Level.BAD, translate("Cấu hình"), offer.wrong))
        else:
            self._attempts.begin(attempt)

    # --- by code -----------------------------------------------------------------------------------------------------

    def _by_code(self, address: str, code: str) -> None:
        translate = self._translate
        self._attempts.begin(
            Attempt(
                translate("Kiểm tra và đăng ký"),
                lambda proxy: self._service.by_code(address, code, proxy),
                lambda wrong: self._code if "code" in wrong else self._address,
            )
        )

    def _scanned(self, address: str, code: str) -> None:
        self._address.write(address)
        self._code.write(self._service.as_code(code))
        self._by_code(address, code)

    # --- the command line --------------------------------------------------------------------------------------------

    def _ask_whether_to_leave(self) -> None:
        """A tablet that belongs to no counter holds nothing, so nobody is asked for a PIN."""
        translate = self._translate
        screen = ReadingScreen(
            headline=translate("Rời kiosk?"),
            words=translate("Chương trình sẽ đóng, để gõ lệnh trên máy này. Khởi động lại máy thì màn hình cài đặt lại mở."),
            back_words=translate("Trở về"),
            yes_words=translate("Rời kiosk"),
        )
        screen.bind(on_back=lambda _: self.begin(), on_yes=lambda _: self._leave())
        self._put(screen)


def show_setup(service: Setup, translate: Translate, *, closable: bool) -> bool:
    """A window that sets the kiosk up. Whether it is: else the program was ended before."""
    app = FullWindow(closable)
    app.title = "Hài Lòng"
    stage = Stage()
    done = False

    def show(screen: Widget) -> None:
        ahead.show_all()
        stage.clear_widgets()
        stage.add_widget(screen)

    def finish() -> None:
        nonlocal done
        done = True
        app.stop()

    setting_up = SettingUp(service, translate, show, finish, app.stop)
    setting_up.begin()
    with Guard(setting_up.begin):
        app.open(stage)
    return done
