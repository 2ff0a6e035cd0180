"""The app."""

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """What is held about a person: kept by rule, told and erased on request."""

    name = "server.personal"
    verbose_name = "Dữ liệu cá nhân"
