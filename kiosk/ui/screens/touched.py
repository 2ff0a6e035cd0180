"""What screens with something to touch have in common: they tell which finger is over what, and decide nothing."""

from collections.abc import Collection, Iterator

from kivy.graphics import InstructionGroup
from kivy.input import MotionEvent
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.still  # noqa: F401 its kv class is used in those of the screens
from kiosk.touch import Place, Target
from kiosk.ui import theme
from kiosk.ui.ahead import ahead
from kiosk.ui.panel import NOTHING, Panel
from kiosk.ui.widgets.finger import is_finger


class TouchedScreen(FloatLayout):
    """Tells of each finger that went down or came up anywhere, and of what is under it: a target, or None beside all.

    All that stays is one picture, `ids.still`. What changes is drawn over it.
    """

    __events__ = ("on_finger_down", "on_finger_up")

    def __init__(self, **properties: object) -> None:
        self._marked: list[Widget] = []
        self._marks = InstructionGroup()
        super().__init__(**properties)
        self.canvas.after.add(self._marks)

    def targets(self) -> Iterator[tuple[Widget, Target]]:
        """The widgets that can be touched now, and what each means. A widget says the `radius` of its corners, as drawn, and by `tinted`
        whether more than its border is to change.
        """
        raise NotImplementedError

    def mark(self, targets: Collection[Target]) -> None:
        """Let these look chosen or pressed, and nothing else."""
        marked = [widget for widget, target in self.targets() if target in targets]
        if marked != self._marked:
            for widget in {*marked} ^ {*self._marked}:
                ahead.show(widget)
            self._marked = marked
            self._draw_marks()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if is_finger(touch):
            place = (touch.x / theme.theme.unit, touch.y / theme.theme.unit)
            self.dispatch("on_finger_down", touch.uid, self._target_under(touch), place)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        self.dispatch("on_finger_up", touch.uid, self._target_under(touch))
        return True

    def on_finger_down(self, touch: int, target: Target | None, place: Place) -> None:
        """A finger went down."""

    def on_finger_up(self, touch: int, target: Target | None) -> None:
        """A finger came up."""

    def _target_under(self, touch: MotionEvent) -> Target | None:
        return next((target for widget, target in self.targets() if widget.collide_point(*touch.pos)), None)

    def _draw_marks(self) -> None:
        self._marks.clear()
        unit = theme.theme.unit
        for widget in self._marked:
            radius = widget.radius * unit
            tint = theme.LIGHT_TINT if getattr(widget, "filled", False) else theme.TINT
            look = (radius, tint if getattr(widget, "tinted", True) else NOTHING, theme.INK, max(2, 4 * unit))
            self._marks.add(Panel(widget.pos, widget.size, look))
