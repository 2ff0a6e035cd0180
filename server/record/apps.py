"""The app's entry in Django's register."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Who did what."""

    name = "server.record"
    label = "record"
    verbose_name = "Nhật ký truy cập"
