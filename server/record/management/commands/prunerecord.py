"""`prunerecord --older-than-years N`: the oldest lines of the record go; that they went is a line of it."""

import getpass
from datetime import timedelta

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from server.management.prepared import PreparedCommand
from server.record.keeping import Action, note_of
from server.record.models import KEPT_YEARS, Line

DAYS = 366  # so that a year is over in any case


class Command(PreparedCommand):
    """Deletes by age only."""

    help = f"Delete lines of the record that are older than N years; younger than {KEPT_YEARS} the database itself keeps them."

    def add_arguments(self, parser: CommandParser) -> None:
        """How old."""
        parser.add_argument("--older-than-years", type=int, required=True, metavar="N", help=f"at least {KEPT_YEARS}")

    def handle(self, *args: object, older_than_years: int, **options: object) -> None:
        """Raises CommandError below the years that the record is kept in any case."""
        if not KEPT_YEARS <= older_than_years <= 100:
            raise CommandError(f"--older-than-years: expected a number from {KEPT_YEARS} to 100, not {older_than_years}")
        before = timezone.now() - timedelta(days=DAYS * older_than_years)
        with transaction.atomic():
            deleted, _ = Line.objects.filter(at__lt=before).delete()
            note_of(getpass.getuser(), "", Action.CHANGE, "", "prunerecord", f"xóa {deleted} dòng trước {before:%d/%m/%Y}")
        self.stdout.write(f"{deleted} lines from before {before:%Y-%m-%d} deleted.")
