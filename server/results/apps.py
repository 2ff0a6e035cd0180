"""The app's entry in Django's register."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Pages of results."""

    name = "server.results"
    label = "results"
    verbose_name = "Kết quả"
