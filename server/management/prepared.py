"""Commands that bring the database up to date before they use it, so that any of them may be the first."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from server import faults, settings
from server.places.history import take_effect


def prepare() -> None:
    """Bring the database up to date, and the units whose new name or parent has begun.

    Raises CommandError when PostgreSQL cannot be reached, django.db.Error."""
    faults.reach(settings.ENVIRONMENT)
    call_command("migrate", interactive=False, verbosity=0)
    take_effect()


class PreparedCommand(BaseCommand):
    """A command that migrates first."""

    def execute(self, *args: Any, **options: Any) -> str | None:  # noqa: ANN401 as Django hands them on
        """Migrate, then do what the command does."""
        prepare()
        return super().execute(*args, **options)
