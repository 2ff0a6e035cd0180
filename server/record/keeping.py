"""Keeping the record."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from server.devices.identity import address_of
from server.record.models import Line, first_id, new_id, time_of
from server.record.veil import veiled

Action = Line.Action

SAME_VIEW = timedelta(hours=1)  # a page that loads itself again every half minute is one view


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
