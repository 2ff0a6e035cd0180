"""`quarantine`: the lines that could not be interpreted, and what a person decides about them."""

import getpass

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.intake.clock import instant
from server.intake.decisions import Line, decide, quarantined, refold
from server.intake.models import Decision
from server.management.prepared import PreparedCommand

SHOWN = 300


class Command(PreparedCommand):
    """Lists them, or keeps a decision; what is accepted is folded in as soon as it can be."""

    help = "List quarantined lines, accept or reject some of them, or fold in what was accepted and can be interpreted now."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of four things to do."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="list what is not rejected (default)")
        what.add_argument("--all", action="store_true", help="list what is rejected too")
        what.add_argument("--accept", nargs="+", metavar="LEDGER:SEQ", help="fold these in as soon as they can be")
        what.add_argument("--reject", nargs="+", metavar="LEDGER:SEQ", help="leave these out")
        what.add_argument("--refold", action="store_true", help="fold in what was accepted before and can be interpreted now")
        parser.add_argument("--who", default="", help="whose decision it is (default: the name of the login)")

    def handle(self, *args: object, accept: list[str] | None, reject: list[str] | None, refold: bool, who: str, **options: object) -> None:
        """Raises CommandError for a line that is not in quarantine; the decisions about the others hold."""
        unknown: list[Line] = []
        if accept or reject:
            verdict = Decision.Verdict.ACCEPT if accept else Decision.Verdict.REJECT
            unknown = decide(map(_line, accept or reject or []), verdict, who or getpass.getuser(), timezone.now())
        if accept or refold:
            self._refold()
        elif not reject:
            self._list(everything=bool(options["all"]))
        if unknown:
            raise CommandError("Not in quarantine: " + ", ".join(f"{line.ledger}:{line.seq}" for line in unknown))

    def _refold(self) -> None:
        folded = refold(timezone.now())
        for line in folded:
            self.stdout.write(f"{line.ledger}:{line.seq}  folded in")
        left = sum(verdict == Decision.Verdict.ACCEPT for _, verdict in quarantined())
        if left:
            self.stdout.write(f"{left} accepted, and not to be interpreted yet")

    def _list(self, *, everything: bool) -> None:
        shown = 0
        for row, verdict in quarantined():
            if everything or verdict != Decision.Verdict.REJECT:
                text = bytes(row.line).decode("utf-8", "backslashreplace")[:SHOWN]
                said = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
                at = f"{instant(row.at):%Y-%m-%d %H:%M:%S} UTC"
                self.stdout.write(f"{row.ledger}:{row.seq}  {row.unit_id}  {at}  {row.reason}  [{verdict or 'open'}]\n    {said}")
                shown += 1
        self.stdout.write(f"{shown} in quarantine")


def _line(text: str) -> Line:
    ledger, _, seq = text.rpartition(":")
    if not ledger or not seq.isdecimal() or len(seq) > 16:
        raise CommandError(f"expected LEDGER:SEQ, not {text!r}")
    return Line(ledger, int(seq))
