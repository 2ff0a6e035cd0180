"""`exportplaces FILE`: units, counters and officers as a workbook, or one of the tables as CSV."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from server.management.prepared import PreparedCommand
from server.places.models import Unit
from server.places.sheets import exporting, writing
from server.places.sheets.columns import TABLES
from server.places.sheets.known import Known
from server.record.keeping import Action, note_of


class Command(PreparedCommand):
    """What `importplaces` reads again. Photos and PINs are not in it."""

    help = "Export all units, counters and officers: to FILE.xlsx, or with --table one of them to FILE.csv."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and what of it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="made anew: .xlsx or .csv")
        parser.add_argument("--table", choices=[table.key for table in TABLES], help="which of the tables, for .csv")

    def handle(self, *args: object, file: Path, table: str | None, **options: object) -> None:
        """Raises CommandError for another kind of file, or one that cannot be written."""
        wanted = next((one for one in TABLES if one.key == table), None)
        if file.suffix.lower() not in (".xlsx", ".csv") or (file.suffix.lower() == ".csv") != (wanted is not None):
            raise CommandError("FILE: expected a name that ends in .xlsx, or in .csv together with --table units, counters or officers")
        rows = exporting.tables(Known(Unit.objects.all(), everything=True))
        body = writing.comma_separated(wanted, rows[wanted.key]) if wanted else writing.workbook(rows)
        try:
            file.write_bytes(body)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        told = {one.key: len(rows[one.key]) for one in TABLES if wanted in (None, one)}
        words = ", ".join(f"{count} {key}" for key, count in told.items())
        note_of("command exportplaces", "", Action.EXPORT, "", "places", words)
        self.stdout.write(f"{file}: {words}.")
