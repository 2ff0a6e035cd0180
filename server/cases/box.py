"""The suggestion box: what citizens wrote to a unit, day by day, and what became of it.

A comment belongs to the day on which it came, on the unit's clocks; a slip of paper, to the day on which it was found. Of one that
goes with the sensitive reason, whoever may not see it finds nothing: not the words, not the line, not its part of a number. Where a
comment came by telephone before the kiosk told why the citizen was dissatisfied, nobody knows yet: it is taken for sensitive.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, Model, OuterRef, QuerySet

from server.cases.models import Case, PaperSlip, Reading
from server.comments.models import FormComment
from server.comments.register import register
from server.intake.models import Comment, Reasons, Vote
from server.places.models import Unit

UNREAD_FOR = timedelta(days=366)  # how far back somebody looks for what nobody read
_Row = TypeVar("_Row", bound=Model)
SENSITIVE = "extra-cost"  # the reason “Bị gợi ý chi phí ngoài quy định”: for leaders alone


class Slip(NamedTuple):
    """A comment in the box. vote: None for a slip of paper. satisfied, counter_id, officer_id, reasons: of the vote, or as the paper
    says; satisfied is None where that is not known (yet).

    source: `Case.Source`; became: what somebody made of it, or None while nobody read it. settled: its reasons are known.
    """

    sealed: str
    vote: UUID | None
    source: str
    day: date
    satisfied: bool | None
    counter_id: str
    officer_id: str
    reasons: tuple[str, ...]
    became: str | None
    settled: bool = True

    @property
    def sensitive(self) -> bool:
        """Whether only leaders may see it."""
        return SENSITIVE in self.reasons or not self.settled


class Report(NamedTuple):
    """What the daily report says of the box. came: on the day; of these opened as cases, taken as praise, noted. waiting: what nobody
    read yet, of all days.
    """

    day: date
    came: int
    opened: int
    praise: int
    noted: int
    waiting: int


class _Ways(NamedTuple):
    """The three ways by which something comes into the box."""

    kiosk: QuerySet[Comment]
    form: QuerySet[FormComment]
    paper: QuerySet[PaperSlip]


def slips(unit: Unit, first: date, last: date, *, sensitive: bool) -> list[Slip]:
    """What came to the unit from a day to a day, the latest first. sensitive: whether whoever asks may see those too."""
    return _shown(unit, _between(unit, first, last), sensitive=sensitive)


def awaited(unit: Unit, first: date, last: date, *, sensitive: bool) -> list[Slip]:
    """What kiosks say that citizens wrote, and have not brought yet."""
    announced = _between(unit, first, last, arrived=False)
    return _shown(unit, _Ways(announced.kiosk, FormComment.objects.none(), PaperSlip.objects.none()), sensitive=sensitive)


def unread(unit: Unit, day: date, *, sensitive: bool) -> list[Slip]:
    """What nobody read yet of all that came until the day, the latest first."""
    ways = _between(unit, day - UNREAD_FOR, day)
    return _shown(unit, _Ways(_without_reading(ways.kiosk), _without_reading(ways.form), _without_reading(ways.paper)), sensitive=sensitive)


def find(unit: Unit, sealed: str, *, sensitive: bool) -> Slip | None:
    """One of the comments in the box, or None where there is none for whoever asks."""
    mine = {"unit_id": unit.pk, "sealed": sealed}
    ways = _Ways(Comment.objects.filter(**mine, arrived=True), FormComment.objects.filter(**mine), PaperSlip.objects.filter(**mine))
    return next(iter(_shown(unit, ways, sensitive=sensitive)), None)


def report(unit: Unit, day: date, *, sensitive: bool) -> Report:
    """The day's report."""
    became = [one.became for one in slips(unit, day, day, sensitive=sensitive)]
    return Report(
        day, len(became), became.count(Reading.Became.CASE), became.count(Reading.Became.PRAISE), became.count(Reading.Became.NOTED),
        len(unread(unit, day, sensitive=sensitive)),
    )  # fmt: skip


def bounds(unit: Unit, first: date, last: date) -> tuple[datetime, datetime]:
    """When the first of the days begins on the unit's clocks, and when the last one is over."""
    zone = ZoneInfo(unit.time_zone)
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return begins, ends


def _between(unit: Unit, first: date, last: date, *, arrived: bool = True) -> _Ways:
    begins, ends = bounds(unit, first, last)
    return _Ways(
        Comment.objects.filter(unit_id=unit.pk, arrived=arrived, at__gte=begins, at__lt=ends),
        FormComment.objects.filter(unit_id=unit.pk, received_at__gte=begins, received_at__lt=ends),
        PaperSlip.objects.filter(unit_id=unit.pk, day__range=(first, last)),
    )


def _without_reading(rows: QuerySet[_Row]) -> QuerySet[_Row]:
    return rows.exclude(Exists(Reading.objects.filter(unit_id=OuterRef("unit_id"), sealed=OuterRef("sealed"))))


def _shown(unit: Unit, ways: _Ways, *, sensitive: bool) -> list[Slip]:
    zone, erased = ZoneInfo(unit.time_zone), register().hashes()
    came: dict[str, tuple[UUID, str, date]] = {}
    for row in ways.kiosk:
        came[row.sealed] = (row.vote, Case.Source.KIOSK, row.at.astimezone(zone).date())
    for written in ways.form:
        came[written.sealed] = (written.vote, Case.Source.FORM, written.received_at.astimezone(zone).date())
    found = _with_votes(unit, {sealed: what for sealed, what in came.items() if sealed not in erased})
    found += _of_paper(unit, [row for row in ways.paper if row.sealed not in erased])
    # By the hash within a day: the order of votes would say who came when.
    return sorted((one for one in found if sensitive or not one.sensitive), key=lambda one: (one.day, one.sealed), reverse=True)


def _with_votes(unit: Unit, came: Mapping[str, tuple[UUID, str, date]]) -> list[Slip]:
    votes = {vote for vote, _, _ in came.values()}
    about = {row.id: row for row in Vote.objects.filter(unit_id=unit.pk, id__in=votes)}
    why = dict(Reasons.objects.filter(unit_id=unit.pk, vote__in=votes).values_list("vote", "reasons"))
    by_form = {vote for vote, source, _ in came.values() if source == Case.Source.FORM}
    settled = _settled(unit, [row for key, row in about.items() if key in by_form]) | why.keys()
    became = _became(unit, came.keys())
    found = []
    for sealed, (vote, source, day) in came.items():
        row = about.get(vote)
        place = (row.counter_id, row.officer_id) if row else ("", "")
        known = source != Case.Source.FORM or vote in settled
        satisfied = row.satisfied if row else None
        found.append(Slip(sealed, vote, source, day, satisfied, *place, tuple(why.get(vote, ())), became.get(sealed), known))
    return found


def _settled(unit: Unit, votes: Sequence[Vote]) -> set[UUID]:
    """Those of the votes after which their kiosk sent another: a kiosk writes in order, so that nothing more comes of their visits."""
    ledgers = {vote.ledger for vote in votes}
    last = dict(Vote.objects.filter(unit_id=unit.pk, ledger__in=ledgers).values_list("ledger").annotate(last=Max("seq")))
    return {vote.id for vote in votes if vote.seq < last[vote.ledger]}


def _of_paper(unit: Unit, papers: Sequence[PaperSlip]) -> list[Slip]:
    became = _became(unit, [row.sealed for row in papers])
    return [
        Slip(
            row.sealed, None, Case.Source.PAPER, row.day, row.satisfied, row.counter_id, row.officer_id, tuple(row.reasons),
            became.get(row.sealed),
        )
        for row in papers
    ]  # fmt: skip


def _became(unit: Unit, sealed: Collection[str]) -> dict[str, str]:
    return dict(Reading.objects.filter(unit_id=unit.pk, sealed__in=list(sealed)).values_list("sealed", "became"))
