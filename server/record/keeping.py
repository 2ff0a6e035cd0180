"""Keeping the record."""

import re
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from server.devices.identity import address_of
from server.record.models import Line, first_id, new_id, time_of

Action = Line.Action

SAME_VIEW = timedelta(hours=1)  # a page that loads itself again every half minute is one view
_BY_WHICH_CITIZENS_ASK = re.compile(r"(?<![\w-])(?:[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}|[0-9a-f]{64})(?![\w-])")


def note(request: HttpRequest, action: Line.Action, unit_id: str, subject: str, detail: str = "") -> None:
    """Keep that the user of the request did something. subject: the id of what it was about; detail: more, nothing personal.

    That the same person looks at the same again within the hour is not kept again.
    """
    note_of(request.user.get_username(), address_of(request), action, unit_id, subject, detail)


def note_of(who: str, address: str, action: Line.Action, unit_id: str, subject: str, detail: str = "") -> None:
    """The same where no user asked: a command, a token."""
    said = {"unit_id": unit_id, "who": who, "action": action, "subject": veiled(subject), "detail": veiled(detail)}
    if action == Action.VIEW and Line.objects.filter(**said, id__gte=first_id(timezone.now() - SAME_VIEW)).exists():
        return
    line = new_id()
    Line.objects.create(id=line, at=time_of(line), address=address, **said)


def veiled(text: str) -> str:
    """The text with another name for each number by which a citizen asks, and for each hash from which it follows (`sync.reference`):
    the same for the same, for ever. Whoever reads the record could ask, and take back, what somebody else wrote.
    """
    return _BY_WHICH_CITIZENS_ASK.sub(lambda found: f"*{salted_hmac(__name__, found[0], algorithm='sha256').hexdigest()[:16]}", text)
