"""Commands that bring the database up to date before they use it, so that any of them may be the first."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class PreparedCommand(BaseCommand):
    """A command that migrates first."""

    def execute(self, *args: Any, **options: Any) -> str | None:  # noqa: ANN401 as Django hands them on
        """Migrate, then do what the command does."""
        call_command("migrate", verbosity=0)
        return super().execute(*args, **options)
