"""One finger at a time: it is answered when it goes down, acts where it comes up on the same thing, and slides off to cancel."""

from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from kiosk.ui.ahead import ahead


def is_finger(touch: MotionEvent) -> bool:
    """Whether it is a finger, or the left button of a mouse in its place; no other button, no wheel."""
    return touch.button in (None, "left")


class OneFinger(Widget):
    """Its heirs say which widgets are targets, and what one does. While a finger is on one, no other counts; and a touch that has come up
    does nothing when it is delivered again, as Kivy does on some touchscreens.

    An heir may hold others, as a screen its keyboard: a finger on a target of theirs is the only one of the screen too.
    """

    __events__: tuple[str, ...] = ("on_press",)

    _finger: tuple[int, Widget | None] | None = None  # the touch, and on which target of ours, if it is not on one of an heir inside
    _ended: int | None = None
    _pressed: Widget | None = None

    def under(self, x: float, y: float) -> Widget | None:
        """The target at a place, or None."""
        raise NotImplementedError

    def act(self, target: Widget) -> None:
        """The finger came up on the target on which it went down."""
        raise NotImplementedError

    def show_press(self, target: Widget | None) -> None:
        """Let this target look pressed, by its property `pressed`, and no other."""
        for widget, pressed in ((self._pressed, False), (target, True)):
            if widget is not None:
                widget.pressed = pressed
                ahead.show(widget)
        self._pressed = target

    def on_press(self) -> None:
        """A finger went down on a target."""

    def let_go(self) -> None:
        """Forget the finger: what it rests on is not there any more."""
        if self._finger is None:
            return
        self._ended, self._finger = self._finger[0], None
        self.show_press(None)
        for inside in self.walk(restrict=True):
            if inside is not self and isinstance(inside, OneFinger):
                inside.let_go()

    def on_parent(self, _: Widget, parent: Widget | None) -> None:
        """Shown or not any more: where a finger comes up now is not told to us."""
        self.let_go()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if self._finger is not None or touch.uid == self._ended or not is_finger(touch):
            return True
        target = self.under(*touch.pos)
        if target is not None:
            self.show_press(target)
            self.dispatch("on_press")
        elif not super().on_touch_down(touch):
            return False
        self._finger = (touch.uid, target)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        target = self._target_of(touch)
        if target is None:
            return bool(super().on_touch_move(touch))
        self.show_press(target if self.under(*touch.pos) == target else None)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        target = self._target_of(touch)
        if target is None:
            taken = bool(super().on_touch_up(touch))
            if self._finger is not None and self._finger[0] == touch.uid:
                self.let_go()
            return taken
        self.let_go()
        if self.under(*touch.pos) == target:
            self.act(target)
        return True

    def _target_of(self, touch: MotionEvent) -> Widget | None:
        return self._finger[1] if self._finger is not None and self._finger[0] == touch.uid else None
