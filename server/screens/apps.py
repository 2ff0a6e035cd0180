"""The app's entry in Django's register."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Screens, and what they say."""

    name = "server.screens"
    label = "screens"
    verbose_name = "Màn hình của kiosk"
