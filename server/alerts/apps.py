"""The app."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """What somebody should act on now, on the page and by e-mail."""

    name = "server.alerts"
    verbose_name = "Cảnh báo"
