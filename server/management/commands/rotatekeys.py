"""`rotatekeys`: the next signing and sealing key, in force at once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from server import keys


class Command(BaseCommand):
    """Changes the server's keys. Kiosks come over by themselves, however long they are away."""

    help = "Change the server's signing and sealing keys; kiosks follow by themselves. Back up the keys folder afterwards."

    def handle(self, *args: object, **options: object) -> None:
        """Prints the new keys. Raises CommandError when they cannot be made."""
        try:
            change = keys.rotate(settings.KEYS, timezone.now())
        except keys.RotationError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The keys cannot be made in {settings.KEYS}: {error.strerror}") from error
        self.stdout.write(f"signing key {change.signing_key}\nsealing key {change.sealing_key}")
        self.stdout.write(
            f"in force since {change.at}. Back up {settings.KEYS} now: the former signing key is gone, and cannot sign again."
        )
