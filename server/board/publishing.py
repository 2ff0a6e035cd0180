"""Publishing a period's results, and the rules for what may be published."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from server.board.models import Publication
from server.places.models import Unit
from server.results import queries
from server.results.blocks import FEWEST
from server.results.counts import Count
from server.results.period import Period
from server.results.statistics import MINIMUM_N

REASONS = 5


class NotPublishableError(Exception):
    """Why a period cannot be published; the message is for the person who tried."""


class Draft(NamedTuple):
    """What would be public of a period. obstacle: why it cannot be, in a sentence, or empty."""

    period: Period
    votes: Count
    reasons: list[tuple[str, int]]
    obstacle: str


def draft(unit: Unit, period: Period) -> Draft:
    """What would be public, counted now.

    A period must be over, with at least `MINIMUM_N` votes. And whoever knows of one officer's closed blocks, as that officer does,
    must not find single votes by subtraction: all others together have at least `FEWEST`.
    """
    if queries.is_area(unit):
        votes, alone = queries.total(unit, period), False
    else:
        facts = queries.facts(unit, period)
        votes = facts.total
        alone = any(row.key and votes.n - row.count.n < FEWEST for row in facts.by_officer() if row.count.n)
    wanted = [(reason.words, reason.times) for reason in queries.reasons(unit, period) if reason.rating == "dissatisfied"]
    reasons = [(words, times) for words, times in wanted if times >= FEWEST][:REASONS]
    obstacle = ""
    if period.last >= unit.today():
        obstacle = f"Kỳ này chưa kết thúc. Có thể công bố từ ngày {(period.last + period.last.resolution):%d/%m/%Y}."
    elif votes.n < MINIMUM_N:
        obstacle = f"Kỳ này có {votes.n} lượt đánh giá; cần từ {MINIMUM_N} lượt để công bố tỷ lệ."
    elif alone:
        obstacle = (
            "Hầu như mọi lượt đánh giá của kỳ này thuộc về một cán bộ, nên số liệu chung sẽ làm lộ câu trả lời của từng người dân. "
            "Xin chọn kỳ dài hơn."
        )
    return Draft(period, votes, reasons, obstacle)


def publish(unit: Unit, period: Period, who: str, now: datetime) -> Publication:
    """Publish what is counted now; an earlier publication of the period is replaced, and stays. Raises `NotPublishableError`."""
    made = draft(unit, period)
    if made.obstacle:
        raise NotPublishableError(made.obstacle)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        latest = Publication.objects.filter(unit_id=unit.pk).order_by("-number").first()
        return Publication.objects.create(
            unit_id=unit.pk,
            number=latest.number + 1 if latest else 1,
            kind=period.kind,
            first=period.first,
            last=period.last,
            satisfied=made.votes.satisfied,
            dissatisfied=made.votes.dissatisfied,
            handled=made.votes.handled,
            rated=made.votes.rated,
            reasons=made.reasons,
            who=who,
            published_at=now,
        )


def withdraw(unit: Unit, number: int) -> bool:
    """Show a publication no more, nor earlier ones of its period; returns whether it was shown."""
    found = Publication.objects.filter(unit_id=unit.pk, number=number).first()
    if found is None:
        return False
    shown = Publication.objects.filter(unit_id=unit.pk, first=found.first, last=found.last, withdrawn_at=None)
    return bool(shown.update(withdrawn_at=timezone.now()))


def published(unit: Unit) -> list[Publication]:
    """What holds of each period, the latest period first."""
    rows = Publication.objects.filter(unit_id=unit.pk, withdrawn_at=None).order_by("number")
    return newest_first(list({(row.first, row.last): row for row in rows}.values()))


def newest_first(publications: Sequence[Publication]) -> list[Publication]:
    """By the end of their periods, of these the longest first."""
    return sorted(publications, key=lambda row: (row.last, row.period.days), reverse=True)
