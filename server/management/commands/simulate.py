"""`simulate`: a country of invented votes, to see and to measure everything at its size."""

import re
from argparse import ArgumentTypeError
from datetime import date, timedelta

from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError, connection
from django.utils import timezone

from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar
from server.places.models import Unit
from server.results import tiers
from server.simulation import filling, people
from server.simulation.names import ALL_COMMUNES
from server.simulation.votes import quotas

A_COMMUNES_DAY = 41  # votes: 50 million a year in the whole country
WARNING = """
THESE VOTES ARE INVENTED. No kiosk cast them and no archive stands behind them: `verify` cannot vouch for them, `rebuild` would
delete them, and nobody may report them. Never do this to the database of a server in service.
"""


def amount(text: str) -> int:
    """A whole number above 0, such as 5000, 200k or 50M. Raises ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,12})([kM]?)", text)
    number = int(match[1]) * {"": 1, "k": 1000, "M": 1_000_000}[match[2]] if match else 0
    if not number:
        raise ArgumentTypeError(f"expected a number such as 5000, 200k or 50M, not {text!r}")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"expected a day such as 2026-11-25, not {text!r}") from error


class Command(PreparedCommand):
    """Fills the database with an invented country."""

    help = "Fill an empty database with invented places and votes, straight into its tables, and derive everything from them."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much, when, and whether into a database that is in use."""
        parser.add_argument("--votes", type=amount, default=2_000_000, metavar="N", help="such as 5000, 200k or 50M (default: 2M)")
        parser.add_argument("--days", type=int, default=365, metavar="N", help="(default: %(default)s)")
        parser.add_argument("--last", type=_day, metavar="DAY", help="the last day, such as 2026-11-25 (default: yesterday)")
        parser.add_argument(
            "--communes", type=int, metavar="N", help=f"up to {ALL_COMMUNES} (default: as many as vote so often, in the whole country)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same gives the same country (default: %(default)s)")
        parser.add_argument("--add", action="store_true", help="even to a database that has places already")

    def handle(
        self, *args: object, votes: int, days: int, last: date | None, communes: int | None, seed: int, add: bool, **options: object
    ) -> None:
        """Says how far it is. Raises CommandError for a database in use and for numbers that make no country."""
        communes = communes or max(1, min(ALL_COMMUNES, round(votes / days / A_COMMUNES_DAY) if days > 0 else 1))
        if not 1 <= communes <= ALL_COMMUNES or not 1 <= days <= 3660:
            raise CommandError(f"--communes: from 1 to {ALL_COMMUNES}; --days: from 1 to 3660")
        if Unit.objects.exists() and not add:
            raise CommandError("This database has places already: it may be in service. For a trial that goes on, say --add.")
        self.stderr.write(self.style.WARNING(WARNING))
        first = (last or timezone.localdate() - timedelta(days=1)) - timedelta(days=days - 1)
        country = people.invent(seed, communes, first, days)
        try:
            by_day = quotas(country, first, days, votes)
        except ValueError as error:
            raise CommandError("--days, --last: no working day is among them") from error
        try:
            filling.keep_places(country, first, timezone.now())
        except IntegrityError as error:
            raise CommandError("These places are there already: choose another --seed.") from error
        with progress_bar("votes") as progress:
            filling.keep_days(seed, country, by_day, progress)
        with progress_bar("days of units summed up") as progress:
            tiers.refresh(progress)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{votes} votes of {communes} communes on {len(by_day)} days, {first} to {max(by_day)}.")
