"""The app's entry in Django's register."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    """What deserves a second look."""

    name = "server.flags"
    label = "flags"
    verbose_name = "Cần chú ý"
