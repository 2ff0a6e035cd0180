"""The public page of the daily hashes, and the text that each is the hash of."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from server.intake.models import PublishedDay
from server.intake.publish import published

DAYS = 14


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """The last days with their hashes, for everybody."""
    days = PublishedDay.objects.order_by("-day").values_list("day", flat=True).distinct()[:DAYS]
    return render(request, "intake/seals.html", {"days": list(published(list(days)))})


@require_safe
@cache_control(public=True, max_age=300)
def seal_text(request: HttpRequest, day: str) -> HttpResponse:
    """The text of a day, of which `sha256sum` gives the hash."""
    try:
        found = list(published([date.fromisoformat(day)]))
    except ValueError as error:
        raise Http404 from error
    if not found:
        raise Http404
    return HttpResponse(found[0].text, content_type="text/plain; charset=utf-8")
