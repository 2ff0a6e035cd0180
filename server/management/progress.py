"""A progress bar for commands that take long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WIDTH = 40


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function of how many are done, and of all, that draws on standard error if that is a terminal.

    what: is counted, in the plural.
    """
    shown = -1

    def draw(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(total, 1)
        if percent != shown:
            shown = percent
            sys.stderr.write(f"\r{'█' * (WIDTH * percent // 100):<{WIDTH}} {percent:3} %  {done}/{total} {what}")
            sys.stderr.flush()

    try:
        yield draw if sys.stderr.isatty() else lambda done, total: None
    finally:
        if shown >= 0:
            sys.stderr.write("\n")
