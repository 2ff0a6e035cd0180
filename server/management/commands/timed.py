"""`timed night|watch|restoretest`: what systemd's timers run."""

from typing import get_args

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.timers.notes import Timer
from server.timers.steps import run


class Command(BaseCommand):
    """Does every step of a timer and notes how it went."""

    help = "What the timers run: the steps of the night, of every five minutes, of the weekly restore test. `check` tells how it went."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        parser.add_argument("timer", choices=get_args(Timer))

    def handle(self, *args: object, timer: Timer, **options: object) -> None:
        """Raises CommandError when a step failed, after all others were done."""
        done = run(timer, self.stdout.write)
        if done.faults:
            raise CommandError(f"Failed: {', '.join(done.faults)}. See `check`.")
