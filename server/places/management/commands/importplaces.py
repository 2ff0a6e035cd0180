"""`importplaces FILE`: tries what a workbook or CSV file of units, counters and officers would do; with --apply does it."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from server.management.prepared import PreparedCommand
from server.places.models import Unit
from server.places.sheets.applying import apply, lock
from server.places.sheets.columns import TABLES
from server.places.sheets.draft import What
from server.places.sheets.known import Known
from server.places.sheets.planning import planned
from server.places.sheets.reading import read
from server.spreadsheets.unpacking import UnreadableError
from sync.wire import sha256


class Command(PreparedCommand):
    """Everything in the file, or nothing."""

    help = "Try what a table of units, counters and officers (.xlsx or .csv, as exportplaces writes it) would do; --apply does it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and whether to do it."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--apply", action="store_true", help="do it; without this nothing is changed")

    def handle(self, *args: object, file: Path, apply: bool, **options: object) -> None:
        """Prints each faulty row and what would be done. Raises CommandError where anything is wrong with the file."""
        try:
            body = file.read_bytes()
            with transaction.atomic():
                lock()
                self._import(file.name, body, apply)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableError as unreadable:
            raise CommandError(f"{file}: {unreadable}") from unreadable

    def _import(self, name: str, body: bytes, really: bool) -> None:
        draft = planned(read(name, body), Known(Unit.objects.all(), everything=True))
        for table in TABLES:
            made, changed, kept = (draft.count(table, what) for what in What)
            self.stdout.write(f"{table.name}: {made} new, {changed} changed, {kept} as they are")
        if draft.faults:
            rows = [f"  {one.sheet}, row {one.row}, {one.column or '–'}: {one.wrong}. {one.mend}" for one in draft.faults]
            raise CommandError("\n".join([f"{len(draft.faults)} faults, so nothing was changed:", *rows]))
        if really:
            apply(draft, "command importplaces", "", sha256(body))
        self.stdout.write("Done." if really else "Nothing was changed. Run it again with --apply to do this.")
