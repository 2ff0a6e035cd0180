"""The app's entry in Django's register."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Units, counters, officers, memberships."""

    name = "server.places"
    label = "places"
    verbose_name = "Đơn vị và cán bộ"
