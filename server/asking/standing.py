"""How a matter stands, found by its number alone.

Of 35 bits of a hash, two comments of a large country may have the same: then nothing is told, as if there were none, for it would be
somebody else's.
"""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.asking import words
from server.board.outcomes import is_shown
from server.cases.models import Case, Paper, PaperSlip, Reading
from server.cases.steps import Step
from server.comments.models import FormComment
from server.comments.register import register
from server.intake.models import Comment
from server.personal.models import Hold
from server.places.models import Unit
from sync.reference import first_and_last

# Until a matter is answered: what the Law on Complaints (Law 02/2011/QH13, Article 28) gives for a first settlement. A case that is
# done as its steps ask is done sooner.
ANSWERED_WITHIN = timedelta(days=30)
_AWAITED = frozenset({Step.OPENED, Step.VERIFIED, Step.INVITED, Step.LISTED, Step.MET})
_MEETING = frozenset({Step.INVITED, Step.LISTED})


class Found(NamedTuple):
    """What the number stands for: a comment, by its hash, in a unit; and the case about it, if there is one."""

    number: str
    unit: Unit
    sealed: str
    case: Case | None

    @property
    def hashes(self) -> set[str]:
        """Everything sealed that belongs to it."""
        if self.case is None:
            return {self.sealed}
        papers = Paper.objects.filter(unit_id=self.unit.pk, case=self.case.id)
        return {self.sealed, *papers.values_list("sealed", flat=True)}


class Told(NamedTuple):
    """What a citizen is told of it. said: a sentence in Vietnamese, to be translated; since: from when; by: until when it is to be
    answered; late: that has passed; meeting: for when they are invited; outcome: as the board says it. erased: nothing that was
    written is left. held_back: a leader keeps it from being erased. may_withdraw: there is still something to end or to erase.
    """

    place: str
    said: str
    since: date | None = None
    by: date | None = None
    late: bool = False
    meeting: date | None = None
    outcome: str = ""
    erased: bool = False
    held_back: bool = False
    may_withdraw: bool = True


def find(number: str) -> Found | None:
    """What has the number, as `sync.reference` writes it."""
    between = first_and_last(number)
    places = {
        place
        for table in (Comment, FormComment, PaperSlip)
        for place in table.objects.filter(sealed__range=between).values_list("unit_id", "sealed")
    }
    if len(places) != 1:
        return None
    [(unit_id, sealed)] = places
    return Found(number, Unit.objects.get(pk=unit_id), sealed, Case.objects.filter(unit_id=unit_id, id=number).first())


def told(found: Found, today: date) -> Told:
    """How it stands. today: in the unit."""
    erased = found.hashes <= register().hashes()
    if found.case is None:
        became = Reading.objects.filter(unit_id=found.unit.pk, sealed=found.sealed).values_list("became", flat=True).first()
        said = {Reading.Became.NOTED.value: words.NOTED, Reading.Became.PRAISE.value: words.PRAISED}.get(became or "", words.RECEIVED)
        return Told(found.unit.name, words.ERASED if erased else said, erased=erased, may_withdraw=not erased)
    case, step = found.case, Step(found.case.step)
    zone = ZoneInfo(found.unit.time_zone)
    shown = step is Step.PUBLISHED and is_shown(case)
    held_back = Hold.objects.filter(unit_id=found.unit.pk, case=case.id, until__gte=today).exists()
    by = case.opened_at.astimezone(zone).date() + ANSWERED_WITHIN if step in _AWAITED else None
    return Told(
        found.unit.name,
        Step.ANSWERED.told if step is Step.PUBLISHED and not shown else step.told,
        since=case.stepped_at.astimezone(zone).date(),
        by=by,
        late=by is not None and by < today,
        meeting=case.reception if step in _MEETING else None,
        outcome=case.published if shown else "",
        erased=erased,
        held_back=held_back,
        may_withdraw=not held_back and (not erased or Step.WITHDRAWN in step.following),
    )
