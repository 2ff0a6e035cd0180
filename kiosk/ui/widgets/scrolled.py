"""What is longer than its place, and scrolls."""

from collections.abc import Sequence

from kivy.graphics import Callback
from kivy.graphics.opengl import (
    GL_FRAMEBUFFER_BINDING,
    GL_SCISSOR_BOX,
    GL_SCISSOR_TEST,
    GL_VIEWPORT,
    glDisable,
    glEnable,
    glGetIntegerv,
    glIsEnabled,
    glScissor,
)
from kivy.uix.scrollview import ScrollView

from kiosk.ui.kv import load_beside


class Scrolled(ScrollView):
    """Up and down, with our bar. It clips by OpenGL's scissors, for Kivy's own way needs a stencil, and a `Surface` has none; they
    may be in use already, for a part of the window.
    """

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            Callback(self._clip)
        self.canvas.after.insert(0, Callback(self._end_clipping))

    def _clip(self, _: Callback) -> None:
        left, bottom = self.to_window(*self.pos)
        if glGetIntegerv(GL_FRAMEBUFFER_BINDING)[0]:  # a `Surface`, which stands on its head
            bottom = glGetIntegerv(GL_VIEWPORT)[3] - bottom - self.height
        self._around = glGetIntegerv(GL_SCISSOR_BOX) if glIsEnabled(GL_SCISSOR_TEST) else None
        place = (round(left), round(bottom), round(self.width), round(self.height))
        glEnable(GL_SCISSOR_TEST)
        glScissor(*(_common(place, self._around) if self._around else place))

    def _end_clipping(self, _: Callback) -> None:
        if self._around:
            glScissor(*self._around)
        else:
            glDisable(GL_SCISSOR_TEST)


def _common(one: Sequence[int], other: Sequence[int]) -> tuple[int, int, int, int]:
    """What two places have in common. Left, bottom, width, height."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    return left, bottom, max(0, right - left), max(0, top - bottom)


load_beside(__file__)
