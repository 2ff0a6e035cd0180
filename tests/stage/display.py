"""A virtual display: Xvfb, whose picture we read from its memory, and a real pointer."""

import ctypes
import ctypes.util
import mmap
import os
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PIL import Image

from tests.stage.pointer import Pointer

PRIVATE = ("-nolisten", "tcp", "-noreset")
STRIPES_APART = 12
TOUCH_SECONDS = 0.02
Pixel = tuple[int, int, int]


class VirtualDisplay:
    """A display of width × height pixels, from `with` to its end."""

    def __init__(self, width: int = 1280, height: int = 800) -> None:
        self.width = width
        self.height = height

    def __enter__(self) -> "VirtualDisplay":
        self._folder = tempfile.TemporaryDirectory(prefix="hailong-display-")
        read_end, write_end = os.pipe()
        self._xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{self.width}x{self.height}x24", "-fbdir", self._folder.name, *PRIVATE],
            pass_fds=[write_end],
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the program that started us, which ends us in its order
        )
        os.close(write_end)
        with os.fdopen(read_end) as announced:
            number = announced.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        with (Path(self._folder.name) / "Xvfb_screen0").open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self._memory[:100])  # an XWD file, see X11/XWDFile.h
        self._pixels_at = header[0] + header[19] * 12
        self._row_bytes = header[12]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._memory.close()
        self._xvfb.terminate()
        self._xvfb.wait(10)
        self._folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a program that is to show itself here."""
        return {**os.environ, "DISPLAY": self.name}

    def pixel(self, x: int, y: int) -> Pixel:
        """Red, green and blue of what is shown at this moment."""
        at = self._pixels_at + y * self._row_bytes + x * 4
        blue, green, red = self._memory[at : at + 3]
        return red, green, blue

    def picture(self) -> Image.Image:
        """What is shown at this moment."""
        data = self._memory[self._pixels_at : self._pixels_at + self._row_bytes * self.height]
        return Image.frombytes("RGB", (self.width, self.height), data, "raw", "BGRX", self._row_bytes)

    def stripes(self) -> bytes:
        """Some rows of what is shown at this moment, so near each other that nothing a finger changes lies between them."""
        rows = range(self._pixels_at, self._pixels_at + self._row_bytes * self.height, self._row_bytes * STRIPES_APART)
        return b"".join([self._memory[row : row + self._row_bytes] for row in rows])

    def wait_until_still(self) -> None:
        """Wait until nothing has moved for a tenth of a second."""
        before = None
        while (now := self.picture().tobytes()) != before:
            before = now
            time.sleep(0.1)

    def tap(self, x: int, y: int) -> None:
        """A finger goes down and up."""
        with Pointer(self.name) as pointer:
            pointer.move(x, y)
            pointer.down()
            time.sleep(TOUCH_SECONDS)
            pointer.up()
            time.sleep(TOUCH_SECONDS)

    def press(self, x: int, y: int) -> None:
        """A finger goes down, and stays."""
        with Pointer(self.name) as pointer:
            pointer.move(x, y)
            pointer.down()

    def release(self, x: int, y: int) -> None:
        """The finger slides here, and comes up."""
        with Pointer(self.name) as pointer:
            pointer.move(x, y)
            pointer.up()

    def key(self, *names: str) -> None:
        """Keys are pressed, one after the other."""
        self.xdotool("key", *names)

    def ask_to_close(self) -> None:
        """Every window is asked to close, as a window manager does (WM_DELETE_WINDOW; ICCCM 4.2.8.1)."""
        x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        ids, numbers = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        root, nothing = ctypes.c_ulong(x11.XDefaultRootWindow(display)), ctypes.c_ulong()
        x11.XQueryTree(display, root, ctypes.byref(nothing), ctypes.byref(nothing), ctypes.byref(ids), ctypes.byref(numbers))
        protocols, delete = (x11.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        for window in ids[: numbers.value]:
            event = (ctypes.c_long * 24)(33, 0, 1, 0, window, protocols, 32, delete, 0)  # an XClientMessageEvent, see X11/Xlib.h
            x11.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
        x11.XCloseDisplay(display)

    def xdotool(self, *words: str) -> None:
        """Whatever else a pointer or a keyboard can do."""
        subprocess.run(["xdotool", *words], env=self.environment, check=True)


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Look again and again until it holds. Raises TimeoutError that says what was waited for."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.005)
