"""Every call for other systems: their addresses, and the description of all of them."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from server.reports.api import calls as reports
from server.results.api import calls as results
from server.tokens import places
from server.tokens.call import view
from server.tokens.description import document
from server.transactions import calls as transactions

CALLS = [*places.CALLS.calls, *results.CALLS.calls, *reports.CALLS.calls, *transactions.CALLS.calls]


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description: open to anybody, there is nothing of a unit in it."""
    return HttpResponse(document(CALLS), "application/json")


def _patterns() -> list[URLPattern]:
    by_path = groupby(sorted(CALLS, key=lambda call: call.path), key=lambda call: call.path)
    return [path(address.replace("{unit}", "<slug:unit>").replace("{day}", "<str:day>"), view(list(calls))) for address, calls in by_path]


urlpatterns = [path("openapi.json", description, name="openapi"), *_patterns()]
