"""`restoretest [FILE]`: whether a backup could be put back, tried beside the running server."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.backup.archive import BadBackup
from server.timers import notes
from server.timers.keeping import newest
from server.timers.restoring import try_backup


class Command(BaseCommand):
    """Changes nothing of the server."""

    help = "Restore a backup (default: the newest of HAILONG_BACKUPS) into an empty place, verify it, throw it away, and note the outcome."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another file than the newest."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="made by `backup`")

    def handle(self, *args: object, file: Path | None, **options: object) -> None:
        """Raises CommandError when there is no backup, or it does not come back whole."""
        environment = settings.ENVIRONMENT
        try:
            file = file or (newest(environment.backups) if environment.backups else None)
            if file is None:
                raise CommandError("There is no backup to try yet. `timed night` makes one in the folder HAILONG_BACKUPS.")
            outcome = try_backup(file, environment)
            notes.write(environment.runs, "restored", outcome)
        except BadBackup as error:
            raise CommandError(f"{file} cannot be restored: {error}") from error
        except OSError as error:
            raise CommandError(f"The backup cannot be tried: {error}") from error
        if outcome.fault:
            raise CommandError(f"{file} does not come back whole:\n{outcome.fault}")
        self.stdout.write(f"{file} comes back whole and verified: {outcome.held}.")
