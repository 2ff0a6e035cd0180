"""`rebuild`: what is derived from the archive, made again."""

from server.intake.rebuild import rebuild
from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar


class Command(PreparedCommand):
    """Rebuilds, with a progress bar on a terminal."""

    help = "Make votes, tallies, reasons, comments and quarantine again from archive, places and decisions. All or nothing."

    def handle(self, *args: object, **options: object) -> None:
        """Prints how many batches were counted again."""
        with progress_bar("batches") as progress:
            total = rebuild(progress)
        self.stdout.write(f"Rebuilt from {total} batches.")
