"""Joins the sign-in screen to who is on duty: what officers touch is asked of `Duties`, and its answers become sentences."""

from concurrent.futures import Future
from math import ceil
from typing import Any

from kiosk.signing import Duties, NotHere, Paused, SignedIn, Wrong
from kiosk.texts import Translate
from kiosk.ui.screens.sign_in import SignInScreen
from kiosk.ui.waiting import when_done


class Signing:
    """screen: to be shown after `begin`. It dispatches `on_leave` when it is done, also after a sign-in and a sign-out."""

    def __init__(self, on_duty: Duties, translate: Translate) -> None:
        self._on_duty = on_duty
        self._translate = translate
        self.screen = SignInScreen(translate)
        self.screen.bind(
            on_choose=lambda _, officer: self._choose(officer),
            on_pin=lambda _, officer, digits: self._wait(on_duty.sign_in(officer, digits)),
            on_sign_out=lambda _: self._wait(on_duty.sign_out()),
        )

    def begin(self) -> None:
        """From the names, as they are now."""
        serving, screen = self._on_duty.officer, self.screen
        screen.officers = [(one.id, one.name, one.title) for one in self._on_duty.may_sign_in]
        screen.serving = serving.name if serving else ""
        screen.from_the_first_page()
        self._choose("")

    def _choose(self, officer: str) -> None:
        translate = self._translate
        nobody = "" if self.screen.officers else translate("Chưa có cán bộ nào có mã PIN. Xin liên hệ quản trị viên.")
        self.screen.chosen, self.screen.message = officer, nobody

    def _wait(self, future: Future[Any]) -> None:
        """Looking at a PIN takes a while: the window goes on meanwhile."""
        self.screen.busy = True
        when_done(future, self._answered)

    def _answered(self, future: Future[Any]) -> None:
        translate = self._translate
        self.screen.busy = False
        if future.exception() is not None:
            self.screen.message = translate("Máy chưa ghi được. Xin thử lại, hoặc báo cho kỹ thuật viên.")
        elif isinstance(future.result(), SignedIn | None):
            self.screen.dispatch("on_leave")
        else:
            self.screen.message = self._sentence(future.result())

    def _sentence(self, answer: Wrong | Paused | NotHere) -> str:
        translate = self._translate
        if isinstance(answer, NotHere):
            return translate("Cán bộ này không còn đăng nhập được tại quầy. Xin liên hệ quản trị viên.")
        return try_again(answer, translate)


def try_again(answer: Wrong | Paused, translate: Translate) -> str:
    """How often a PIN may be tried now, or when again."""
    if isinstance(answer, Wrong):
        return translate("Mã PIN chưa đúng. Còn {left} lần thử.").format(left=answer.left)
    sentence = translate("Đã thử sai nhiều lần. Xin chờ {minutes} phút rồi thử lại.")
    return sentence.format(minutes=ceil(answer.seconds / 60))
