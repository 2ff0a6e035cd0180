"""`check`: how this installation is, in plain words. With any option of Django's own `check`, such as --deploy, it is that."""

from collections import Counter
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.check import Command as DjangoCheck
from django.utils import timezone

from server.condition.findings import Finding, Level
from server.condition.looking import look

_SIGNS = {Level.OK: "  tốt  ", Level.WARN: "xem lại", Level.BAD: "  LỖI  "}
_DJANGO = ("tags", "list_tags", "deploy", "databases", "fail_level")


class Command(DjangoCheck):
    """Exit code 1 when something is bad; what is only to be seen to does not count."""

    help = "How this installation is, from its database to its kiosks, and what to mend. With --deploy or other options: Django's checks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's, and --json."""
        super().add_arguments(parser)
        parser.set_defaults(fail_level=None)
        parser.add_argument("--json", action="store_true", help="one JSON object, for monitoring")

    def handle(self, *app_labels: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        """Raises SystemExit with 1 when something is bad."""
        if app_labels or any(options[name] for name in _DJANGO):
            options["fail_level"] = options["fail_level"] or "ERROR"
            super().handle(*app_labels, **options)
            return
        found = list(look(settings.ENVIRONMENT, timezone.now()))
        worst = Counter(one.level for one in found)
        if options["json"]:
            level = next((level for level in (Level.BAD, Level.WARN) if worst[level]), Level.OK)
            self.stdout.write(msgspec.json.encode({"level": level, "findings": found}).decode())
        else:
            self._tell(found)
        if worst[Level.BAD]:
            raise SystemExit(1)

    def _tell(self, found: list[Finding]) -> None:
        for one in found:
            self.stdout.write(f"[{_SIGNS[one.level]}] {one.words}")
            if one.advice:
                self.stdout.write(f"          → {one.advice}")
        counted = Counter(one.level for one in found)
        self.stdout.write(f"\n{counted[Level.BAD]} lỗi, {counted[Level.WARN]} điều cần xem lại, {counted[Level.OK]} điều tốt.")
