"""Memory after the start: what stays is not looked at again, and what is free goes back to the system."""

import contextlib
import ctypes
import gc
import sys


def spare() -> None:
    """All screens are made: the garbage collector need not visit them while a citizen waits (`gc.freeze`)."""
    gc.freeze()


def settle() -> None:
    """What was thrown away since the start goes, and what is there will stay. Takes a tenth of a second, once."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """To the system what painting took and glibc keeps (`malloc_trim`, Linux only). Worth it a while after `settle`: Kivy lets go of the
    pictures that it threw away a second later.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)
