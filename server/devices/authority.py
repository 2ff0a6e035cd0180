"""The authority of one's own by which kiosks know this server: given to whoever asks, and told by enrolment codes (docs/wire.md)."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sync.authority import mark


def told(code: str) -> str:
    """A code as people are shown it: XXXXX-XXXXX, and where kiosks need a certificate of ours, as much again by which they know it.

    Raises OSError, ValueError: HAILONG_CA names no file with certificates.
    """
    authorities: Path | None = settings.AUTHORITIES
    if authorities is None:
        return code
    known = mark(authorities.read_bytes())
    return f"{code}-{known[:5]}-{known[5:]}"


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates in PEM, or no such page."""
    authorities: Path | None = settings.AUTHORITIES
    if authorities is None:
        raise Http404
    return HttpResponse(authorities.read_bytes(), content_type="application/x-pem-file")
