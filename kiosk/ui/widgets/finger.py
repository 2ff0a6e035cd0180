"""One finger at a time: it is answered when it goes down, acts where it comes up on the same thing, and slides off to cancel."""

from kivy.input import MotionEvent
from kivy.uix.widget import Widget


class OneFinger(Widget):
    """Its heirs say which widgets are targets, how a pressed one looks, and what it does."""

    __events__: tuple[str, ...] = ("on_press",)

    _finger: tuple[int, Widget] | None = None

    def under(self, x: float, y: float) -> Widget | None:
        """The target at a place, or None."""
        raise NotImplementedError

    def show_press(self, target: Widget | None) -> None:
        """Let this target look pressed, and no other."""
        raise NotImplementedError

    def act(self, target: Widget) -> None:
        """The finger came up on the target on which it went down."""
        raise NotImplementedError

    def on_press(self) -> None:
        """A finger went down on a target."""

    def let_go(self) -> None:
        """Forget the finger: what it rests on is not there any more."""
        if self._finger is not None:
            self._finger = None
            self.show_press(None)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        target = self.under(*touch.pos)
        if target is None or getattr(touch, "button", "left") != "left":
            return bool(super().on_touch_down(touch))
        if self._finger is None:
            self._finger = (touch.uid, target)
            self.show_press(target)
            self.dispatch("on_press")
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if self._finger is None or self._finger[0] != touch.uid:
            return bool(super().on_touch_move(touch))
        target = self._finger[1]
        self.show_press(target if self.under(*touch.pos) == target else None)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if self._finger is None or self._finger[0] != touch.uid:
            return bool(super().on_touch_up(touch))
        target = self._finger[1]
        self.let_go()
        if self.under(*touch.pos) == target:
            self.act(target)
        return True
