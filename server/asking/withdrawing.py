"""A citizen takes back what was written: it is erased with all that belongs to it, and its case, if it is not answered yet, ends."""

import contextlib
import logging
from datetime import datetime

from django.db import transaction

from server.asking.standing import Found
from server.cases.models import Case, Event
from server.cases.steps import Step
from server.cases.taking import NotNextError, move, tell
from server.comments.erasure import StillReadError, erase
from server.comments.register import register
from server.record.keeping import Action, note_of

WHO = "người dân"
BECAUSE = "người dân rút góp ý bằng mã số"
_WITHDRAWN = "người dân rút góp ý, lời đã viết được xóa"
_ERASED = "người dân xóa lời đã viết"
_log = logging.getLogger(__name__)


def take_back(found: Found, now: datetime) -> None:
    """Do it; whatever was done of it before is not done again. Raises OSError, django.db.Error, and then it is to be tried again.

    The case ends first: nothing is added to it meanwhile that would be left.
    """
    case = found.case
    ended = False
    if case is not None:
        with contextlib.suppress(NotNextError):  # it is answered or over, or two asked at once
            move(case, Step.WITHDRAWN, WHO, now, _WITHDRAWN)
            ended = True
    left = found.hashes - register().hashes()
    if not left:
        return
    try:
        erase(left, who=WHO, because=BECAUSE, at=now)
    except StillReadError:
        _log.warning("what was erased may still lie in SQLite's log until the next erasure")  # it is deleted, and stays so
    if case is not None and not ended:
        _say_once(case, now)
    # Without the address: the record is kept for years, and a citizen is not somebody of the office.
    note_of(WHO, "", Action.CHANGE, found.unit.pk, found.number, "withdrawn and erased by who wrote it")


def _say_once(case: Case, now: datetime) -> None:
    """In the history of a case that goes on without the words, unless that says already that they were withdrawn."""
    with transaction.atomic():
        Case.objects.select_for_update().get(unit_id=case.unit_id, id=case.id)
        if not Event.objects.filter(unit_id=case.unit_id, case=case.id, who=WHO).exists():
            tell(case, WHO, now, _ERASED)
