"""Who comes in: the unit and the case of an address, for whoever asks; what they may not see is as absent as what there is not."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from server.cases.models import Case
from server.places.models import Unit
from server.places.scope import Right, may_in, units_for


@dataclass(frozen=True)
class Here:
    """A unit, and what the user of the request may do there. sensitive: see what is for leaders alone."""

    unit: Unit
    reads: bool
    follows: bool
    sensitive: bool
    publishes: bool


def here(request: HttpRequest, unit_id: str, right: Right) -> Here:
    """The unit where the user has the right."""
    unit = get_object_or_404(units_for(request.user, right).select_related("parent"), pk=unit_id)

    def may(other: Right) -> bool:
        return other is right or may_in(request.user, other, unit.pk)

    return Here(unit, may(Right.READ_COMMENTS), may(Right.FOLLOW_CASES), may(Right.SEE_SENSITIVE), may(Right.PUBLISH))


def case_here(request: HttpRequest, unit_id: str, case_id: str) -> tuple[Here, Case]:
    """A case that the user may follow."""
    place = here(request, unit_id, Right.FOLLOW_CASES)
    case = get_object_or_404(Case, unit_id=place.unit.pk, id=case_id)
    if case.sensitive and not place.sensitive:
        raise Http404
    return place, case
