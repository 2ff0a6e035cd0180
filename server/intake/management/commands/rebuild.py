"""`rebuild`: what is derived from the archive, made again."""

from server.intake.rebuild import rebuild
from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar
from server.results.tiers import refresh


class Command(PreparedCommand):
    """Rebuilds, with a progress bar on a terminal."""

    help = "Make votes, tallies, reasons, comments and quarantine again from archive, places and decisions. All or nothing."

    def handle(self, *args: object, **options: object) -> None:
        """Prints how many batches were counted again."""
        with progress_bar("batches") as progress:
            total = rebuild(progress)
        with progress_bar("days of units summed up") as progress:
            refresh(progress)  # else whoever opens a province's page next would wait for all of it
        self.stdout.write(f"Rebuilt from {total} batches.")
