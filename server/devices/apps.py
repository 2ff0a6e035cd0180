"""The app's entry in Django's register."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Devices and enrolment codes."""

    name = "server.devices"
    label = "devices"
    verbose_name = "Thiết bị"
