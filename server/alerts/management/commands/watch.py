"""`watch`: looks for what deserves an alert."""

from django.utils import timezone

from server.alerts.watching import look
from server.management.prepared import PreparedCommand
from server.places.models import Unit


class Command(PreparedCommand):
    """Looks at all units; run it every five minutes."""

    help = "Look at all units now: alerts begin with their causes and end with them."

    def handle(self, *args: object, **options: object) -> None:
        """Prints how many alerts began and ended."""
        outcome = look(Unit.objects.all(), timezone.now())
        self.stdout.write(f"{outcome.began} alerts began, {outcome.ended} ended.")
