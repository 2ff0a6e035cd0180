"""`revoke DEVICE …`: refuse devices from now on, by whatever key."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.devices.models import Device
from server.devices.rotation import revoke
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Revokes; a new enrolment code puts a device back into service."""

    help = "Revoke devices: the server takes nothing from them any more; enrolling again with a new code restores one."

    def add_arguments(self, parser: CommandParser) -> None:
        """The devices' ids."""
        parser.add_argument("devices", nargs="+", metavar="DEVICE", help="id of a device, such as d-7Q2K9XVTM4")

    def handle(self, *args: object, devices: list[str], **options: object) -> None:
        """Revokes all or none. Raises CommandError when an id is unknown."""
        found = Device.objects.filter(pk__in=devices)
        unknown = sorted(set(devices) - set(found.values_list("pk", flat=True)))
        if unknown:
            raise CommandError(f"There is no device {', '.join(unknown)}; nothing was revoked. See the Devices page of the administration.")
        revoked = revoke(found, timezone.now())
        self.stdout.write(f"{revoked} revoked; {len(found) - revoked} had been before")
