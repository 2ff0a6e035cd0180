"""What officers see of themselves: closed blocks of whole days, so that nobody finds a single citizen's answer by subtraction.

A block is closed once and for ever, and every total that an officer sees is a sum of blocks. So two such totals, of whatever
time they are, differ by whole blocks: by no vote at all, or by at least `FEWEST`. Votes that come late for days of a closed block
are part of the next one. (L. Sweeney, k-anonymity: a model for protecting privacy, Int. J. Uncertainty, Fuzziness and
Knowledge-Based Systems 10 (2002), 557–570, with k = 5.)
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from server.intake.models import OfficerDay
from server.places.models import Officer, Unit
from server.results.counts import Count
from server.results.models import Block

FEWEST = 5


def closed(officer: Officer, today: date) -> list[Block]:
    """The officer's blocks, the first first, after closing what the days before today allow. today: in the officer's unit."""
    here = {"unit_id": officer.unit_id, "officer_id": officer.pk}
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=officer.unit_id)  # who opens the page twice at once closes once
        blocks = list(Block.objects.filter(**here).order_by("number"))
        days = OfficerDay.objects.filter(**here, day__lt=today).values("day").order_by("day")
        tallied = {row["day"]: (row["good"], row["bad"]) for row in days.annotate(good=Sum("satisfied"), bad=Sum("dissatisfied"))}
        new = list(_closing(tallied, blocks))
        Block.objects.bulk_create(Block(**here, number=len(blocks) + 1 + place, **fields) for place, fields in enumerate(new))
        if new:
            blocks = list(Block.objects.filter(**here).order_by("number"))
    return blocks


def total(blocks: Sequence[Block]) -> Count:
    """All blocks together."""
    return Count(sum(block.satisfied for block in blocks), sum(block.dissatisfied for block in blocks))


def _closing(tallied: dict[date, tuple[int, int]], blocks: Sequence[Block]) -> list[dict[str, int | date]]:
    """The blocks that can be closed: as early as they can be. tallied: satisfied and dissatisfied of each day, in their order."""
    if not tallied:
        return []
    made: list[dict[str, int | date]] = []
    last = blocks[-1].last if blocks else min(tallied) - timedelta(days=1)
    known = total(blocks)
    good = sum(pair[0] for day, pair in tallied.items() if day <= last) - known.satisfied
    bad = sum(pair[1] for day, pair in tallied.items() if day <= last) - known.dissatisfied
    first = last + timedelta(days=1)
    for day, pair in tallied.items():
        if day <= last:
            continue
        good, bad = good + pair[0], bad + pair[1]
        # A change that came late may have turned a vote of a closed block: such a block waits until it shows no less than none.
        if good + bad >= FEWEST and min(good, bad) >= 0:
            made.append({"first": first, "last": day, "satisfied": good, "dissatisfied": bad})
            good, bad, first = 0, 0, day + timedelta(days=1)
    return made
