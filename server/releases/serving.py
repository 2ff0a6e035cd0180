"""The repository's addresses, for everybody: what lies there is published, and signed."""

from threading import BoundedSemaphore
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from server import keys
from server.releases import repository
from server.releases.keeping import SIGNATURE, SUMS
from server.releases.models import Release

DOWNLOADS = 4  # at a time in each process: a slow line holds a thread for long, and votes need theirs
RETRY_SECONDS = 900

_downloads = BoundedSemaphore(DOWNLOADS)


@require_safe
def in_release(request: HttpRequest, suite: str) -> HttpResponse:
    """The signed list of lists."""
    _require(suite)
    return HttpResponse(repository.in_release(suite), content_type="text/plain; charset=utf-8")


@require_safe
def packages(request: HttpRequest, suite: str) -> HttpResponse:
    """The list of packages."""
    _require(suite)
    return HttpResponse(repository.packages(suite), content_type="text/plain; charset=utf-8")


@require_safe
def pool(request: HttpRequest, name: str) -> HttpResponseBase:
    """A package, or what the publisher signed of it. A download that broke off may go on where it was (RFC 9110, section 14.2)."""
    offered = Release.objects.filter(stage__in=repository.SUITES["canary"])
    for part, field in ((SUMS, "sums"), (SIGNATURE, "signature")):
        if name.endswith(f".{part}"):
            said = offered.filter(file_name=f"{name.removesuffix(part)}deb").values_list(field, flat=True).first()
            if said is None:
                raise Http404
            return HttpResponse(said, content_type="text/plain; charset=utf-8")
    if not offered.filter(file_name=name).exists():
        raise Http404
    if not _downloads.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    try:
        file = (settings.RELEASES / name).open("rb")
    except OSError:
        _downloads.release()
        raise Http404 from None
    return _Download(request, file)


class _Download(FileResponse):
    """Gives its place back when the last byte is sent, or the line broke."""

    def __init__(self, request: HttpRequest, file: BinaryIO) -> None:
        size, changed = file.seek(0, 2), http_date((settings.RELEASES / file.name).stat().st_mtime)
        start = _start(request, changed, size)
        file.seek(start)
        super().__init__(file, content_type="application/vnd.debian.binary-package", status=206 if start else 200)
        self.headers["Accept-Ranges"], self.headers["Last-Modified"] = "bytes", changed
        if start:
            self.headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        self._held = True

    def close(self) -> None:
        super().close()
        if self._held:
            self._held = False
            _downloads.release()


def _start(request: HttpRequest, changed: str, size: int) -> int:
    """From which byte on; all of it for a range of another kind, or of another file."""
    asked = request.headers.get("Range", "")
    first = asked.removeprefix("bytes=").removesuffix("-")
    if asked != f"bytes={first}-" or not first.isdecimal() or request.headers.get("If-Range", changed) != changed:
        return 0
    return int(first) if int(first) < size else 0


def _require(suite: str) -> None:
    """Raises Http404 where there is no such list."""
    if suite not in repository.SUITES or not keys.has_repository(settings.KEYS):
        raise Http404
