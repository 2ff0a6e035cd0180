"""`pin OFFICER`: with what an officer signs in at the counter."""

import getpass
import sys

from django.core.management.base import CommandError, CommandParser

from server.management.prepared import PreparedCommand
from server.places.models import Officer
from server.places.pins import BadPin, hashed


class Command(PreparedCommand):
    """Sets a PIN, or takes it away; the kiosks of the unit hear of it at their next exchange."""

    help = "Set the PIN with which an officer signs in at the counter: 4 to 6 digits, asked for. Nobody can read it again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where the PIN comes from."""
        parser.add_argument("officer", metavar="OFFICER", help="id of an officer, such as o-7Q2K9XVT")
        parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input instead of the terminal")
        parser.add_argument("--remove", action="store_true", help="the officer can no longer sign in at the counter")

    def handle(self, *args: object, officer: str, pin_stdin: bool, remove: bool, **options: object) -> None:
        """Raises CommandError when the officer is unknown, or the PIN is not acceptable."""
        found = Officer.objects.filter(pk=officer)
        if not found:
            raise CommandError(f"There is no officer {officer}. See the officers' page of the administration.")
        try:
            stored = "" if remove else hashed(sys.stdin.readline().strip() if pin_stdin else _asked())
        except BadPin as bad:
            raise CommandError(str(bad)) from bad
        found.update(pin=stored)
        self.stdout.write(f"{found[0].name}: {'no PIN any more' if remove else 'the PIN is set'}.")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the PIN. Use --pin-stdin.")
    pin = getpass.getpass("PIN: ")
    if getpass.getpass("Again: ") != pin:
        raise CommandError("The two PINs differ.")
    return pin
