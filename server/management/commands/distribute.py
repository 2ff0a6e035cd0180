"""`distribute`: are the tables ready to be spread over several machines, and where Citus is installed, spread them."""

from django.core.management.base import CommandError, CommandParser
from django.db import connection, transaction

from server import distribution
from server.management.prepared import PreparedCommand

ABSENT = (
    "Citus is not installed in this database: nothing was changed. It is an extension of PostgreSQL, for those whom one machine does "
    "not carry any more; docs/scaling.md says when that is, and what comes first."
)


class Command(PreparedCommand):
    """Checks the schema, and distributes it where that is possible."""

    help = "Check that every table that grows can be distributed by unit, and distribute them where the Citus extension is present."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether only to say what would be done."""
        parser.add_argument("--dry-run", action="store_true", help="print the statements and change nothing")

    def handle(self, *args: object, dry_run: bool, **options: object) -> None:
        """Says what it found and did. Raises CommandError where a growing table cannot be distributed."""
        obstacles = list(distribution.obstacles())
        if obstacles:
            raise CommandError("These tables grow and cannot be distributed by unit:\n  " + "\n  ".join(map(str, obstacles)))
        self.stdout.write(f"{len(distribution.growing())} tables grow; unit_id is in every unique key of each.")
        possible = distribution.is_possible()
        statements = distribution.statements(distribution.spread() if possible else set())
        if dry_run:
            self.stdout.write("".join(f"{statement};\n" for statement in ("BEGIN", *statements, "COMMIT")))
        elif not possible:
            self.stdout.write(ABSENT)
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            self.stdout.write(f"{max(0, len(statements) - 1)} tables were distributed or copied to every machine.")
