"""What screens with something to touch have in common: they tell which finger is over what, and decide nothing."""

from collections.abc import Iterator

from kivy.input import MotionEvent
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.visit import Press, Target


class TouchedScreen(BoxLayout):
    """Tells of each finger that went down or came up anywhere, and of what is under it: a target, or None beside all."""

    __events__ = ("on_finger_down", "on_finger_up")

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        """The widgets that can be touched now, and what each means. A widget has a property `pressed`."""
        raise NotImplementedError

    def show_press(self, press: Press | None) -> None:
        """Let what is pressed look so."""
        for widget, target in self.targets():
            widget.pressed = press is not None and press.target == target

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if getattr(touch, "button", "left") == "left":
            self.dispatch("on_finger_down", touch.uid, self._target_under(touch))
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        self.dispatch("on_finger_up", touch.uid, self._target_under(touch))
        return True

    def on_finger_down(self, touch: int, target: Target | None) -> None:
        """A finger went down."""

    def on_finger_up(self, touch: int, target: Target | None) -> None:
        """A finger came up."""

    def _target_under(self, touch: MotionEvent) -> Target | None:
        return next((target for widget, target in self.targets() if widget.collide_point(*touch.pos)), None)
