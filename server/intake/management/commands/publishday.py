"""`publishday`: the daily hash over all ledgers' heads, for the public page."""

from datetime import date, timedelta

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.intake.models import Batch, PublishedDay
from server.intake.publish import TooEarlyError, publish, published
from server.management.prepared import PreparedCommand
from server.management.words import a_day


class Command(PreparedCommand):
    """Publishes a day; run it once a night."""

    help = "Publish the hash over all ledgers' heads at the end of a day (default: yesterday). What is published stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day."""
        parser.add_argument("--day", type=a_day, metavar="YYYY-MM-DD", help="(default: yesterday)")

    def handle(self, *args: object, day: date | None, **options: object) -> None:
        """Prints the day's hash. Raises CommandError when the day is not over."""
        now = timezone.now()
        day = day or timezone.localdate(now) - timedelta(days=1)
        try:
            made = publish(day, now)
        except TooEarlyError as error:
            raise CommandError(f"{day} is not over yet; it can be published ten minutes after midnight.") from error
        days = list(published([day]))
        self.stdout.write(f"{day}: {made} units published.{'' if made else _why_none(day, already=bool(days))}")
        for one in days:
            self.stdout.write(f"{one.digest}  {one.units} units")


def _why_none(day: date, *, already: bool) -> str:
    if already:
        return " It was published before, and stays as it is."
    if not Batch.objects.exists():
        return " The archive is empty: no kiosk has sent anything yet."
    later = PublishedDay.objects.order_by("day").last()
    if later is not None and later.day > day:
        return f" {later.day} is published already, and with it what came before."
    return " No ledger grew since the day published before."
