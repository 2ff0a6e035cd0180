"""`lookforflags`: the night's look at the days that are over."""

from datetime import date, timedelta

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.flags.looking import Span, due, look, spans_until, week
from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar
from server.management.words import a_day
from server.places.models import Unit


class Command(PreparedCommand):
    """Looks at what is over and was not looked at since votes came for it; run it once a night."""

    help = "Look for signs of staging and neglect in finished days; flags are for a person to judge, and change no count."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day."""
        parser.add_argument("--day", type=a_day, metavar="YYYY-MM-DD", help="this day and its week only (default: the last 92 days)")

    def handle(self, *args: object, day: date | None, **options: object) -> None:
        """Prints how many unit days were looked at, and how many flags these have. Raises CommandError for a day to come."""
        yesterday = timezone.localdate() - timedelta(days=1)
        if day and day > yesterday:
            raise CommandError(f"{day} is not over yet.")
        waiting = due(Unit.objects.all(), [Span(day, day), week(day)] if day else spans_until(yesterday))
        flags = 0
        with progress_bar("units' days") as progress:
            for number, (unit, span) in enumerate(waiting, 1):
                flags += len(look(unit, span))
                progress(number, len(waiting))
        self.stdout.write(f"{len(waiting)} units' days and weeks looked at; {flags} flags in these.")
