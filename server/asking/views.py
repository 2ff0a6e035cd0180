"""The pages on which a citizen asks by the number, and takes back what was written.

The number is sent in a form and never in an address, which browsers and servers remember. No form here is guarded against other sites
(CSRF): it does nothing without a number, and whoever knows one can send it themselves; and so nobody needs a cookie.
"""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from server.asking import words
from server.asking.standing import Found, find, told
from server.asking.withdrawing import take_back
from server.comments.reader import Reader
from server.login.throttle import address
from server.pace import PerMinute
from sync.reference import read

REQUESTS_PER_MINUTE = 60
MISSES_PER_MINUTE = 5  # numbers without a typing error that nobody has: one address tries 7,200 of 3 · 10^10 in a day
MOST_BYTES = 2048
MOST_TYPED = 40

_requests, _misses = PerMinute(), PerMinute()


class Asker(Reader):
    """The citizen who asks."""

    folder = "asking"
    sentences = words.PAGE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    """The number is asked for; by POST, how it stands."""
    asker = Asker(request)
    return _answer(asker, _standing) if request.method == "POST" else _private(asker.page("ask"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def withdraw(request: HttpRequest) -> HttpResponse:
    """What will be erased and what stays; once that is agreed to, it is done, as often as it is asked."""
    return _answer(Asker(request), _withdrawing) if request.method == "POST" else HttpResponseRedirect(reverse("ask"))


def _answer(asker: Asker, then: Callable[[Asker, Found], HttpResponse]) -> HttpResponse:
    try:
        found = _found(asker)
        return _private(found if isinstance(found, HttpResponse) else then(asker, found))
    except (OSError, OperationalError, InterfaceError):
        return _private(asker.message(words.BUSY, "ask", typed=_typed(asker.request)))


def _withdrawing(asker: Asker, found: Found) -> HttpResponse:
    if not told(found, found.unit.today()).may_withdraw:
        return _standing(asker, found)
    if asker.request.POST.get("rut") != "co":
        return asker.page("withdraw", found=found)
    take_back(found, timezone.now())
    return _standing(asker, find(found.number) or found, done=True)


def _found(asker: Asker) -> Found | HttpResponse:
    """What the number that was sent stands for, or what else there is to say."""
    request, now = asker.request, timezone.now()
    who = address(request) or ""
    if wait := _requests.seconds_to_wait(who, now, REQUESTS_PER_MINUTE) or _misses.seconds_left(who, now, MISSES_PER_MINUTE):
        return asker.message(words.TOO_MANY, "ask", seconds=wait)
    if not _is_short(request):
        return asker.message(words.TYPING_ERROR, "ask")
    typed = _typed(request)
    try:
        number = read(typed)
    except ValueError:
        return asker.message(words.TYPING_ERROR, "ask", typed=typed)
    found = find(number)
    if found is None:
        _misses.seconds_to_wait(who, now, MISSES_PER_MINUTE)
        return asker.message(words.NOT_FOUND, "ask", typed=typed)
    return found


def _standing(asker: Asker, found: Found, *, done: bool = False) -> HttpResponse:
    said = told(found, found.unit.today())
    return asker.page("standing", found=found, told=said, said=asker.translate(said.said), done=done)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("so", "")[:MOST_TYPED]


def _is_short(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) <= MOST_BYTES and request.content_type == "application/x-www-form-urlencoded"


def _private(answer: HttpResponse) -> HttpResponse:
    """Other sites do not hear from where somebody came."""
    answer["Referrer-Policy"] = "no-referrer"
    return answer
