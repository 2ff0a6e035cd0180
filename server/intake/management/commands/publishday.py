"""`publishday`: the daily hash over all ledgers' heads, for the public page."""

from datetime import date, timedelta

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.intake.publish import TooEarlyError, publish, published
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Publishes a day; run it once a night."""

    help = "Publish the hash over all ledgers' heads at the end of a day (default: yesterday). What is published stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day."""
        parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="(default: yesterday)")

    def handle(self, *args: object, day: date | None, **options: object) -> None:
        """Prints the day's hash. Raises CommandError when the day is not over."""
        now = timezone.now()
        day = day or timezone.localdate(now) - timedelta(days=1)
        try:
            made = publish(day, now)
        except TooEarlyError as error:
            raise CommandError(f"{day} is not over yet; it can be published ten minutes after midnight.") from error
        self.stdout.write(f"{day}: {made} units published.")
        for one in published([day]):
            self.stdout.write(f"{one.digest}  {one.units} units")
