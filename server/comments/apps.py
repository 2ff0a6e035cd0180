"""The app's entry in Django's register."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Sealed comments."""

    name = "server.comments"
    label = "comments"
    verbose_name = "Góp ý"
