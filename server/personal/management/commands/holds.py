"""`holds`: whether something sealed is anywhere: what an erasure is checked with."""

import re
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from server.management.prepared import PreparedCommand
from server.personal.where import look_for


class Command(PreparedCommand):
    """Looks at every value of the database, and at the files of any folders."""

    help = "Say where something sealed is, by its SHA-256; exit code 1 if it was erased and is there all the same."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where else to look."""
        parser.add_argument("sha256", help="of the sealed bytes")
        parser.add_argument("--in", dest="folders", type=Path, nargs="*", default=[], metavar="FOLDER", help="look at all files in it, too")

    def handle(self, *args: object, sha256: str, folders: list[Path], **options: object) -> None:
        """Raises CommandError for a wrong name, a folder that is not there, and where erased bytes are still there."""
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise CommandError(f"Not 64 lower-case hex characters: {sha256}")
        for folder in folders:
            if not folder.exists():
                raise CommandError(f"There is no {folder}.")
        found = look_for(sha256, folders)
        if found.erasure is not None:
            self.stdout.write(f"Erased {found.erasure.at:%Y-%m-%d %H:%M} UTC by {found.erasure.who}: {found.erasure.because}")
        elif found.erased:
            self.stdout.write("Erased; the register's line is damaged.")
        else:
            self.stdout.write("Not erased.")
        for name in found.named or ["nothing here"]:
            self.stdout.write(f"Named by: {name}")
        self.stdout.write(f"{found.looked_at} values of the database were looked at.")
        for place in found.places:
            self.stdout.write(f"The bytes are in {place}.")
        for kiosk in found.kiosks:
            when = "deletes its file at its next exchange" if found.erased else "may hold its file for 30 days"
            self.stdout.write(f"Kiosk {kiosk} {when}.")
        if not found.places:
            self.stdout.write("The bytes are nowhere that was looked at.")
        if found.erased and found.places:
            raise CommandError("It was erased, but its bytes are there: run `applyerasures`, and remove files that hold it.")
