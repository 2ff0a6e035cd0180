"""Sending what is to be sent: each message once a user, as far as SMTP allows.

A message is claimed by a row before it is sent and marked after, so two processes never send the same. What a server refuses for
now, or does not answer, is tried again, later each time. Where the connection breaks after the whole message was handed over nobody
knows whether it was taken in (RFC 1047); it is sent again then under the same Message-ID, rather than not at all.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from ssl import SSLCertVerificationError, SSLError
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from server.alerts import letters
from server.alerts.audience import GRAVE, of_leaders_alone
from server.alerts.digest import Digest, bundle, what_of
from server.alerts.models import Alert, Mail, Mailbox, Subscription
from server.alerts.opening import works
from server.alerts.wishes import held_by
from server.places.models import Unit
from server.smtp import MailServer

LOG = logging.getLogger(__name__)
BETWEEN_BUNDLES = timedelta(hours=1)  # of a person
NEWS = timedelta(days=1)  # an older alert is none
CLAIM_HOLDS = timedelta(minutes=30)  # longer than a process takes for a message; who dies meanwhile is followed by another
LONGEST_WAIT = timedelta(hours=1)
FAULTS = 3  # broken connections in a row, before a run gives up
KEPT = timedelta(days=92)  # what was sent to whom
_DAY = timedelta(days=1)
_State = Mail.State


class Sent(NamedTuple):
    """Of a run: how many were sent, will be tried again, and could not be sent."""

    sent: int
    again: int
    failed: int


class _Fault(NamedTuple):
    """Why a message was not sent. lasting: for this address, today. broken: the connection is of no use any more."""

    words: str
    lasting: bool = False
    broken: bool = False


def post(server: MailServer, now: datetime) -> Sent:
    """Put down what is due, and send what waits."""
    put_down(now)
    _release(now)
    outcomes: dict[str, int] = defaultdict(int)
    connection, broken = server.connection(), 0
    try:
        for pk in Mail.objects.filter(state=_State.WAITING, next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True):
            if not Mail.objects.filter(pk=pk, state=_State.WAITING, next_at__lte=now).update(
                state=_State.CLAIMED, claimed_at=timezone.now(), tries=F("tries") + 1
            ):
                continue  # another process has it
            fault, state = _send(connection, Mail.objects.select_related("user", "unit__parent").get(pk=pk), now)
            outcomes[state] += 1
            broken = broken + 1 if fault and fault.broken else 0
            if broken:
                _close(connection)
                connection = server.connection()
            if broken >= FAULTS:
                break
    finally:
        _close(connection)
    return Sent(outcomes[_State.SENT], outcomes[_State.WAITING], outcomes[_State.FAILED])


def put_down(now: datetime) -> None:
    """Put down which digests and bundles are due."""
    _put_down_digests(now)
    _put_down_bundles(now)


def confirmed() -> Q:
    """Mailboxes that may be sent to: of users who are still there, confirmed, and still their e-mail address."""
    return Q(user__is_active=True, address=F("user__email"), confirmed_at__isnull=False) & ~Q(address="")


def _put_down_digests(now: datetime) -> None:
    users = Mailbox.objects.filter(confirmed()).values("user_id")
    wanted = list(Subscription.objects.filter(digest=True, user__in=users).select_related("unit__parent"))
    held = held_by([one.unit for one in wanted])
    due = []
    for one in wanted:
        unit, zone = one.unit, ZoneInfo(one.unit.time_zone)
        today = now.astimezone(zone).date()
        since = datetime.combine(today, held[unit.pk].digest_at, zone)
        if not unit.is_over() and one.since <= since <= now and works(unit.shown, today):
            about, ends = f"{today}_{unit.pk}", datetime.combine(today + _DAY, time(), zone)
            due.append(Mail(user_id=one.user_id, unit=unit, kind=Mail.Kind.DIGEST, about=about, day=today, until=ends, next_at=now))
    known = set(Mail.objects.filter(kind=Mail.Kind.DIGEST, day__in={mail.day for mail in due}).values_list("user_id", "about"))
    Mail.objects.bulk_create([mail for mail in due if (mail.user_id, mail.about) not in known], ignore_conflicts=True, batch_size=500)


def _put_down_bundles(now: datetime) -> None:
    fresh = Alert.objects.filter(kind__in=GRAVE, state=Alert.State.OPEN, since__gt=now - NEWS, since__lte=now).exclude(of_leaders_alone())
    units = Unit.objects.filter(pk__in=fresh.order_by().values("unit_id"))
    concerned = {key for row in units.values_list("pk", "parent_id", "parent__parent_id") for key in row if key}
    if not concerned:
        return
    users = Subscription.objects.filter(urgent=True, unit_id__in=concerned).values("user_id")
    idle = Q(bundled_at=None) | Q(bundled_at__lte=now - BETWEEN_BUNDLES)
    for box in Mailbox.objects.filter(confirmed(), idle, user_id__in=users).select_related("user"):
        after = max(now - NEWS, box.bundled_until or box.confirmed_at or now)
        noticed = bundle(box.user, after, now)
        if not noticed:
            continue
        with transaction.atomic():
            until = max(one.item.alert.since for one in noticed)  # not now: a look that goes on may still bring some of before
            if Mailbox.objects.filter(idle, pk=box.pk).update(bundled_at=now, bundled_until=until):  # else another process was first
                about, day = f"urgent_{until.isoformat()}", timezone.localtime(now).date()
                Mail.objects.create(user=box.user, kind=Mail.Kind.URGENT, about=about, day=day, after=after, until=until, next_at=now)


def _release(now: datetime) -> None:
    """What a process claimed and did not finish is free again; what is too late is given up, and what is old forgotten."""
    Mail.objects.filter(state=_State.CLAIMED, claimed_at__lt=now - CLAIM_HOLDS).update(state=_State.WAITING, next_at=now)
    late = Q(kind=Mail.Kind.DIGEST, until__lte=now) | Q(kind=Mail.Kind.URGENT, until__lte=now - NEWS)
    Mail.objects.filter(late, state=_State.WAITING).update(state=_State.FAILED)
    Mail.objects.filter(day__lt=timezone.localtime(now).date() - KEPT).delete()


def _send(connection: EmailBackend, mail: Mail, now: datetime) -> tuple[_Fault | None, str]:
    """Send a claimed message; the fault, if any, and how far the message is."""
    box = Mailbox.objects.filter(confirmed(), pk=mail.user_id).first()
    try:
        letter = _letter(mail, box) if box else None
        if letter is None or box is None:
            return None, _mark(mail, _State.NOTHING)
        connection.open()
        connection.send_messages([letter])
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        lasting = all(code >= 500 for code in codes)
        fault = _Fault(f"máy chủ thư từ chối người nhận ({codes[0]})", lasting)
    except (SMTPException, OSError) as error:
        fault = _why(error)
    except Exception:
        LOG.exception("a message could not be made")  # of one reader: the others get theirs
        fault = _Fault("lỗi của hệ thống")
    else:
        Mailbox.objects.filter(pk=box.pk).exclude(fault="").update(fault="")
        return None, _mark(mail, _State.SENT)
    if fault.lasting:
        Mailbox.objects.filter(pk=mail.user_id).update(fault=fault.words)
        return fault, _mark(mail, _State.FAILED, fault.words)
    return fault, _mark(mail, _State.WAITING, fault.words, now + min(LONGEST_WAIT, timedelta(minutes=2 ** min(mail.tries, 10))))


def _letter(mail: Mail, box: Mailbox) -> EmailMultiAlternatives | None:
    """None where there is nothing to say, or the reader wants it no more."""
    if mail.unit is not None and not Subscription.objects.filter(user=mail.user, unit=mail.unit, digest=True).exists():
        return None
    said = what_of(mail)
    if not said:
        return None
    return letters.of_digest(mail, said, box.address) if isinstance(said, Digest) else letters.of_bundle(mail, said, box.address)


def _mark(mail: Mail, state: Mail.State, fault: str = "", next_at: datetime | None = None) -> str:
    done = {"sent_at": timezone.now()} if state == _State.SENT else {"next_at": next_at} if next_at else {}
    Mail.objects.filter(pk=mail.pk).update(state=state, fault=fault, **done)
    return state


def _why(error: SMTPException | OSError) -> _Fault:
    """In words, without what the server wrote: that may repeat an address."""
    if isinstance(error, SMTPAuthenticationError):
        return _Fault("máy chủ thư không nhận tên đăng nhập hoặc mật khẩu của hệ thống", broken=True)
    if isinstance(error, SMTPResponseException):
        return _Fault(f"máy chủ thư từ chối ({error.smtp_code})", broken=True)
    if isinstance(error, SSLCertVerificationError):
        return _Fault("chứng thư của máy chủ thư không đúng", broken=True)
    if isinstance(error, SSLError):
        return _Fault("không nối được máy chủ thư một cách bảo mật", broken=True)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # which smtplib calls disconnected
        return _Fault("máy chủ thư không trả lời kịp", broken=True)
    return _Fault("mất kết nối với máy chủ thư", broken=True)


def _close(connection: EmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError):
        LOG.info("the mail server was gone before the end")


def last_of(user: int) -> Iterable[Mail]:
    """The latest messages to a user."""
    return Mail.objects.filter(user_id=user).exclude(state=_State.NOTHING).select_related("unit").order_by("-pk")[:5]
