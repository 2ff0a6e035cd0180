"""Joins the technician's screens to what they ask of the kiosk: first the PIN, then the screen, and what it leads to."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk.servicing import Service
from kiosk.signing import NotHere
from kiosk.texts import Translate
from kiosk.ui.adjusting import Adjusting
from kiosk.ui.guard import RESTART_EXIT
from kiosk.ui.screens.reading import ReadingScreen
from kiosk.ui.screens.sign_in import SignInScreen
from kiosk.ui.screens.technician import Task, TechnicianScreen
from kiosk.ui.signing import try_again
from kiosk.ui.waiting import when_done
from sync.pins import MOST_DIGITS_OF_A_TECHNICIAN

PIN_SECONDS = 30.0  # without a touch; nobody but a technician has any business here
SCREEN_SECONDS = 180.0
REFRESH_SECONDS = 2.0
TECHNICIAN = "technician"


class Servicing:
    """screen: what is to be shown, or None while no technician is here. end: ends the program with an exit code. train: begins
    training, or ends it; trains: whether it is on. play: lets a tone be heard.
    """

    def __init__(
        self,
        service: Service,
        translate: Translate,
        end: Callable[[int], None],
        train: Callable[[bool], None],
        trains: Callable[[], bool],
        play: Callable[[], None],
    ) -> None:
        self._service = service
        self._translate = translate
        self._end = end
        self._train = train
        self._trains = trains
        self.screen: Widget | None = None
        self._touched_at = 0.0
        self._pin = SignInScreen(translate, officers=[(TECHNICIAN, translate("Kỹ thuật viên"), "")], most=MOST_DIGITS_OF_A_TECHNICIAN)
        self._pin.bind(on_choose=lambda *_: self.close(), on_pin=lambda _, __, digits: self._try(digits))
        self._main = TechnicianScreen(translate)
        self._main.bind(on_task=lambda _, task: self._tasks[task]())
        self._adjusting = Adjusting(service, translate, self._show, lambda: self._back(""), end, play)
        self._tasks: dict[Task, Callable[[], None]] = {
            Task.EXCHANGE: self._exchange,
            Task.EXPORT: self._export,
            Task.LOG: self._read_log,
            Task.ADJUST: self._adjust,
            Task.TRAINING: self._turn_training,
            Task.RESTART: lambda: end(RESTART_EXIT),
            Task.LEAVE: self._ask_whether_to_leave,
            Task.CLOSE: self.close,
            Task.UPDATE: self._ask_whether_to_update,
        }
        Window.bind(on_touch_down=self._touched)
        Clock.schedule_interval(self._look, REFRESH_SECONDS)

    def begin(self) -> None:
        """A technician may be here: ask for the PIN, or say that there is none."""
        self._touched()
        if not self._service.has_pin:
            self.screen = self._without_pin()
            return
        self._pin.chosen, self._pin.message, self._pin.digits = TECHNICIAN, "", ""
        self.screen = self._pin

    def close(self) -> None:
        """Back to the citizens."""
        self.screen = None

    def _touched(self, *_: object) -> None:
        self._touched_at = time.monotonic()

    def _look(self, _: float) -> None:
        if self.screen is None or self._main.busy or self._adjusting.busy:
            return
        inside = self.screen is not self._pin and self._service.has_pin
        if time.monotonic() - self._touched_at > (SCREEN_SECONDS if inside else PIN_SECONDS):
            self.close()
        elif self.screen is self._main:
            self._refresh()

    def _try(self, digits: str) -> None:
        self._pin.busy = True
        when_done(self._service.why_not(digits), self._tried)

    def _tried(self, future: Future[Any]) -> None:
        self._pin.busy = False
        if self.screen is not self._pin:
            return
        answer = future.result()
        if answer is None:
            self._back("")
        elif isinstance(answer, NotHere):
            self.screen = self._without_pin()
        else:
            self._pin.message = try_again(answer, self._translate)

    def _back(self, message: str) -> None:
        self._main.message, self._main.training = message, self._trains()
        self._show(self._main)
        self._refresh()

    def _refresh(self) -> None:
        when_done(self._service.facts(), self._tell)

    def _tell(self, future: Future[Any]) -> None:
        translate = self._translate
        if future.exception() is not None:
            self._main.advice = translate("Chưa đọc được tình trạng máy. Xin xem nhật ký.")
            return
        facts = future.result()
        self._main.facts, self._main.advice, self._main.offered = list(facts.lines), facts.advice, facts.offered

    def _do(self, future: Future[Any], meanwhile: str, then: Callable[[Future[Any]], str]) -> None:
        self._main.busy, self._main.message = True, meanwhile

        def done(done: Future[Any]) -> None:
            self._touched()
            self._main.busy = False
            self._back(then(done))

        when_done(future, done)

    def _exchange(self) -> None:
        translate = self._translate
        said = translate("Đã thử đồng bộ; kết quả ở dòng “Lần gửi gần nhất”.")
        self._do(self._service.exchange(), translate("Đang đồng bộ với máy chủ…"), lambda _: said)

    def _export(self) -> None:
        translate = self._translate
        failed = translate("Chưa chép được. Dữ liệu vẫn còn nguyên trên kiosk. Xin xem nhật ký.")
        meanwhile = translate("Đang chép ra USB… Xin đừng rút USB.")
        self._do(self._service.export(), meanwhile, lambda done: _said(done, failed))

    def _adjust(self) -> None:
        self._adjusting.begin()

    def _show(self, screen: Widget) -> None:
        if self.screen is not None:  # else the technician has left meanwhile
            self._touched()
            self.screen = screen

    def _turn_training(self) -> None:
        self._train(not self._trains())
        self.close()

    def _read_log(self) -> None:
        translate = self._translate
        words = "\n".join(self._service.log())
        screen = self._reading(headline=translate("Nhật ký"), words=words, ends=True, yes_words=translate("Chép nhật ký ra USB"))
        screen.bind(on_yes=lambda _: self._copy_log())
        self.screen = screen

    def _copy_log(self) -> None:
        translate = self._translate
        failed = translate("Chưa chép được nhật ký. Xin cắm lại USB rồi bấm lại.")
        self._back("")
        self._do(self._service.copy_log(), translate("Đang chép ra USB… Xin đừng rút USB."), lambda done: _said(done, failed))

    def _ask_whether_to_leave(self) -> None:
        translate = self._translate
        screen = self._reading(
            headline=translate("Rời kiosk?"),
            words=translate(
                "Chương trình sẽ đóng và không nhận đánh giá nữa. Cần bàn phím để gõ lệnh. Mở lại: sudo reboot, hoặc tắt điện rồi bật lại."
            ),
            yes_words=translate("Rời kiosk"),
        )
        screen.bind(on_yes=lambda _: self._end(0))
        self.screen = screen

    def _ask_whether_to_update(self) -> None:
        translate, version = self._translate, self._main.offered
        screen = self._reading(
            headline=translate("Lên bản {version}?").format(version=version),
            words=translate(
                "Kiosk đóng lại vài phút để cài rồi tự mở. Lượt đánh giá còn nguyên. Nếu bản mới không chạy được, kiosk tự quay lại bản "
                "đang dùng. Xin đừng rút USB và đừng tắt máy cho đến khi kiosk mở lại."
            ),
            yes_words=translate("Lên bản mới"),
        )
        screen.bind(on_yes=lambda _: self._update(version))
        self.screen = screen

    def _update(self, version: str) -> None:
        translate = self._translate
        begun = translate("Kiosk sắp đóng để lên bản {version}.").format(version=version)
        failed = translate("Chưa bắt đầu được. Xin cắm lại USB rồi bấm lại.")
        self._back("")
        self._do(self._service.update(version), begun, lambda done: _said(done, failed) or begun)

    def _without_pin(self) -> Widget:
        translate = self._translate
        screen = ReadingScreen(
            headline=translate("Chưa đặt mã PIN của kỹ thuật viên"),
            words=translate(
                "Xin người quản trị đặt mã trên máy chủ: Quản trị, “Màn hình của đơn vị hoặc quầy”; hoặc lệnh sudo hailong-server pin. "
                "Máy có mạng thì nhận mã trong vài phút. Chưa có mạng: xin xem mục “Rời kiosk” trong tài liệu của kỹ thuật viên."
            ),
            back_words=translate("Trở về"),
        )
        screen.bind(on_back=lambda _: self.close())
        return screen

    def _reading(self, **words: Any) -> ReadingScreen:  # noqa: ANN401 properties of the screen
        translate = self._translate
        screen = ReadingScreen(back_words=translate("Trở về"), **words)
        screen.bind(on_back=lambda _: self._back(""))
        return screen


def _said(done: Future[Any], failed: str) -> str:
    return failed if done.exception() else str(done.result())
