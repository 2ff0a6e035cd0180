"""Choosing a unit whose box, cases or Mondays are to be seen; the only one there is opens at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from server.places.choosing import FEW, choose
from server.places.models import Unit
from server.places.scope import Right, units_for
from server.results.queries import serving


class Told(NamedTuple):
    """A unit in the list, and what is told of it."""

    unit: Unit
    words: str


def chosen(request: HttpRequest, right: Right, entry: str, to: str, title: str, tell: Callable[[Unit, bool], str]) -> HttpResponse:
    """A list of the units where the user has the right, or the page of the only one.

    entry: the page's name in the bar; to: the name of a unit's page; tell: what is said of a unit, to somebody who may see what is for
    leaders alone or may not.
    """
    units = units_for(request.user, right)
    if not units.exists():
        raise Http404
    choice = choose(serving(units), request)
    if len(choice.units) == 1 and not choice.wanted:
        return redirect(to, choice.units[0].pk)
    if len(choice.units) <= FEW:  # of more it would take too long
        secret = set(
            units_for(request.user, Right.SEE_SENSITIVE).filter(pk__in=[one.pk for one in choice.units]).values_list("pk", flat=True)
        )
        choice = replace(choice, rows=[Told(unit, tell(unit, unit.pk in secret)) for unit in choice.units])
    return render(request, "cases/units.html", {"here": entry, "title": title, "to": to, "choice": choice})
