"""The app's entry in Django's register."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Published results."""

    name = "server.board"
    label = "board"
    verbose_name = "Công khai kết quả"
