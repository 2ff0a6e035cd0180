"""The app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The suggestion box and its cases."""

    name = "server.cases"
    verbose_name = "Vụ việc"
