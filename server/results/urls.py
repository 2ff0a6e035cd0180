"""The addresses of pages for people."""

from django.urls import path

from server.results.own import own
from server.results.views import today, unit_today

urlpatterns = [
    path("", today, name="today"),
    path("units/<slug:unit_id>/", unit_today, name="unit"),
    path("cua-toi/", own, name="own"),
]
