"""`openapi`: the description of the calls for other systems."""

from django.core.management.base import BaseCommand

from server.calls import CALLS
from server.tokens.description import document


class Command(BaseCommand):
    """What the server gives at /api/v1/openapi.json; no database is asked."""

    help = "Print the OpenAPI description of the API for other systems, as docs/openapi.json has it."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Prints the document."""
        self.stdout.write(document(CALLS).decode(), ending="")
