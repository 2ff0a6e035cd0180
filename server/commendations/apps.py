"""The app."""

from django.apps import AppConfig


class CommendationsConfig(AppConfig):
    """Officers commended, by citizens or by their leaders."""

    name = "server.commendations"
    verbose_name = "Khen"
