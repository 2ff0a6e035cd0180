"""`release add FILE.deb`, `release list`, `release stage VERSION`, `release withdraw VERSION`: versions of the kiosk's program."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from server.management.prepared import PreparedCommand
from server.releases.fleet import fared
from server.releases.keeping import NotTakenError, Stage, add, stage
from server.releases.models import Release


class Command(PreparedCommand):
    """What the page does, and taking a version in, which it does not."""

    help = "Keep versions of the kiosk's program: add a signed package, offer it to the kiosks that try first, then to all; withdraw it."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, with which version."""
        actions = parser.add_subparsers(dest="action", required=True)
        one = actions.add_parser("add", help="take a package in; SHA256SUMS and SHA256SUMS.sig lie beside it. It is offered to nobody yet")
        one.add_argument("package", type=Path, metavar="FILE.deb")
        one.add_argument("--notes", default="", metavar="TEXT", help="what is new, for the page")
        actions.add_parser("list", help="all versions, for whom they are, and how they fared")
        one = actions.add_parser("stage", help="one step on: to the kiosks that try first, or from there to all")
        one.add_argument("version", metavar="VERSION")
        one.add_argument("--to", choices=[Stage.CANARY.value, Stage.STABLE.value], help="where to (default: the next)")
        one.add_argument("--without-proof", action="store_true", help="to all, though no kiosk has tried it")
        one = actions.add_parser("withdraw", help="offer it no more; kiosks that have it keep it")
        one.add_argument("version", metavar="VERSION")

    def handle(self, *args: object, action: str, **options: object) -> None:
        """Raises CommandError with what stands against it."""
        now = timezone.now()
        try:
            if action == "add":
                release = add(Path(str(options["package"])), str(options["notes"]), now)
            elif action == "withdraw":
                release = stage(str(options["version"]), Stage.WITHDRAWN, now)
            elif action == "stage":
                version = str(options["version"])
                release = stage(version, str(options["to"] or _next(version)), now, without_proof=bool(options["without_proof"]))
            else:
                for each in Release.objects.all():
                    self._say(each)
                return
        except NotTakenError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self._say(release)

    def _say(self, release: Release) -> None:
        how = fared(release.version)
        counts = f"{how.running} running, {how.trying} trying, {how.failed} failed"
        self.stdout.write(f"{release.version}  {release.stage}  since {timezone.localtime(release.staged_at):%Y-%m-%d %H:%M}  {counts}")


def _next(version: str) -> str:
    return Stage.STABLE if Release.objects.filter(pk=version, stage=Stage.CANARY).exists() else Stage.CANARY
