"""Joins the screens of what a technician sets to the kiosk: loudness, brightness, the touch test, the addresses."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.uix.widget import Widget

from kiosk.servicing import Service
from kiosk.texts import Translate
from kiosk.ui.guard import RESTART_EXIT
from kiosk.ui.screens.adjusting import STEP, AdjustingScreen, Wish
from kiosk.ui.screens.entry import EntryScreen
from kiosk.ui.screens.network import NetworkScreen
from kiosk.ui.screens.reading import ReadingScreen
from kiosk.ui.screens.touch_test import TouchTestScreen
from kiosk.ui.screens.trying import TryingScreen
from kiosk.ui.waiting import when_done

log = logging.getLogger(__name__)


class Adjusting:
    """show: shows a screen of ours. leave: back to where one came from. end: ends the program with an exit code. play: lets a tone be
    heard, so that one hears how loud it is.
    """

    def __init__(
        self,
        service: Service,
        translate: Translate,
        show: Callable[[Widget], None],
        leave: Callable[[], None],
        end: Callable[[int], None],
        play: Callable[[], None],
    ) -> None:
        self._service = service
        self._translate = translate
        self._show = show
        self._end = end
        self._play = play
        self._main = AdjustingScreen(translate)
        self._main.bind(on_wish=lambda _, wish: self._wishes[wish]())
        self._test = TouchTestScreen(translate)
        self._test.bind(on_done=lambda _, found: self._tell(found))
        self._network = NetworkScreen(translate)
        self._trying = TryingScreen(back_words=translate("Trở về"), again_words=translate("Thử lại"))
        self._trying.bind(on_back=lambda _: self._show(self._network), on_again=lambda _: self._examine(), on_go=lambda _: self._keep())
        self._entries = {
            "server": EntryScreen(translate, translate("Địa chỉ máy chủ"), "https://hailong.tinh.gov.vn", "address", bool),
            "proxy": EntryScreen(
                translate, translate("Địa chỉ proxy"), translate("để trống nếu không dùng, ví dụ 10.0.0.1:3128"), "address", lambda _: True
            ),
        }
        for which, entry in self._entries.items():
            entry.bind(on_back=lambda _: self._show(self._network), on_done=lambda _, text, which=which: self._typed(which, text))
        for event, act in {
            "on_type_server": lambda _: self._type("server"),
            "on_type_proxy": lambda _: self._type("proxy"),
            "on_examine": lambda _: self._examine(),
            "on_keep": lambda _: self._keep(),
            "on_back": lambda _: self._back(""),
        }.items():
            self._network.bind(**{event: act})
        self._wishes: dict[Wish, Callable[[], None]] = {
            Wish.SOFTER: lambda: self._change_volume(-STEP),
            Wish.LOUDER: lambda: self._change_volume(STEP),
            Wish.DARKER: lambda: self._change_brightness(-STEP),
            Wish.BRIGHTER: lambda: self._change_brightness(STEP),
            Wish.TOUCH_TEST: self._test_touches,
            Wish.NETWORK: self._open_network,
            Wish.BACK: leave,
        }

    @property
    def busy(self) -> bool:
        """Whether something is done for which somebody waits."""
        return bool(self._trying.busy)

    def begin(self) -> None:
        """Show what can be set."""
        self._back("")

    def _back(self, message: str) -> None:
        self._main.message = message
        self._fill()
        self._show(self._main)

    def _fill(self) -> None:
        now = self._service.adjusted()
        self._main.volume, self._main.brightness = now.volume, now.brightness

    def _change_volume(self, step: int) -> None:
        self._change(self._service.set_volume(_step(self._main.volume, step)), self._play)

    def _change_brightness(self, step: int) -> None:
        self._change(self._service.set_brightness(_step(self._main.brightness, step)), lambda: None)

    def _change(self, future: Future[str], then: Callable[[], None]) -> None:
        def done(done: Future[Any]) -> None:
            self._main.message = done.result()
            self._fill()
            then()

        when_done(future, done)

    def _test_touches(self) -> None:
        self._test.begin()
        self._show(self._test)

    def _tell(self, found: str) -> None:
        """What the touch test found. It is in the log, too: from there the line for a file can be copied."""
        log.info("%s", found.replace("\n", " "))
        translate = self._translate
        screen = ReadingScreen(headline=translate("Kết quả thử màn hình"), words=found, back_words=translate("Trở về"))
        screen.bind(on_back=lambda _: self._back(""))
        self._show(screen)

    def _open_network(self) -> None:
        now = self._service.adjusted()
        self._take(now.server, now.proxy)

    def _take(self, server: str, proxy: str) -> None:
        now = self._service.adjusted()
        network = self._network
        network.server, network.proxy, network.message = server, proxy, ""
        network.changed = (server, proxy) != (now.server, now.proxy)
        self._show(network)

    def _type(self, which: str) -> None:
        network = self._network
        screen = self._entries[which]
        screen.write({"server": network.server, "proxy": network.proxy}[which])
        self._show(screen)

    def _typed(self, which: str, text: str) -> None:
        network = self._network
        self._take(**{"server": network.server, "proxy": network.proxy, which: text})

    def _examine(self) -> None:
        translate, network, trying = self._translate, self._network, self._trying
        trying.headline, trying.go_words = network.server, ""

        def ended(is_well: bool) -> None:
            trying.note = translate("Kết nối tốt.") if is_well else translate("Chưa kết nối được.")
            trying.go_words = translate("Lưu và khởi động lại") if network.changed else ""
            trying.urged = "go" if is_well else "again"
            self._show(trying)

        trying.follow(self._service.examine(network.server, network.proxy), translate("Đang thử kết nối…"), ended)
        self._show(trying)

    def _keep(self) -> None:
        def done(done: Future[Any]) -> None:
            if done.result():
                self._network.message = done.result()
                self._show(self._network)
            else:
                self._end(RESTART_EXIT)

        when_done(self._service.readdress(self._network.server, self._network.proxy), done)


def _step(percent: int, step: int) -> int:
    """The next whole step."""
    return max(0, min(100, round((percent + step) / STEP) * STEP))
