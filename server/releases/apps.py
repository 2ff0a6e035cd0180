"""The app's entry in Django's register."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Versions of the kiosk's program."""

    name = "server.releases"
    label = "releases"
    verbose_name = "Phiên bản kiosk"
