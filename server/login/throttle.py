"""How long somebody waits who got passwords wrong. django-axes keeps the tries; how long they weigh is decided here.

Three counts run side by side, and the longest wait holds:

- a name from one address: 5 tries, for people who mistype;
- one address, whatever the name: 100 tries, because a commune's whole office stands behind one address;
- one name, from wherever: 30 tries, against many addresses that guess one password together.

Then each further failure costs a pause of 1 minute that doubles up to 15. Nobody is shut out for longer, and after a day without
a failure all is forgotten. The second and the third count do not hold for a name that logged in from this address within 30 days:
so neither a guesser elsewhere nor a stranger in the same building keeps a leader from their own desk.

A try during a pause is not looked at, and does not lengthen it. Names are kept as a keyed hash: some people type their password
there. Of an IPv6 address the network (/64) counts, for one household has as many addresses as it likes.
"""

import threading
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv6Address, ip_address, ip_network
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from server.devices.identity import address_of

OF_A_NAME_HERE, OF_AN_ADDRESS, OF_A_NAME = 5, 100, 30
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
KNOWN = timedelta(days=30)

_ONE_AT_A_TIME = [threading.Lock() for _ in range(64)]


def pause(failures: int, free: int) -> timedelta:
    """How long after the last of so many failures the next try waits, when so many are free."""
    doubled = min(failures - free, 10)  # far beyond the longest already
    return timedelta(0) if failures < free else min(FIRST_PAUSE * 2**doubled, LONGEST_PAUSE)


def address(request: HttpRequest) -> str | None:
    """By what the client's address is counted; None where there is none (a socket, a test)."""
    try:
        found = ip_address(address_of(request))
    except (ValueError, AddressValueError):
        return None
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network(f"{found}/64", strict=False).network_address)
    return str(found)


def name_as_kept(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """By what a typed name is counted."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return salted_hmac("server.login.throttle", name, algorithm="sha256").hexdigest()


def turn(request: HttpRequest, name: str) -> threading.Lock:
    """Whoever tries a name holds this meanwhile, so that no crowd of tries at once is looked at before the first has failed.

    It is this process's: at most as many are looked at at once as there are processes.
    """
    return _ONE_AT_A_TIME[hash((address(request), name)) % len(_ONE_AT_A_TIME)]


def wait(request: HttpRequest, name: str, now: datetime) -> timedelta:
    """How long the name may not be tried from where the request comes; zero when it may."""
    here, kept = address(request), name_as_kept(request, {"username": name})
    tries = AccessAttempt.objects.filter(attempt_time__gt=now - FORGOTTEN)
    waits = [_left(tries.filter(username=kept, ip_address=here), OF_A_NAME_HERE, now)]
    if not AccessLog.objects.filter(username=name, ip_address=here, attempt_time__gt=now - KNOWN).exists():
        waits.append(_left(tries.filter(ip_address=here), OF_AN_ADDRESS, now))
        waits.append(_left(tries.filter(username=kept), OF_A_NAME, now))
    return max(waits)


def _left(tries: QuerySet[AccessAttempt], free: int, now: datetime) -> timedelta:
    found = tries.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return max(found["last"] + pause(found["failures"], free) - now, timedelta(0)) if found["failures"] else timedelta(0)


class Throttle(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """What axes does, with our waits, and nothing kept of a try but when, from where and for which name."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether the name has to wait."""
        return wait(request, (credentials or {}).get("username") or "", request.axes_attempt_time) > timedelta(0)  # type: ignore[attr-defined]

    def user_login_failed(self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **more: object) -> None:
        """One more failure. A command that tries a password has no request, and is not counted."""
        if request is not None:
            super().user_login_failed(sender, credentials, _bare(request), **more)
            tries = AccessAttempt.objects.filter(username=name_as_kept(request, credentials), ip_address=address(request))
            tries.update(get_data="", post_data="")

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **more: object) -> None:
        """The name is known at this address from now on; what is long past is forgotten."""
        now = request.axes_attempt_time  # type: ignore[attr-defined]
        AccessAttempt.objects.filter(attempt_time__lte=now - FORGOTTEN).delete()
        logins = AccessLog.objects.filter(username=user.get_username())
        (logins.filter(ip_address=address(request)) | logins.filter(attempt_time__lte=now - KNOWN)).delete()
        super().user_logged_in(sender, _bare(request), user, **more)

    def clean_expired_user_attempts(self, request: HttpRequest | None = None, credentials: dict[str, Any] | None = None) -> int:
        """Before one more is counted for the name from this address: what is a day old counts no more."""
        if request is None or credentials is None:
            return 0
        past = AccessAttempt.objects.filter(username=name_as_kept(request, credentials), ip_address=address(request))
        deleted, _ = past.filter(attempt_time__lte=request.axes_attempt_time - FORGOTTEN).delete()  # type: ignore[attr-defined]
        return int(deleted)


class Gate(AxesStandaloneBackend):  # type: ignore[misc]  # axes has no types
    """Asks the throttle before a password is looked at. Without a request (a command, a test) nobody guesses."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **more: Any) -> None:  # noqa: ANN401 as Django hands them on
        """None: others look at the password. Raises PermissionDenied for a name that has to wait."""
        if request is not None:
            super().authenticate(request, username=username, password=password, **more)


def _bare(request: HttpRequest) -> HttpRequest:
    """Without what axes would keep of the browser."""
    request.axes_user_agent = request.axes_http_accept = ""  # type: ignore[attr-defined]
    return request
