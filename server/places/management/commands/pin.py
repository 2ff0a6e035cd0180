"""`pin OFFICER` or `pin UNIT`: with what an officer signs in at the counter, or a technician opens the technician's screen."""

import secrets

from django.core.management.base import CommandError, CommandParser

from server.management.asking import asked
from server.management.prepared import PreparedCommand
from server.places.history import going_on
from server.places.models import Officer, Unit
from server.places.pins import BadPin, hashed
from server.screens.models import Screens
from server.screens.publish import levels, publish
from sync.pins import MOST_DIGITS, MOST_DIGITS_OF_A_TECHNICIAN

MOST_LISTED = 30
_MAKE = "make a technician's PIN of eight digits for a unit and print it; nothing is done and nothing printed where one holds already"


class Command(PreparedCommand):
    """Sets a PIN, or takes it away; the kiosks of the unit hear of it at their next exchange."""

    help = (
        "Set the PIN with which an officer signs in at the counter (4 to 6 digits), or with which a technician opens the technician's "
        "screen on the kiosks of a unit and of those below it (4 to 8 digits). It is asked for. Nobody can read it again. "
        "Without a name, list the units."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where the PIN comes from."""
        whose = "id of an officer, such as o-7Q2K9XVT, or of a unit, such as u-7Q2K9MAB; or a unit's name"
        parser.add_argument("whose", metavar="OFFICER|UNIT", nargs="?", default="", help=whose)
        parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input instead of the terminal")
        parser.add_argument("--remove", action="store_true", help="take the PIN away; a unit then has that of the unit above, if any")
        parser.add_argument("--make", action="store_true", help=_MAKE)

    def handle(self, *args: object, whose: str, pin_stdin: bool, remove: bool, make: bool, **options: object) -> None:
        """Raises CommandError with the list of units when there is no such officer or unit, or the PIN is not acceptable."""
        officer, unit = Officer.objects.filter(pk=whose).first(), _unit(whose)
        if make and unit is not None:
            if not levels(unit)[-1].fields.get("technician"):
                self.stdout.write(_made(unit))
            return
        if officer is None and unit is None:
            raise CommandError(_units(whose))
        try:
            typed = "" if remove else asked("pin", from_stdin=pin_stdin).strip()
            stored = "" if remove else hashed(typed, MOST_DIGITS if officer else MOST_DIGITS_OF_A_TECHNICIAN)
        except BadPin as bad:
            raise CommandError(str(bad)) from bad
        if officer is not None:
            Officer.objects.filter(pk=officer.pk).update(pin=stored)
        if unit is not None:
            _store(unit, stored)
        who = officer.name if officer else f"kỹ thuật viên ở {unit}"
        self.stdout.write(f"{'Đã bỏ' if remove else 'Đã đặt'} mã PIN: {who}. Kiosk có mạng nhận trong vài phút.")


def _unit(whose: str) -> Unit | None:
    """By id, or by a name that only one has."""
    named = list(Unit.objects.filter(pk=whose) or going_on(Unit.objects.filter(name=whose))[:2])
    return named[0] if len(named) == 1 else None


def _units(whose: str) -> str:
    there = list(going_on(Unit.objects.all()).order_by("kind", "name")[: MOST_LISTED + 1])
    lines = [f"  {unit.pk}  {unit}" for unit in there[:MOST_LISTED]]
    more = ["  … (còn nữa: trang Quản trị)"] if len(there) > MOST_LISTED else []
    fault = f"Không có cán bộ hay đơn vị nào là {whose}." if whose else "Đặt mã PIN cho đơn vị nào? Xin ghi tên hoặc mã sau chữ pin."
    return "\n".join([f"{fault} Các đơn vị:", *lines, *more])


def _made(unit: Unit) -> str:
    while True:
        digits = f"{secrets.randbelow(10**MOST_DIGITS_OF_A_TECHNICIAN):0{MOST_DIGITS_OF_A_TECHNICIAN}}"
        try:
            _store(unit, hashed(digits, MOST_DIGITS_OF_A_TECHNICIAN))
        except BadPin:  # one that anybody would try first
            continue
        return digits


def _store(unit: Unit, stored: str) -> None:
    Screens.objects.update_or_create(unit=unit, defaults={"technician": stored})
    publish(unit)
