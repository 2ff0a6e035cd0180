"""The Debian repository of the versions: its lists, made when they are asked for. https://wiki.debian.org/DebianRepository/Format

The same versions give the same bytes: the date is that of the last change.
"""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime

from django.conf import settings

from server import keys
from server.releases.models import Release
from server.releases.openpgp import MADE, clearsigned

Stage = Release.Stage
SUITES = {"canary": (Stage.CANARY, Stage.STABLE), "stable": (Stage.STABLE,)}
PACKAGES = "main/binary-amd64/Packages"


def in_suite(suite: str) -> list[Release]:
    """The versions for the kiosks of a suite, the newest first: former ones too, for who must go back to one by hand."""
    return list(Release.objects.filter(stage__in=SUITES[suite]).order_by("-added_at", "version"))


def packages(suite: str) -> str:
    """The list of packages."""
    return "\n".join(_stanza(release) for release in in_suite(suite))


def in_release(suite: str) -> str:
    """The signed list of lists."""
    listed = packages(suite).encode()
    changed = Release.objects.order_by("-staged_at").values_list("staged_at", flat=True).first() or datetime.fromtimestamp(MADE, UTC)
    date = format_datetime(changed.astimezone(UTC), usegmt=True)
    text = (
        f"Origin: Hai Long\nLabel: Hai Long\nSuite: {suite}\nCodename: {suite}\nDate: {date}\nArchitectures: amd64\nComponents: main\n"
        f"SHA256:\n {hashlib.sha256(listed).hexdigest()} {len(listed)} {PACKAGES}\n"
    )
    return clearsigned(text, keys.repository_key(settings.KEYS), max(int(changed.timestamp()), MADE))


def _stanza(release: Release) -> str:
    return f"{release.control}Filename: pool/{release.file_name}\nSize: {release.size}\nSHA256: {release.sha256}\n"
