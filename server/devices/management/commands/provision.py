"""`provision COUNTER --server URL --out FOLDER`: what a kiosk needs to take votes before its first contact."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.devices.provisioning import Provision, certificates, provision, server_address
from server.management.prepared import PreparedCommand
from server.places.models import Counter


class Command(PreparedCommand):
    """Makes a folder for each counter; it holds a secret, and belongs on that counter's kiosk and nowhere else."""

    help = "Make a counter's provisioning folder (kiosk.toml, roster, certificates): with it a kiosk enrols by itself within 14 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which counters, which server, where to."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("counter", nargs="?", metavar="COUNTER", help="id of the counter, such as c-7Q2K9XVT")
        which.add_argument("--unit", metavar="ID", help="all counters of the unit, such as u-7Q2K9XVT")
        parser.add_argument(
            "--server",
            default=settings.ADDRESS or None,
            required=not settings.ADDRESS,
            metavar="URL",
            help="this server's address as kiosks reach it, https://… (default: HAILONG_ADDRESS)",
        )
        parser.add_argument(
            "--ca",
            type=Path,
            default=settings.AUTHORITIES,
            metavar="FILE",
            help="certificates (PEM) that kiosks trust instead of the system's (default: HAILONG_CA)",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the folders are made, one for each counter")

    def handle(
        self, *args: object, counter: str | None, unit: str | None, server: str, ca: Path | None, out: Path, **options: object
    ) -> None:
        """Raises CommandError for an unknown counter or unit, a wrong address or certificate, a folder that cannot be made."""
        chosen = Counter.objects.select_related("unit").filter(**({"unit": unit} if unit else {"pk": counter}))
        if not chosen:
            raise CommandError(f"Không có quầy {counter}." if counter else f"Không có đơn vị {unit}, hoặc đơn vị chưa có quầy.")
        given = Provision(_address(server), _certificates(ca))
        for each in chosen:
            try:
                folder = provision(each, given, out, timezone.now())
            except FileExistsError as error:
                raise CommandError(f"{error.filename} đã có. Xin chọn --out khác, hoặc xóa thư mục đó, rồi chạy lại.") from error
            except OSError as error:
                raise CommandError(f"{error.filename or out}: {error.strerror}") from error
            self.stdout.write(f"{folder}  {each}; dùng một lần, trong 14 ngày")


def _address(server: str) -> str:
    try:
        return server_address(server)
    except ValueError as error:
        raise CommandError("--server: expected an address such as https://hailong.tinh.gov.vn") from error


def _certificates(file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"--ca: {file} holds no certificates in PEM: {error}") from error
