"""`retain`: the night's run that erases what no rule keeps any longer."""

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.management.prepared import PreparedCommand
from server.personal.erasing import carry_out_the_rest, unfinished
from server.personal.retaining import all_due, let_go


class Command(PreparedCommand):
    """Carries out erasures that broke off, then erases what is due; run it once a night."""

    help = "Erase what citizens wrote and no rule keeps any longer, and carry out erasures that broke off. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only look."""
        parser.add_argument("--dry-run", action="store_true", help="list the SHA-256 of what is due and its rule; erase nothing")

    def handle(self, *args: object, dry_run: bool, **options: object) -> None:
        """Prints how much was erased. Raises CommandError where the register cannot be written."""
        now = timezone.now()
        if dry_run:
            for ordered in unfinished():
                for sealed, _, _ in ordered.things:
                    self.stdout.write(f"{sealed} {ordered.unit_id} ordered {ordered.at:%Y-%m-%d}, not carried out")
            for one in all_due(now):
                for thing in one.things:
                    self.stdout.write(f"{thing.sealed} {one.unit_id} {one.rule}")
            return
        try:
            behind = len(unfinished())
            again = carry_out_the_rest(now)
            orders = let_go(all_due(now), now)
        except OSError as error:
            raise CommandError(f"The register of erasures cannot be written; what is due stays until the next run.\n{error}") from error
        if behind or again:
            self.stdout.write(f"{behind} erasures that broke off were carried out; {again} bytes that had come back were deleted.")
        self.stdout.write(f"{sum(len(one.things) for one in orders)} erased by rule. Each kiosk deletes its file at its next exchange.")
