"""Memory after the start: what stays is not looked at again, and what is free goes back to the system."""

import contextlib
import ctypes
import gc
import sys


def settle() -> None:
    """All screens are made and painted. Takes a tenth of a second, once.

    What is there will stay: the garbage collector need not visit it while a citizen waits (`gc.freeze`). Painting took a third more
    than it needs now, which glibc keeps (`malloc_trim`, Linux only).
    """
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)
