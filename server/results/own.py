"""The page of an officer's own results: closed blocks and their sums, nothing else."""

from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from server.commendations.queries import of_officer
from server.commendations.telling import Told
from server.places.models import Officer
from server.places.scope import officers_for
from server.results.blocks import closed, total
from server.results.counts import Count
from server.results.models import Block


class Month(NamedTuple):
    """The blocks that ended in a month, the last first, and their sum."""

    first: date
    blocks: list[Block]
    together: Count


class Own(NamedTuple):
    """An officer's results: all together, and by month, the last first; and what the officer was commended for, by month too."""

    officer: Officer
    together: Count
    months: list[Month]
    commended: list[Told]


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The results of each officer that the user is."""
    officers = officers_for(request.user).select_related("unit").order_by("unit__name", "name")
    if not officers:
        raise Http404
    return render(request, "results/own.html", {"here": "own", "own": [_of(officer) for officer in officers]})


def _of(officer: Officer) -> Own:
    today = officer.unit.today()
    blocks = closed(officer, today)
    months = [
        Month(first, list(reversed(of_month)), total(of_month))
        for first, of_month in ((first, list(group)) for first, group in groupby(blocks, lambda block: block.last.replace(day=1)))
    ]
    return Own(officer, total(blocks), list(reversed(months)), of_officer(officer, blocks, today))
