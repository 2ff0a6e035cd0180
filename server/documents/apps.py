"""The app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official papers as Word files: their layout, their templates, their numbers."""

    name = "server.documents"
    verbose_name = "Văn bản"
