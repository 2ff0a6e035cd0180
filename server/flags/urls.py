"""The addresses of flags."""

from django.urls import path

from server.flags.views import flag_page, flags_of_unit, flags_page

urlpatterns = [
    path("", flags_page, name="flags"),
    path("<slug:unit_id>/", flags_of_unit, name="unit-flags"),
    path("<slug:unit_id>/<slug:flag_id>/", flag_page, name="flag"),
]
