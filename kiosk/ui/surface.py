"""The window's picture is painted beside the window and copied onto it as it is.

Where there is no GPU a screen takes a quarter of the time so. Mesa's llvmpipe has quick ways to fill and to copy, but only into a target
that has no depth and the display's own order of colours (BGRA); the window that Kivy opens always has depth.
"""

import ctypes
import re
from collections.abc import Callable

from kivy.core.window import WindowBase
from kivy.graphics import ClearBuffers, ClearColor, Fbo
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_FRAMEBUFFER_BINDING,
    GL_NEAREST,
    GL_SCISSOR_TEST,
    GL_VERSION,
    glBindFramebuffer,
    glClear,
    glClearColor,
    glDisable,
    glEnable,
    glGetIntegerv,
    glGetString,
    glScissor,
)
from kivy.graphics.texture import Texture
from kivy.graphics.transformation import Matrix

from kiosk.ui.ahead import ahead
from kiosk.ui.sdl import gl_procedure
from kiosk.ui.theme import Colour

GL_READ_FRAMEBUFFER = 0x8CA8
FIRST_WITH_BLIT = 3  # OpenGL 3.0 and OpenGL ES 3.0
ORDER = "bgra"

Blit = Callable[[int, int, int, int, int, int, int, int, int, int], None]


class Surface:
    """Draws for a window, from now on. ground: the colour where nothing is.

    Where OpenGL cannot copy pictures, it draws onto the window itself.
    """

    def __init__(self, window: WindowBase, ground: Colour) -> None:
        self._window = window
        self._ground = ground
        self._blit = _blit()
        if self._blit is not None:
            self._drawer = window.render_context
            window.bind(size=self._fit)
            self._fit(window, window.size)
        window.bind(on_draw=self.draw)

    def draw(self, *_: object) -> bool:
        """What is on the window's canvas, or the part of it that comes `ahead`; it is seen at the window's next flip. True: nothing is left
        to draw.
        """
        boxes = ahead.take()
        if self._blit is None:
            glClearColor(*self._ground)
            glClear(GL_COLOR_BUFFER_BIT)
            self._window.render_context.draw()
            return True
        width, height = self._picture.size
        if boxes:
            glEnable(GL_SCISSOR_TEST)
            for box in boxes:
                glScissor(box.left, height - box.bottom - box.height, box.width, box.height)
                self._picture.ask_update()
                self._picture.draw()
            glDisable(GL_SCISSOR_TEST)
            self._window.canvas.ask_update()
        else:
            self._picture.draw()
        glBindFramebuffer(GL_READ_FRAMEBUFFER, self._name)
        self._blit(0, 0, width, height, 0, height, width, 0, GL_COLOR_BUFFER_BIT, GL_NEAREST)
        glBindFramebuffer(GL_READ_FRAMEBUFFER, 0)
        return True

    def _fit(self, _: object, size: tuple[int, int]) -> None:
        """A picture as large as the window. It stands on its head, as a window does for OpenGL: a copy that need not turn is quicker."""
        ahead.show_all()
        self._drawer.remove(self._window.canvas)
        self._drawer = self._picture = Fbo(size=size, texture=Texture.create(size=size, colorfmt=ORDER))
        upright = Matrix()
        upright.view_clip(0, size[0], 0, size[1], -1, 1, 0)
        self._picture["projection_mat"] = Matrix().scale(1, -1, 1).multiply(upright)
        with self._picture:
            ClearColor(*self._ground)
            ClearBuffers()
        self._picture.add(self._window.canvas)
        self._picture.bind()
        self._name = int(glGetIntegerv(GL_FRAMEBUFFER_BINDING)[0])
        self._picture.release()


def _blit() -> Blit | None:
    """glBlitFramebuffer, which Kivy does not offer, where there is one."""
    version = re.search(rb"\d+", glGetString(GL_VERSION))
    address = gl_procedure("glBlitFramebuffer")
    if version is None or int(version[0]) < FIRST_WITH_BLIT or address is None:
        return None
    return ctypes.CFUNCTYPE(None, *[ctypes.c_int] * 8, ctypes.c_uint, ctypes.c_uint)(address)
