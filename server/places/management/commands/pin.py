"""`pin OFFICER` or `pin UNIT`: with what an officer signs in at the counter, or a technician opens the technician's screen."""

from django.core.management.base import CommandError, CommandParser

from server.management.asking import asked
from server.management.prepared import PreparedCommand
from server.places.models import Officer, Unit
from server.places.pins import BadPin, hashed
from server.screens.models import Screens
from server.screens.publish import publish
from sync.pins import MOST_DIGITS, MOST_DIGITS_OF_A_TECHNICIAN


class Command(PreparedCommand):
    """Sets a PIN, or takes it away; the kiosks of the unit hear of it at their next exchange."""

    help = (
        "Set the PIN with which an officer signs in at the counter (4 to 6 digits), or with which a technician opens the technician's "
        "screen on the kiosks of a unit and of those below it (4 to 8 digits). It is asked for. Nobody can read it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where the PIN comes from."""
        parser.add_argument("whose", metavar="OFFICER|UNIT", help="id of an officer, such as o-7Q2K9XVT, or of a unit, such as u-7Q2K9MAB")
        parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input instead of the terminal")
        parser.add_argument("--remove", action="store_true", help="take the PIN away; a unit then has that of the unit above, if any")

    def handle(self, *args: object, whose: str, pin_stdin: bool, remove: bool, **options: object) -> None:
        """Raises CommandError when there is no such officer or unit, or the PIN is not acceptable."""
        officer, unit = Officer.objects.filter(pk=whose).first(), Unit.objects.filter(pk=whose).first()
        if officer is None and unit is None:
            raise CommandError(f"Không có cán bộ hay đơn vị mang mã {whose}. Mã (o-… hoặc u-…) ở trang của cán bộ, đơn vị, trong Quản trị.")
        try:
            typed = "" if remove else asked("pin", from_stdin=pin_stdin).strip()
            stored = "" if remove else hashed(typed, MOST_DIGITS if officer else MOST_DIGITS_OF_A_TECHNICIAN)
        except BadPin as bad:
            raise CommandError(str(bad)) from bad
        if officer is not None:
            Officer.objects.filter(pk=whose).update(pin=stored)
        if unit is not None:
            Screens.objects.update_or_create(unit=unit, defaults={"technician": stored})
            publish(unit)
        who = officer.name if officer else f"kỹ thuật viên ở {unit}"
        self.stdout.write(f"{'Đã bỏ' if remove else 'Đã đặt'} mã PIN: {who}.")
