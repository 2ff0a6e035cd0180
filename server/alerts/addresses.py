"""Whose e-mail address is whose: entered by the user, and confirmed by a link that only the address gets."""

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.contrib.auth.models import User
from django.db import transaction

from server.alerts.letters import of_address
from server.alerts.links import Asked
from server.alerts.models import Mailbox
from server.smtp import MailServer

BETWEEN = timedelta(minutes=2)  # requests of a user; nobody fills another's box by our server


class TooSoonError(Exception):
    """A link was sent a moment ago."""


class NotSentError(Exception):
    """The mail server did not take it."""


def ask(user: User, address: str, server: MailServer, now: datetime) -> None:
    """Send the link. Raises `TooSoonError`, `NotSentError`."""
    with transaction.atomic():
        Mailbox.objects.get_or_create(user=user)
        box = Mailbox.objects.select_for_update().get(user=user)
        if box.asked_at and box.asked_at > now - BETWEEN:
            raise TooSoonError
        Mailbox.objects.filter(user=user).update(wanted=address, asked_at=now)
    try:
        server.connection().send_messages([of_address(user.pk, user.get_full_name() or user.get_username(), address)])
    except (SMTPException, OSError) as error:
        Mailbox.objects.filter(user=user).update(asked_at=None)
        raise NotSentError from error


def confirm(user: User, asked: Asked, now: datetime) -> bool:
    """The user who is logged in followed the link; whether it was theirs, and the last one. A stranger who got it by a typing error is
    nobody here.
    """
    if asked.user != user.pk:
        return False
    with transaction.atomic():
        taken = Mailbox.objects.filter(user=user, wanted=asked.what).exclude(wanted="")
        if not taken.update(address=asked.what, confirmed_at=now, wanted="", asked_at=None, fault=""):
            return False
        User.objects.filter(pk=user.pk).update(email=asked.what)
    return True


def good(box: Mailbox | None, user: User) -> bool:
    """Whether mail reaches the user: whoever edits their e-mail address elsewhere confirms it again."""
    return box is not None and box.confirmed_at is not None and bool(box.address) and box.address == user.email
