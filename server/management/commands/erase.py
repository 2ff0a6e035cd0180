"""`erase`: a citizen withdraws consent, or a comment may not be kept: its bytes vanish, and stay away."""

import getpass
import re
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.cases.models import Case, Paper
from server.comments.erasure import StillReadError, erase
from server.comments.named import hashes_of, is_known
from server.management.prepared import PreparedCommand
from server.management.words import a_vote


class Command(PreparedCommand):
    """Erases comments by name, or those of a vote."""

    help = "Erase written comments here, on the kiosks, and in every backup that is restored later. This cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, why, and who says so."""
        parser.add_argument("sha256", nargs="*", help="the SHA-256 of the sealed bytes")
        parser.add_argument("--vote", type=a_vote, metavar="ID", help="the comments written with this vote, and what its case holds")
        parser.add_argument("--because", required=True, help="the request or rule, such as a file number; kept, so without personal data")
        parser.add_argument("--who", default=getpass.getuser(), help="who decided (default: %(default)s)")

    def handle(self, *args: object, sha256: list[str], vote: UUID | None, because: str, who: str, **options: object) -> None:
        """Raises CommandError for a wrong or missing name, an unwritable register, a database that keeps bytes for a reader."""
        wrong = [name for name in sha256 if not re.fullmatch("[0-9a-f]{64}", name)]
        if wrong:
            raise CommandError(f"Not 64 lower-case hex characters: {', '.join(wrong)}")
        named = [*hashes_of(vote), *_papers_of(vote)] if vote else []
        if vote and not named:
            raise CommandError(f"No archived entry, and nothing that came by the form, names a comment with the vote {vote}.")
        hashes = sorted({*sha256, *named})
        if not hashes:
            raise CommandError("Name what to erase: the SHA-256 of sealed bytes, or --vote ID.")
        strange = [sealed for sealed in hashes if not is_known(sealed)]
        try:
            held = erase(hashes, who=who, because=because, at=timezone.now())
        except OSError as error:
            raise CommandError(f"The register of erasures cannot be written; nothing was erased.\n{error}") from error
        except StillReadError as error:
            raise CommandError("Erased, but the write-ahead log is still being read; run `applyerasures` in a quiet minute.") from error
        for sealed in strange:
            self.stdout.write(f"{sealed}: no comment here has this digest. It is registered all the same; check it for a typing error.")
        self.stdout.write(f"{len(hashes)} registered, {held} deleted here. Each kiosk deletes its file at its next exchange.")
        self.stdout.write("Backups, and databases that `restore` kept as …before…, still hold the sealed bytes until they are removed.")


def _papers_of(vote: UUID) -> list[str]:
    """The hashes of what belongs to the case about a vote: notes, files, how to reach the citizen."""
    found: list[str] = []
    for unit_id, case in Case.objects.filter(vote=vote).values_list("unit_id", "id"):
        found += Paper.objects.filter(unit_id=unit_id, case=case).values_list("sealed", flat=True)
    return found
