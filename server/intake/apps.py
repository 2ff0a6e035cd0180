"""The app's entry in Django's register."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Heads, archive, votes, tallies, quarantine."""

    name = "server.intake"
    label = "intake"
    verbose_name = "Tiếp nhận"
