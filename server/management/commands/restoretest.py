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
                raise CommandError("Chưa có bản sao lưu nào để thử. Xin chạy: sudo systemctl start hailong-night")
            outcome = try_backup(file, environment)
            notes.write(environment.runs, "restored", outcome)
        except BadBackup as error:
            raise CommandError(f"{file} không khôi phục được: {error}") from error
        except OSError as error:
            raise CommandError(f"Không thử được bản sao lưu: {error}") from error
        if outcome.fault:
            raise CommandError(f"Khôi phục thử {file} không thành:\n{outcome.fault}")
        self.stdout.write(f"Đã khôi phục thử {file}, đủ và đúng: {outcome.held}.")
