"""Joins the setup screens to the first start: the ways, what is typed, chosen or scanned, and what comes of it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.findings import Finding, Level, Try
from kiosk.setup.asked import Offer, Offers, Outcome, Setup
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.app import FullWindow
from kiosk.ui.guard import Guard
from kiosk.ui.scanning import Scanning
from kiosk.ui.screens.entry import EntryScreen
from kiosk.ui.screens.offers import OffersScreen
from kiosk.ui.screens.trying import TryingScreen
from kiosk.ui.screens.ways import Way, WaysScreen
from kiosk.ui.waiting import when_done
from kiosk.ui.widgets.stage import Stage

LOOK_SECONDS = 2.0
ALONE_SECONDS = 5.0  # a kiosk that set itself up says so for so long before it begins
BEGINNING, BEGINNING_OF_PROXY = "https://", "http://"
PERHAPS_A_PROXY = {"name", "reach"}  # what cannot be found or reached from an office that lets nothing out but by its proxy


class SettingUp:
    """show: shows another screen. finish: called when the kiosk may begin."""

    def __init__(self, service: Setup, translate: Translate, show: Callable[[Widget], None], finish: Callable[[], None]) -> None:
        self._service = service
        self._translate = translate
        self._show = show
        self._finish = finish
        self.screen: Widget | None = None
        self._tried_alone: set[str] = set()
        self._repeat: Callable[[], None] | None = None
        self._offline: Offer | None = None
        self._asking = self._ask_for_proxy = False
        self._place = self._proxy_text = ""
        self._ways = WaysScreen(translate, scans=service.has_camera)
        self._ways.bind(on_way=lambda _, way: self._go(way))
        self._back: Widget = self._ways
        self._trying = TryingScreen()
        self._trying.bind(on_back=lambda _: self._put(self._back), on_again=lambda _: self._try_again(), on_go=lambda _: self._go_on())
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
        self._proxy = EntryScreen(
            translate, translate("Proxy của cơ quan"), "http://10.0.0.1:3128", plain="address", accepts=service.is_proxy
        )
        self._proxy.write(BEGINNING_OF_PROXY)
        self._proxy.bind(on_back=lambda _: self._put(self._trying), on_done=lambda _, proxy: self._through(proxy))
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
        if self._service.is_done and not self._trying.busy and not self._place:
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
        """alone: nobody is here, perhaps, so it goes on by itself."""
        translate = self._translate
        self._back = self._ways if alone else self._offers
        self._trying.headline = f"{offer.counter}, {offer.unit}" if offer.unit else offer.counter
        if offer.wrong:
            self._repeat = None
            self._put(self._trying)
            self._trying.findings = [Finding("settings", Level.BAD, translate("Cấu hình"), offer.wrong)]
            self._end(Outcome())
            return
        self._try(lambda: self._service.by_offer(offer), lambda outcome: self._offered(outcome, offer, alone=alone))

    def _offered(self, outcome: Outcome, offer: Offer, *, alone: bool) -> None:
        self._offline = offer if outcome.offline else None
        if alone and outcome.offline:
            self._without_network()
        elif alone and outcome.place:
            self._finish_soon()

    def _finish_soon(self) -> None:
        """Whoever is here sees why the screen goes."""
        translate = self._translate
        soon = translate("Máy tự bắt đầu sau {seconds} giây.").format(seconds=int(ALONE_SECONDS))
        self._trying.note = f"{self._trying.note}\n{soon}"
        Clock.schedule_once(lambda _: self._finish(), ALONE_SECONDS)

    def _without_network(self) -> None:
        offer = self._offline
        if offer is None:
            return
        before = list(self._trying.findings)
        self._offline = None

        def kept(outcome: Outcome) -> None:
            translate = self._translate
            self._trying.findings = [*before, *self._trying.findings]
            if outcome.place:
                self._trying.note = translate("Chưa có mạng: kiosk vẫn nhận đánh giá ngay, và tự đăng ký khi tới được máy chủ.")
                if self._back is self._ways:
                    self._finish_soon()

        self._try(lambda: self._service.without_network(offer), kept)

    # --- by code -----------------------------------------------------------------------------------------------------

    def _by_code(self, address: str, code: str) -> None:
        translate = self._translate
        self._trying.headline = translate("Kiểm tra và đăng ký")
        self._try(lambda: self._service.by_code(address, code, self._proxy_text), lambda _: self._where_to_mend())

    def _through(self, proxy: str) -> None:
        self._proxy_text = proxy
        self._by_code(self._address.text, self._code.text)

    def _where_to_mend(self) -> None:
        """The way back leads to what was wrong."""
        wrong = {finding.check for finding in self._trying.findings if finding.level is Level.BAD}
        self._back = self._code if "code" in wrong else self._address
        self._ask_for_proxy = bool(wrong & PERHAPS_A_PROXY)

    def _scanned(self, address: str, code: str) -> None:
        self._address.write(address)
        self._code.write(self._service.as_code(code))
        self._by_code(address, code)

    # --- a try -------------------------------------------------------------------------------------------------------

    def _try(self, begin: Callable[[], Try[Outcome]], then: Callable[[Outcome], None]) -> None:
        self._repeat = lambda: self._follow(begin(), then)
        self._repeat()

    def _try_again(self) -> None:
        if self._repeat is not None:
            self._repeat()

    def _follow(self, one: Try[Outcome], then: Callable[[Outcome], None]) -> None:
        translate = self._translate

        def ended(outcome: Outcome) -> None:
            self._end(outcome)
            then(outcome)
            self._name_buttons()

        self._trying.follow(one, translate("Đang kiểm tra…"), ended)
        self._put(self._trying)

    def _end(self, outcome: Outcome) -> None:
        translate = self._translate
        ahead.show_all()
        self._place, self._offline, self._ask_for_proxy = outcome.place, None, False
        self._trying.note = ""
        if outcome.place:
            self._trying.headline = outcome.place
            self._trying.note = translate("Máy này đã là kiosk của quầy trên.")
        self._name_buttons()

    def _name_buttons(self) -> None:
        screen, translate = self._trying, self._translate
        otherwise = translate("Dùng khi chưa có mạng") if self._offline else translate("Nhập proxy") if self._ask_for_proxy else ""
        screen.go_words = translate("Bắt đầu") if self._place else otherwise
        screen.back_words = "" if self._place else translate("Trở về")
        screen.again_words = translate("Thử lại") if self._repeat and not self._place else ""

    def _go_on(self) -> None:
        if self._place:
            self._finish()
        elif self._ask_for_proxy:
            self._put(self._proxy)
        else:
            self._without_network()


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

    setting_up = SettingUp(service, translate, show, finish)
    setting_up.begin()
    with Guard(setting_up.begin):
        app.open(stage)
    return done
