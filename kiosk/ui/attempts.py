"""What the first start tries, on one screen: what is found as it goes, how it ended, and by which buttons one goes on from there."""

from collections.abc import Callable
from typing import NamedTuple

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.findings import Finding, Level, Try
from kiosk.setup.asked import Outcome
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.screens.entry import EntryScreen
from kiosk.ui.screens.trying import TryingScreen

ALONE_SECONDS = 5.0  # a kiosk that set itself up says so for so long before it begins
BEGINNING_OF_PROXY = "http://"
PERHAPS_A_PROXY = {"name", "reach"}  # what cannot be found or reached from an office that lets nothing out but by its proxy

Start = Callable[[str], Try[Outcome]]


class Attempt(NamedTuple):
    """headline: what it is about. start: begins it, through the proxy that was typed, if any. back: which screen leads to what was wrong,
    given the checks that were bad. without_network: the same where the server cannot be reached, if that is a way. alone: nobody is here,
    perhaps, so it goes on by itself.
    """

    headline: str
    start: Start
    back: Callable[[set[str]], Widget]
    without_network: Start | None = None
    alone: bool = False


class Attempts:
    """is_proxy: whether a text may be a proxy's address. put: shows a screen. finish: called when the kiosk may begin."""

    def __init__(
        self, translate: Translate, is_proxy: Callable[[str], bool], put: Callable[[Widget], None], finish: Callable[[], None]
    ) -> None:
        self._translate = translate
        self._put = put
        self._finish = finish
        self._attempt: Attempt | None = None
        self._place = self._proxy = ""
        self._screen = TryingScreen()
        self._entry = EntryScreen(translate, translate("Proxy của cơ quan"), "http://10.0.0.1:3128", plain="address", accepts=is_proxy)
        self._entry.write(BEGINNING_OF_PROXY)
        self._entry.bind(on_back=lambda _: self._put(self._screen), on_done=lambda _, proxy: self._try_through(proxy))
        self._screen.bind(
            on_back=lambda _: self._go_back(),
            on_again=lambda _: self._try(),
            on_go=lambda _: self._go_on(),
            on_other=lambda _: self._put(self._entry),
        )

    @property
    def going_on(self) -> bool:
        """Whether something is tried now, or was done and is to be read."""
        return self._screen.busy or bool(self._place)

    def begin(self, attempt: Attempt) -> None:
        """Try it, and show how it goes."""
        self._attempt = attempt
        self._try()

    def refuse(self, attempt: Attempt, why: Finding) -> None:
        """Show why it cannot even be tried."""
        self._attempt = attempt
        self._screen.headline, self._screen.findings = attempt.headline, [why]
        self._end(Outcome())
        self._screen.again_words = ""
        self._put(self._screen)

    def _try(self) -> None:
        if self._attempt is not None:
            self._screen.headline = self._attempt.headline
            self._follow(self._attempt.start, self._tried)

    def _try_through(self, proxy: str) -> None:
        self._proxy = proxy
        self._try()

    def _follow(self, start: Start, then: Callable[[Outcome], None]) -> None:
        translate = self._translate
        self._screen.follow(start(self._proxy), translate("Đang kiểm tra…"), then)
        self._put(self._screen)

    def _tried(self, outcome: Outcome) -> None:
        self._end(outcome)
        if self._attempt is None or not self._attempt.alone:
            return
        if outcome.place:
            self._finish_soon()
        elif outcome.offline:
            self._without_network()

    def _without_network(self) -> None:
        if self._attempt is None or self._attempt.without_network is None:
            return
        before, alone, translate = list(self._screen.findings), self._attempt.alone, self._translate

        def kept(outcome: Outcome) -> None:
            self._end(outcome)
            self._screen.findings = [*before, *self._screen.findings]
            if outcome.place:
                self._screen.note = translate("Chưa có mạng: kiosk vẫn nhận đánh giá ngay, và tự đăng ký khi tới được máy chủ.")
                if alone:
                    self._finish_soon()

        self._follow(self._attempt.without_network, kept)

    def _finish_soon(self) -> None:
        """Whoever is here sees why the screen goes."""
        translate = self._translate
        soon = translate("Máy tự bắt đầu sau {seconds} giây.").format(seconds=int(ALONE_SECONDS))
        self._screen.note = f"{self._screen.note}\n{soon}"
        Clock.schedule_once(lambda _: self._finish(), ALONE_SECONDS)

    def _end(self, outcome: Outcome) -> None:
        ahead.show_all()
        screen, translate, done = self._screen, self._translate, bool(outcome.place)
        self._place = outcome.place
        screen.headline = outcome.place or screen.headline
        screen.note = translate("Máy này đã là kiosk của quầy trên.") if done else ""
        wrong = self._wrong()
        perhaps_a_proxy = bool(wrong & PERHAPS_A_PROXY) or bool(wrong and self._proxy)
        screen.go_words = translate("Bắt đầu") if done else translate("Dùng khi chưa có mạng") if outcome.offline else ""
        screen.back_words = "" if done else translate("Trở về")
        screen.again_words = "" if done else translate("Thử lại")
        screen.other_words = translate("Nhập proxy") if perhaps_a_proxy and not done else ""

    def _wrong(self) -> set[str]:
        return {finding.check for finding in self._screen.findings if finding.level is Level.BAD}

    def _go_back(self) -> None:
        if self._attempt is not None:
            self._put(self._attempt.back(self._wrong()))

    def _go_on(self) -> None:
        if self._place:
            self._finish()
        else:
            self._without_network()
