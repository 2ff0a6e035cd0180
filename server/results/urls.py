"""The addresses of pages for people."""

from django.urls import path, re_path

from server.results.own import own
from server.results.tabs.register import TABS
from server.results.views import table_file, today, unit_tab, unit_today

_TAB = rf"don-vi/(?P<unit_id>[-\w]+)/(?P<slug>{'|'.join(tab.slug for tab in TABS)})/"

urlpatterns = [
    path("", today, name="today"),
    path("don-vi/<slug:unit_id>/", unit_today, name="unit"),
    re_path(rf"^{_TAB}$", unit_tab, name="unit-tab"),
    re_path(rf"^{_TAB}(?P<name>[-\w]+)\.(?P<form>xlsx|csv)$", table_file, name="unit-table"),
    path("cua-toi/", own, name="own"),
]
