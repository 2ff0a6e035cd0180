"""From which comment of the suggestion box an officer is commended."""

import re
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.cases.box import SENSITIVE
from server.comments.models import FormComment
from server.comments.register import register
from server.intake.models import Comment, Reasons, Vote
from server.places.models import Unit

_HASH = re.compile(r"[0-9a-f]{64}")


class Origin(NamedTuple):
    """A comment. came: the day of the box in which it lies; day, officer_id: of its vote, or came and empty where that is not here."""

    sealed: str
    came: date
    day: date
    officer_id: str


def origin(unit: Unit, sealed: str, *, sensitive: bool) -> Origin | None:
    """The comment of the unit by its hash, or None where there is none, it was erased, or whoever asks may not see it. sensitive:
    whether they may see those.
    """
    if not _HASH.fullmatch(sealed):
        return None
    here = {"unit_id": unit.pk, "sealed": sealed}
    found = Comment.objects.filter(**here, arrived=True).values_list("vote", "at").first()
    found = found or FormComment.objects.filter(**here).values_list("vote", "received_at").first()
    if found is None or sealed in register().hashes():
        return None
    vote, at = found
    why = Reasons.objects.filter(unit_id=unit.pk, vote=vote).values_list("reasons", flat=True).first() or []
    if SENSITIVE in why and not sensitive:
        return None
    zone = ZoneInfo(unit.time_zone)
    came = at.astimezone(zone).date()
    about = Vote.objects.filter(unit_id=unit.pk, id=vote).first()
    return Origin(sealed, came, about.at.astimezone(zone).date(), about.officer_id) if about else Origin(sealed, came, came, "")
