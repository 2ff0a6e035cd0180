"""A finger and an eye at an X display that lets in one user only: run as that user by Debian's python3, told what to do line by line.

`tap X Y` is answered by a line when the finger is up again, `pixel X Y` by red, green and blue of the window over all of it, black where
there is none.
"""

import ctypes
import ctypes.util
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.stage.pointer import Pointer

STILL_SECONDS = 0.02
BEFORE_SECONDS = 0.06  # no finger is faster after what it saw
ALL_PLANES, Z_PIXMAP = ctypes.c_ulong(0xFFFFFFFFFFFFFFFF), 2
_TOLD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class Eye:
    """On one display."""

    def __init__(self, name: str) -> None:
        self._x11 = x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
        x11.XOpenDisplay.restype = x11.XGetImage.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = x11.XGetPixel.restype = ctypes.c_ulong
        self._deaf = _TOLD(lambda *_: 0)  # a window may go while it is looked at
        x11.XSetErrorHandler(self._deaf)
        self._display = ctypes.c_void_p(x11.XOpenDisplay(name.encode()))

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green, blue."""
        window = self._whole()
        if window is None:
            return 0, 0, 0
        image = self._x11.XGetImage(self._display, ctypes.c_ulong(window), x, y, 1, 1, ALL_PLANES, Z_PIXMAP)
        if not image:
            return 0, 0, 0
        value = int(self._x11.XGetPixel(ctypes.c_void_p(image), 0, 0))
        self._x11.XDestroyImage(ctypes.c_void_p(image))
        return value >> 16 & 255, value >> 8 & 255, value & 255

    def _whole(self) -> int | None:
        """The window over the whole display."""
        x11, root = self._x11, ctypes.c_ulong(self._x11.XDefaultRootWindow(self._display))
        windows, count, nothing = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint(), ctypes.c_ulong()
        x11.XQueryTree(self._display, root, ctypes.byref(nothing), ctypes.byref(nothing), ctypes.byref(windows), ctypes.byref(count))
        found = [int(windows[at]) for at in range(count.value)]
        if found:
            x11.XFree(windows)
        size = self._size(root.value)
        return next((window for window in found if self._size(window) == size), None)

    def _size(self, window: int) -> tuple[int, int]:
        numbers = [ctypes.c_uint() for _ in range(6)]
        root = ctypes.c_ulong()
        told = [ctypes.byref(number) for number in numbers]
        self._x11.XGetGeometry(self._display, ctypes.c_ulong(window), ctypes.byref(root), *told)
        return numbers[2].value, numbers[3].value


def main() -> None:
    """Do what is told, until nothing is any more."""
    name = sys.argv[1]
    eye = Eye(name)
    with Pointer(name) as pointer:
        for line in sys.stdin:
            what, x, y = line.split()
            if what == "pixel":
                answer = " ".join(map(str, eye.pixel(int(x), int(y))))
            else:
                time.sleep(BEFORE_SECONDS)
                pointer.move(int(x), int(y))
                pointer.down()
                time.sleep(STILL_SECONDS)
                pointer.up()
                time.sleep(STILL_SECONDS)
                answer = "up"
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
