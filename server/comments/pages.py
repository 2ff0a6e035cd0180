"""The form by which a citizen writes on a telephone: opened by the link of a QR code, sent once, answered by a reference number.

Nothing of the vote is shown. Nothing of what was written is logged, or shown again once it was taken in.
"""

from datetime import timedelta

from django.core import signing
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.csrf import csrf_failure as usual_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from server.comments import words
from server.comments.by_form import sealed_before, take_in
from server.comments.form import LONGEST, Filled, read
from server.comments.links import Invitation, NotGenuineError, RevokedError, examine
from server.comments.reader import Reader
from server.comments.words import Message
from server.devices.identity import address_of
from server.pace import PerMinute
from sync.link import LINK_LIFE, PREFIX
from sync.reference import reference

FORM_LIFE = timedelta(hours=1)
MAX_FORM_BYTES = 64 * 1024
REQUESTS_PER_MINUTE = 60
COMMENTS_PER_MINUTE = 20

_by_address, _by_device = PerMinute(), PerMinute()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # here, for it reads the body, whose size is not known yet
def comment_form(request: HttpRequest, device: str, code: str) -> HttpResponse:
    """What is behind a link. Whatever is wrong is told in the citizen's language."""
    reader = Reader(request)
    if request.method == "POST" and not _is_short(request):
        return reader.message(words.TOO_LONG)
    if wait := _by_address.seconds_to_wait(address_of(request), timezone.now(), REQUESTS_PER_MINUTE):
        return reader.message(words.TOO_MANY, seconds=wait)
    try:
        return _behind_link(request, reader, device, code)
    except (OperationalError, InterfaceError):
        return reader.message(words.BUSY)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that does not come from a page of ours; the citizen's says what to do about it."""
    if not request.path.upper().startswith(PREFIX):
        return usual_csrf_failure(request, reason)
    return Reader(request).message(words.NO_COOKIE)


def _is_short(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) <= MAX_FORM_BYTES and request.content_type == "application/x-www-form-urlencoded"


@csrf_protect
def _behind_link(request: HttpRequest, reader: Reader, device: str, code: str) -> HttpResponse:
    now = timezone.now()
    try:
        invitation = examine(device, code, now)
    except NotGenuineError:
        return reader.message(words.NOT_GENUINE)
    except RevokedError:
        return reader.message(words.REVOKED)
    if sealed := sealed_before(invitation):
        return reader.message(words.NOTED, "noted", number=reference(sealed))
    if request.method == "POST":
        return _take(reader, invitation)
    if not invitation.opens(now):
        return reader.message(words.EXPIRED, minutes=LINK_LIFE // timedelta(minutes=1))
    return _form(reader, invitation, Filled(), _opening(invitation).sign("opened"))


def _take(reader: Reader, invitation: Invitation) -> HttpResponse:
    """What was filled in is taken in; or shown again, with what is to be done."""
    request, now = reader.request, timezone.now()
    filled, opened = read(request.POST.dict()), request.POST.get("opened", "")
    try:
        _opening(invitation).unsign(opened, max_age=FORM_LIFE)
    except signing.BadSignature:
        return _form(reader, invitation, filled, opened, words.TOO_LATE)
    if faults := filled.faults(reader.translate):
        return _form(reader, invitation, filled, opened, words.TO_MEND, faults=faults)
    if wait := _by_device.seconds_to_wait(invitation.device.pk, now, COMMENTS_PER_MINUTE):
        return _form(reader, invitation, filled, opened, words.TOO_MANY, seconds=wait)
    try:
        take_in(invitation, filled.written(reader.language, reader.translate), now)
    except (OperationalError, InterfaceError):
        return _form(reader, invitation, filled, opened, words.BUSY)
    return HttpResponseRedirect(f"{request.path}?lang={reader.language}")


def _form(
    reader: Reader, invitation: Invitation, filled: Filled, opened: str, message: Message | None = None, **fields: object
) -> HttpResponse:
    """The form. opened: proves when it was opened first. message: why it is shown again."""
    place = f"{invitation.device.unit.name}, {invitation.device.counter.name}"
    context = {"place": place, "filled": filled, "opened": opened, "longest": LONGEST, "over": message == words.TOO_LATE}
    if message is None:
        return reader.page("form", 200, **context)
    return reader.message(message, "form", **context, **fields)


def _opening(invitation: Invitation) -> signing.TimestampSigner:
    """Signs when the form was opened by this link."""
    return signing.TimestampSigner(salt=f"server.comments.pages {invitation.link.device} {invitation.vote}")
