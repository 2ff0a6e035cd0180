"""The screens of a citizen's turn in one language, and what a visit makes of them."""

from collections.abc import Sequence
from math import ceil

from kivy.uix.widget import Widget

from kiosk.choices import Choice
from kiosk.texts import Translate, name_of, translator
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.screens.message import MessageScreen
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.ui.screens.why import Offered, WhyScreen
from kiosk.visit import COUNTDOWN_SECONDS, MEND_SECONDS, Screen, Shown, Visit
from kiosk.vote import Rating

MEND_STEPS = 20  # of the ring that runs out: each draws the whole screen again


def in_each_language(languages: Sequence[str], choices: Sequence[Choice]) -> dict[str, "TurnScreens"]:
    """The screens in each language, by its code; a button of each leads to the next one."""
    following = [*languages[1:], languages[0]]
    return {
        language: TurnScreens(translator(language), language, name_of(other) if other != language else "", choices)
        for language, other in zip(languages, following, strict=True)
    }


class TurnScreens:
    """Made once for each language, so that nothing is written anew when a citizen touches something.

    choices: the reasons on offer, after both answers. language: the code of its own; other: the name of the next one, or empty.
    """

    def __init__(self, translate: Translate, language: str, other: str, choices: Sequence[Choice]) -> None:
        self._going = translate("Màn hình sẽ tự trở về sau {seconds} giây. Xin chạm vào màn hình để ở lại.")
        self.ask = AskScreen(
            language=other,
            question=translate("Ông/bà có hài lòng với sự phục vụ của cán bộ không?"),
            satisfied=translate("Hài lòng"),
            dissatisfied=translate("Không hài lòng"),
        )
        sentences = {
            Rating.SATISFIED: translate("Cảm ơn ông/bà đã đánh giá.\nXin cho biết điều gì làm ông/bà hài lòng."),
            Rating.DISSATISFIED: translate("Chúng tôi xin lỗi vì chưa làm ông/bà hài lòng.\nXin cho biết điều gì cần sửa."),
        }
        self.why = {
            rating: WhyScreen(language=other, sentence=sentence, mistaken=translate("Bấm nhầm?"), done=translate("Xong"))
            for rating, sentence in sentences.items()
        }
        for rating, screen in self.why.items():
            screen.offer([Offered(one.reason, one.icon, one.words_in(language)) for one in choices if one.rating is rating])
        self.thanks = MessageScreen(headline=translate("Cảm ơn ông/bà!"), sentence=translate("Ý kiến đã được ghi nhận."))
        self.sorry = MessageScreen(
            flower=False,
            headline=translate("Xin lỗi ông/bà, máy chưa ghi được ý kiến."),
            sentence=translate("Xin ông/bà vui lòng bỏ phiếu vào hòm thư góp ý."),
        )

    def touched(self) -> list[TouchedScreen]:
        """The screens with something to touch."""
        return [self.ask, *self.why.values()]

    def show_officer(self, name: str, title: str, counter: str) -> None:
        """Whom the votes are for."""
        for screen in self.touched():
            screen.officer_name, screen.officer_title, screen.counter = name, title, counter

    def widget(self, shown: Shown) -> Widget:
        """The screen that is meant."""
        if shown.rating is not None:
            return self.why[shown.rating]
        return {Screen.ASK: self.ask, Screen.THANKS: self.thanks, Screen.SORRY: self.sorry}[shown.screen]

    def follow(self, visit: Visit) -> Widget:
        """The screen as the visit stands now. What nobody sees is not touched, for it would keep the next picture waiting."""
        screen = self.widget(visit.shown)
        if isinstance(screen, TouchedScreen):
            screen.show_press(visit.press)
        if isinstance(screen, WhyScreen):
            screen.show_chosen(visit.chosen)
            screen.mend_left = ceil(visit.mend_seconds / MEND_SECONDS * MEND_STEPS) / MEND_STEPS
            left = visit.idle_seconds
            screen.going = self._going.format(seconds=ceil(left)) if left <= COUNTDOWN_SECONDS else ""
        return screen
