"""`verify`: walks every chain in the archive, the votes, what came by the form and what the office wrote, and compares the archive
with what was published.
"""

from datetime import date
from itertools import chain

from django.core.management.base import CommandError, CommandParser

from server.comments.verify import by_form, by_office, came
from server.intake.models import PublishedDay
from server.intake.verify import chains, counted_twice, days
from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar
from server.management.words import a_day


class Command(PreparedCommand):
    """Names every gap, fork and changed byte."""

    help = "Walk every ledger in the archive and name each gap, fork, changed byte and wrong signature; exit code 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """A day instead of everything."""
        parser.add_argument("--day", type=a_day, metavar="YYYY-MM-DD", help="only what was published on that day")

    def handle(self, *args: object, day: date | None, **options: object) -> None:
        """Raises CommandError when something does not hold, or nothing was published on the day."""
        if day and not PublishedDay.objects.filter(day=day).exists():
            raise CommandError(f"{day}: nothing was published on this day.")
        found = 0
        with progress_bar("batches") as progress:
            for fault in days(day) if day else chain(chains(progress), counted_twice(), by_form(), by_office(), days(None)):
                self.stdout.write(str(fault))
                found += 1
        if not day and (by_forms := came()).comments:
            self.stdout.write(f"{by_forms.comments} comments by the form; the votes of {by_forms.without_vote} have not come.")
        if found:
            raise CommandError(f"{found} faults.")
        self.stdout.write("All holds.")
