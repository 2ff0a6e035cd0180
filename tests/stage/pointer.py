"""A pointer without a process per tap: XTEST through libXtst, so that we know when the finger came up."""

import ctypes
import ctypes.util
from types import TracebackType

LEFT_BUTTON = 1


class Pointer:
    """The pointer and the keys of one display, from `with` to its end."""

    def __init__(self, display_name: str) -> None:
        self._x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._xtst = ctypes.CDLL(ctypes.util.find_library("Xtst"))
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XDefaultRootWindow.restype = self._x11.XStringToKeysym.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display_name.encode()))
        if not self._display:
            raise RuntimeError(f"no display {display_name}")

    def __enter__(self) -> "Pointer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def move(self, x: int, y: int) -> None:
        self._xtst.XTestFakeMotionEvent(self._display, -1, x, y, ctypes.c_ulong(0))
        self._x11.XSync(self._display, 0)

    def down(self, button: int = LEFT_BUTTON) -> None:
        self._button(button, pressed=True)

    def up(self, button: int = LEFT_BUTTON) -> None:
        self._button(button, pressed=False)

    def key(self, names: str) -> None:
        """Keys are pressed together, as `Alt_L+F4`: names of X11's keysyms."""
        codes = [self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(self._keysym(name))) for name in names.split("+")]
        for pressed, order in ((True, codes), (False, codes[::-1])):
            for code in order:
                self._xtst.XTestFakeKeyEvent(self._display, code, int(pressed), ctypes.c_ulong(0))
        self._x11.XFlush(self._display)

    def paint_ground(self, colour: int) -> None:
        """Give the display behind all windows a colour, 0xRRGGBB."""
        root = ctypes.c_ulong(self._x11.XDefaultRootWindow(self._display))
        self._x11.XSetWindowBackground(self._display, root, ctypes.c_ulong(colour))
        self._x11.XClearWindow(self._display, root)
        self._x11.XSync(self._display, 0)

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)

    def _keysym(self, name: str) -> int:
        keysym = int(self._x11.XStringToKeysym(name.encode()))
        if not keysym:
            raise LookupError(f"no key is named {name}")
        return keysym

    def _button(self, button: int, *, pressed: bool) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, button, int(pressed), ctypes.c_ulong(0))
        self._x11.XFlush(self._display)
