"""A pointer without a process per tap: XTEST through libXtst, so that we know when the finger came up."""

import ctypes
import ctypes.util

LEFT_BUTTON = 1


class Pointer:
    """The pointer of one display, from `with` to its end."""

    def __init__(self, display_name: str) -> None:
        self._x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._xtst = ctypes.CDLL(ctypes.util.find_library("Xtst"))
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display_name.encode()))
        if not self._display:
            raise RuntimeError(f"no display {display_name}")

    def move(self, x: int, y: int) -> None:
        self._xtst.XTestFakeMotionEvent(self._display, -1, x, y, ctypes.c_ulong(0))
        self._x11.XSync(self._display, 0)

    def down(self) -> None:
        self._button(pressed=True)

    def up(self) -> None:
        self._button(pressed=False)

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)

    def _button(self, *, pressed: bool) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, LEFT_BUTTON, int(pressed), ctypes.c_ulong(0))
        self._x11.XFlush(self._display)
