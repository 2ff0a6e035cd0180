"""The app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The official reports of a period."""

    name = "server.reports"
    verbose_name = "Báo cáo"
