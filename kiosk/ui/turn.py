"""The screens of a citizen's turn in one language, and what a visit makes of them."""

from collections.abc import Mapping, Sequence
from math import ceil

from kivy.uix.widget import Widget

from kiosk.choices import Wording
from kiosk.texts import Translate, name_of, translator
from kiosk.touch import Chip, Control
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.screens.comment import CommentScreen
from kiosk.ui.screens.message import MessageScreen
from kiosk.ui.screens.noted import NotedScreen
from kiosk.ui.screens.rest import RestScreen
from kiosk.ui.screens.touched import TouchedScreen
from kiosk.ui.screens.why import WhyScreen
from kiosk.ui.signing import Signing
from kiosk.ui.widgets.chips import Offered
from kiosk.visit import MEND_SECONDS, Screen, Shown, Visit
from kiosk.vote import Rating

MEND_STEPS = 20  # of the ring that runs out: each draws the whole screen again


def in_each_language(languages: Sequence[str], sign_in: Signing) -> dict[str, "TurnScreens"]:
    """The screens in each language, by its code; a button of each leads to the next one."""
    following = [*languages[1:], languages[0]]
    return {
        language: TurnScreens(translator(language), name_of(other) if other != language else "", sign_in)
        for language, other in zip(languages, following, strict=True)
    }


class TurnScreens:
    """Made once for each language, so that nothing is written anew when a citizen touches something.

    other: the name of the next language, or empty. sign_in: for officers, the same in every language. going: what is said while a
    turn is about to end by itself, with the seconds.
    """

    def __init__(self, translate: Translate, other: str, sign_in: Signing) -> None:
        self.going = translate("Màn hình tự trở về sau {seconds} giây. Xin chạm để ở lại.")
        self.ask = AskScreen(language=other, satisfied=translate("Hài lòng"), dissatisfied=translate("Không hài lòng"))
        words = {
            "mistaken": translate("Bấm nhầm?"),
            "more": translate("Xem thêm"),
            "write": translate("Viết góp ý"),
            "done": translate("Xong"),
            "page_of": translate("Trang {page}/{pages}"),
        }
        self.why = {rating: WhyScreen(language=other, **words) for rating in Rating}
        self.comment = CommentScreen(translate)
        self.thanks = MessageScreen()
        self.noted = NotedScreen(
            headline=translate("Đã nhận góp ý của ông/bà"),
            sentence=translate("Đây là mã số để hỏi kết quả. Xin ghi lại hoặc chụp hình."),
            done=words["done"],
        )
        self.rest = RestScreen()
        self.sign_in = sign_in
        self.trial = translate("THỬ: không ghi nhận gì cả")
        self._written = False
        self.sorry = MessageScreen(
            flower=False,
            headline=translate("Xin lỗi ông/bà, máy chưa ghi được ý kiến."),
            sentence=translate("Xin ông/bà vui lòng bỏ phiếu vào hòm thư góp ý."),
        )

    def touched(self) -> list[TouchedScreen]:
        """The screens that tell of fingers."""
        return [*self._of_an_officer(), self.noted]

    def _of_an_officer(self) -> list[AskScreen | WhyScreen]:
        return [self.ask, *self.why.values()]

    def fit(self, x: float, y: float, width: float, height: float) -> None:
        """Be in this place, in pixels, shown or not, so that nothing needs to be painted when a screen comes."""
        screens: list[Widget] = [*self.touched(), self.thanks, self.sorry, self.comment, self.sign_in.screen, self.rest]
        for screen in screens:
            screen.pos, screen.size = (x, y), (width, height)

    def say(self, wording: Wording) -> None:
        """Speak as the unit wants."""
        self.ask.question = wording.question
        for rating, asked in ((Rating.SATISFIED, wording.good), (Rating.DISSATISFIED, wording.apology)):
            self.why[rating].sentence = asked
            self.why[rating].offer([Offered(one.reason, one.icon, one.words) for one in wording.choices if one.rating is rating])
        self.thanks.headline, self.thanks.sentence = wording.thanks, wording.thanks_sentence

    def say_closed(self, resting: Mapping[str, object]) -> None:
        """What the rest screen says: its properties."""
        for name, words in resting.items():
            setattr(self.rest, name, words)

    def offer_speech(self, *, offered: bool) -> None:
        """Whether the question can be heard."""
        self.ask.may_speak = offered

    def offer_sign_in(self, *, offered: bool) -> None:
        """Whether officers can sign in here."""
        self.ask.may_sign_in = offered

    def show_officer(self, name: str, title: str, counter: str, photo: str) -> None:
        """Whom the votes are for. photo: path of a picture, or empty."""
        for screen in self._of_an_officer():
            screen.officer_name, screen.officer_title, screen.counter, screen.officer_photo = name, title, counter, photo

    def widget(self, shown: Shown) -> Widget:
        """The screen that is meant."""
        if shown.rating is not None:
            return self.why[shown.rating]
        return {
            Screen.ASK: self.ask,
            Screen.COMMENT: self.comment,
            Screen.NOTED: self.noted,
            Screen.SIGN_IN: self.sign_in.screen,
            Screen.THANKS: self.thanks,
            Screen.SORRY: self.sorry,
            Screen.REST: self.rest,
        }[shown.screen]

    def follow(self, visit: Visit) -> Widget:
        """The screen as the visit stands now. What nobody sees is not touched, for it would keep the next picture waiting."""
        screen = self.widget(visit.shown)
        if screen is self.comment:
            self._written = True
            self.comment.link = visit.link
        elif self._written and visit.screen in (Screen.THANKS, Screen.SORRY, Screen.ASK):
            self._written = False
            self.comment.clear()
        if screen is self.sign_in.screen and screen.parent is None:
            self.sign_in.begin()
        pressed = {visit.press.target} if visit.press and visit.press.target is not Control.OFFICER else set()
        if isinstance(screen, AskScreen | NotedScreen):
            screen.mark(pressed)
        if isinstance(screen, WhyScreen | CommentScreen | NotedScreen):
            screen.going = "" if visit.countdown is None else self.going.format(seconds=ceil(visit.countdown))
        if screen is self.noted:
            self.noted.reference = visit.reference
        if isinstance(screen, WhyScreen):
            screen.turn_to(visit.turned)
            screen.mark(pressed ^ set(map(Chip, visit.chosen)))  # a chosen one looks unchosen under the finger
            screen.mend_left = ceil(visit.mend_seconds / MEND_SECONDS * MEND_STEPS) / MEND_STEPS
        return screen
