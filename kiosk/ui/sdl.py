"""What Kivy does not offer of the SDL it is built on: the display's size before there is a window, OpenGL's later procedures, and
waking for a touch at once.

Kivy sleeps until its next frame, then acts on what had come before it slept: a touch waits one to two frames (17–33 ms at 60
frames a second) before anything moves. Here the same sleep ends as soon as SDL has an event, and the pass that follows acts on
it and draws.
"""

import ctypes
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kivy.base import EventLoop
from kivy.clock import Clock

VIDEO = 0x20  # SDL_INIT_VIDEO

log = logging.getLogger(__name__)


class DisplayMode(ctypes.Structure):
    """SDL_DisplayMode of SDL 2."""

    _fields_ = [
        ("format", ctypes.c_uint32),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("refresh_rate", ctypes.c_int),
        ("driverdata", ctypes.c_void_p),
    ]


def wake_for_touches() -> None:
    """From now on Kivy's clock sleeps in SDL. Where SDL's library cannot be found, Kivy sleeps as it always does."""
    library = loaded()
    if library is None:
        log.warning("SDL's library was not found: touches wait for the next frame")
        return
    wait = library.SDL_WaitEventTimeout
    wait.argtypes = [ctypes.c_void_p, ctypes.c_int]
    wait.restype = ctypes.c_int
    Clock.idle = _Sleep(wait).until_touch_or_frame


@dataclass(frozen=True)
class Display:
    """driver: SDL's name of the display system, as x11 or wayland. Sizes in pixels."""

    driver: str
    width: int
    height: int


def first_display() -> Display | None:
    """The display that the window will be on, asked before there is a window; None where SDL finds none."""
    import kivy.core.text  # noqa: F401 brings SDL into the process, without opening a window

    library = loaded()
    if library is None or library.SDL_InitSubSystem(VIDEO) != 0:
        return None
    try:
        mode = DisplayMode()
        if library.SDL_GetDesktopDisplayMode(0, ctypes.byref(mode)) != 0:
            return None
        library.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
        return Display(library.SDL_GetCurrentVideoDriver().decode(), mode.width, mode.height)
    finally:
        library.SDL_QuitSubSystem(VIDEO)


class _Sleep:
    def __init__(self, wait: Callable[[None, int], int]) -> None:
        self._wait = wait

    def until_touch_or_frame(self) -> float:
        """Kivy's `Clock.idle`: returns the time at which the next frame begins."""
        rest = 1 / Clock._max_fps - (Clock.time() - Clock._last_tick)
        if self._wait(None, max(0, round(rest * 1000))):
            EventLoop.window.mainloop()  # reads SDL's events, for this pass to act on
        now = float(Clock.time())
        Clock._dt = now - Clock._last_tick
        Clock._last_tick = now
        return now


def gl_procedure(name: str) -> int | None:
    """The address of a procedure of OpenGL in the window's context. There may be one where the context's version has none."""
    library = loaded()
    if library is None:
        return None
    library.SDL_GL_GetProcAddress.restype = ctypes.c_void_p
    address: int | None = library.SDL_GL_GetProcAddress(name.encode())
    return address


def loaded() -> ctypes.CDLL | None:
    """The SDL that Kivy has loaded, not another of the same name."""
    try:
        if sys.platform == "win32":
            return ctypes.CDLL("SDL2.dll")
        paths = (line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "libSDL2-2" in line)
        return ctypes.CDLL(next(paths))
    except (OSError, StopIteration):
        return None
