"""The page behind “Quản trị”: by what the user runs the system."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from server.administration.beginning import steps
from server.navigation import running
from server.places.scope import Right, may


@require_safe
@login_required
def running_page(request: HttpRequest) -> HttpResponse:
    """What there is for the user, each with a sentence; the only one there is opens at once."""
    entries = running(request.user)
    if not entries:
        raise Http404
    if len(entries) == 1:
        return redirect(entries[0].name)
    beginning = steps(request.user) if may(request.user, Right.ARRANGE) else []
    return render(request, "running.html", {"here": "running", "entries": entries, "steps": beginning})
