"""Keeping the record."""

from django.http import HttpRequest
from django.utils import timezone

from server.record.models import Line

Action = Line.Action


def note(request: HttpRequest, action: Line.Action, unit_id: str, subject: str, detail: str = "") -> None:
    """Keep that the user of the request did something. subject: the id of what it was about; detail: more, nothing personal."""
    note_of(request.user.get_username(), request.META.get("REMOTE_ADDR", ""), action, unit_id, subject, detail)


def note_of(who: str, address: str, action: Line.Action, unit_id: str, subject: str, detail: str = "") -> None:
    """The same where no user asked: a command, a token."""
    Line.objects.create(unit_id=unit_id, at=timezone.now(), who=who, address=address, action=action, subject=subject, detail=detail)
