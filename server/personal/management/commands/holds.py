"""`holds`: whether something sealed is anywhere: what an erasure is checked with."""

import re
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from server.management.prepared import PreparedCommand
from server.personal.where import Found, look_for


class Command(PreparedCommand):
    """Looks at every value of the database, and at the files of any folders."""

    help = "Say where something sealed is, by its SHA-256; exit code 1 if any was erased and is there all the same."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where else to look."""
        parser.add_argument("sha256", nargs="+", help="of the sealed bytes")
        parser.add_argument("--in", dest="folders", type=Path, nargs="*", default=[], metavar="FOLDER", help="look at all files in it, too")

    def handle(self, *args: object, sha256: list[str], folders: list[Path], **options: object) -> None:
        """Raises CommandError for a wrong name, a folder that is not there, and where erased bytes are still there."""
        wrong = [name for name in sha256 if not re.fullmatch("[0-9a-f]{64}", name)]
        if wrong:
            raise CommandError(f"Not 64 lower-case hex characters: {', '.join(wrong)}")
        missing = [str(folder) for folder in folders if not folder.exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)}.")
        found = look_for(sha256, folders)
        for one in found:
            self._tell(one)
        if any(one.erased and one.places for one in found):
            raise CommandError("Erased bytes are still there: run `applyerasures`, and remove the files that hold them.")

    def _tell(self, found: Found) -> None:
        self.stdout.write(f"{found.sealed}:")
        if found.erasure is not None:
            self.stdout.write(f"  erased {found.erasure.at:%Y-%m-%d %H:%M} UTC by {found.erasure.who}: {found.erasure.because}")
        else:
            self.stdout.write("  erased; the register's line is damaged" if found.erased else "  not erased")
        self.stdout.write(f"  named by {'; '.join(found.named) or 'nothing here'}")
        for place in found.places or ["nowhere that was looked at"]:
            self.stdout.write(f"  the bytes are {'in ' if found.places else ''}{place}")
        for kiosk in found.kiosks:
            self.stdout.write(
                f"  kiosk {kiosk} {'deletes its file at its next exchange' if found.erased else 'may hold its file for 30 days'}"
            )
        self.stdout.write(f"  {found.looked_at} values of the database were looked at")
