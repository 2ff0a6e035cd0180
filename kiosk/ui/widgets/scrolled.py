"""What is longer than its place, and scrolls."""

from kivy.graphics import Callback
from kivy.graphics.opengl import (
    GL_FRAMEBUFFER_BINDING,
    GL_SCISSOR_TEST,
    GL_VIEWPORT,
    glDisable,
    glEnable,
    glGetIntegerv,
    glScissor,
)
from kivy.uix.scrollview import ScrollView

from kiosk.ui.kv import load_beside


class Scrolled(ScrollView):
    """Up and down, with our bar. It clips by OpenGL's scissors, for Kivy's own way needs a stencil, and a `Surface` has none."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        with self.canvas.before:
            Callback(self._clip)
        self.canvas.after.insert(0, Callback(_end_clipping))

    def _clip(self, _: Callback) -> None:
        left, bottom = self.to_window(*self.pos)
        if glGetIntegerv(GL_FRAMEBUFFER_BINDING)[0]:  # a `Surface`, which stands on its head
            bottom = glGetIntegerv(GL_VIEWPORT)[3] - bottom - self.height
        glEnable(GL_SCISSOR_TEST)
        glScissor(round(left), round(bottom), round(self.width), round(self.height))


def _end_clipping(_: Callback) -> None:
    glDisable(GL_SCISSOR_TEST)


load_beside(__file__)
