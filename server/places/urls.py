"""The addresses of import and export."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def tables(request: HttpRequest) -> HttpResponse:
    """Soon."""
    return HttpResponse("")


urlpatterns = [path("", tables, name="tables")]
