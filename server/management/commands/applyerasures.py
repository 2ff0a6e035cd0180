"""`applyerasures`: what was erased is erased again, in a database that was restored from a backup."""

from django.core.management.base import CommandError

from server.comments.erasure import StillReadError, apply
from server.comments.register import register
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Applies the register of erasures."""

    help = "Delete every comment that the register of erasures names. Run this after the database was restored, before serving."

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError, after it deleted what it could, when the register was tampered with."""
        try:
            deleted = apply()
        except StillReadError as error:
            raise CommandError("Applied, but the write-ahead log is still being read; run this again in a quiet minute.") from error
        self.stdout.write(f"{len(register().hashes())} registered, {deleted} deleted.")
        fault = register().fault()
        if fault:
            raise CommandError(f"The register of erasures is damaged; every hash that can be read in it was applied.\n{fault}")
