"""`enrolcode --counter ID`: a new enrolment code for a counter."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.devices.authority import told
from server.devices.enrolment import new_code
from server.management.prepared import PreparedCommand
from server.places.history import going_on
from server.places.models import Counter, Unit


class Command(PreparedCommand):
    """Prints the code and how long it is good."""

    help = "Make a one-time enrolment code for a counter; without --counter, list the counters."

    def add_arguments(self, parser: CommandParser) -> None:
        """The counter's id."""
        parser.add_argument("--counter", metavar="ID", help="id of the counter, such as c-7Q2K9XVT")

    def handle(self, *args: object, counter: str | None, **options: object) -> None:
        """Raises CommandError with the list of counters when the id is missing, unknown, or of a unit that has ended."""
        open_ones = Counter.objects.select_related("unit").filter(unit__in=going_on(Unit.objects.all()))
        found = open_ones.filter(pk=counter).first()
        if found is None:
            counters = "\n".join(f"  {c.id}  {c}" for c in open_ones.order_by("unit__name", "name"))
            fault = f"Không có quầy {counter}." if counter else "Quầy nào? Xin thêm --counter MÃ_QUẦY."
            raise CommandError(f"{fault} Các quầy:\n{counters or '  chưa có; thêm ở trang Quản trị'}")
        self.stdout.write(f"{told(new_code(found, timezone.now()))}  {found}; dùng một lần, trong 24 giờ")
