"""`report`: the report of a unit and a period as files, without the server."""

from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.management.prepared import PreparedCommand
from server.management.progress import progress_bar
from server.management.words import a_day
from server.places.models import Unit
from server.record.keeping import Action, note_of
from server.reports.making import DOCX, XLSX, write
from server.reports.sound import UnsoundError
from server.results.api.asking import KINDS
from server.results.period import Kind, Period, containing


def a_period(text: str) -> Period:
    """A period such as month:2026-11-01: day, week, month, quarter or year, and any day in it. Raises ArgumentTypeError."""
    name, _, day = text.partition(":")
    kinds = {str(said): kind for said, kind in KINDS.items() if kind is not Kind.SPAN}
    if name not in kinds:
        raise ArgumentTypeError(f"expected {', '.join(kinds)} and a day in it, such as month:2026-11-01, not {text!r}")
    return containing(kinds[name], a_day(day))


class Command(PreparedCommand):
    """Writes a report's files."""

    help = "Write the official report of a unit and a period as a Word file, an Excel file, or both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, of when, and where to."""
        parser.add_argument("unit", metavar="UNIT", help="its id, such as u-7Q2K9XVT")
        parser.add_argument("period", metavar="PERIOD", type=a_period, help="such as month:2026-11-01, quarter:2026-10-01, day:2026-11-25")
        parser.add_argument("--word", type=Path, metavar="FILE", help="write the Word file (.docx) here")
        parser.add_argument("--excel", type=Path, metavar="FILE", help="write the Excel file (.xlsx) here")

    def handle(self, *args: object, unit: str, period: Period, word: Path | None, excel: Path | None, **options: object) -> None:
        """Raises CommandError for no such unit, nowhere to write, or figures that contradict each other."""
        wanted = {form: path for form, path in ((DOCX, word), (XLSX, excel)) if path}
        if not wanted:
            raise CommandError("Say where to write: --word FILE, --excel FILE, or both.")
        found = Unit.objects.select_related("parent").filter(pk=unit).first()
        if found is None:
            raise CommandError(f"There is no unit {unit}.")
        try:
            with progress_bar("steps") as progress:
                made = write(found, period, timezone.now(), progress)
        except UnsoundError as unsound:
            raise CommandError(f"The figures in the database contradict each other, so there is no report: {unsound}") from unsound
        for form, path in wanted.items():
            try:
                path.write_bytes(made.files[form])
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}") from error
            note_of("report", "", Action.EXPORT, found.pk, f"{period}.{form}", "report written by command")
            self.stdout.write(f"{path}: {len(made.files[form])} bytes")
