"""Memory after the start: what stays is not looked at again, and what is free goes back to the system."""

import contextlib
import ctypes
import gc
import sys


def settle() -> None:
    """All screens are made and painted, and what is there will stay: the garbage collector need not visit it while a citizen waits
    (`gc.freeze`). Takes a tenth of a second, once.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """To the system what painting took and glibc keeps (`malloc_trim`, Linux only). Worth it a while after `settle`: Kivy lets go of the
    pictures that it threw away a second later.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)
