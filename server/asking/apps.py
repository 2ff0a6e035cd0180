"""The app."""

from django.apps import AppConfig


class AskingConfig(AppConfig):
    """How a matter stands, told to whoever has its number."""

    name = "server.asking"
    verbose_name = "Tra cứu"
