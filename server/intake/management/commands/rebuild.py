"""`rebuild`: what is derived from the archive, made again."""

import sys

from server.intake.rebuild import rebuild
from server.management.prepared import PreparedCommand

WIDTH = 40


class Command(PreparedCommand):
    """Rebuilds, with a progress bar on a terminal."""

    help = "Make votes, tallies, reasons, comments and quarantine again from archive, places and decisions. All or nothing."

    def handle(self, *args: object, **options: object) -> None:
        """Prints how many batches were counted again."""
        shown = -1

        def progress(done: int, total: int) -> None:
            nonlocal shown
            percent = 100 * done // total
            if percent != shown:
                shown = percent
                bar = "█" * (WIDTH * done // total)
                sys.stderr.write(f"\r{bar:<{WIDTH}} {percent:3} %  {done}/{total} batches")
                sys.stderr.flush()

        total = rebuild(progress if sys.stderr.isatty() else lambda done, total: None)
        if shown >= 0:
            sys.stderr.write("\n")
        self.stdout.write(f"Rebuilt from {total} batches.")
