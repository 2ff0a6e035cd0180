"""The app's entry in Django's register."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class ResultsConfig(AppConfig):
    """Pages of results."""

    name = "server.results"
    label = "results"
    verbose_name = "Kết quả"

    def ready(self) -> None:
        """A unit that belonged elsewhere moves its days in the second tier."""
        from server.places.models import Standing

        post_save.connect(_moved, sender=Standing, dispatch_uid="results")
        post_delete.connect(_moved, sender=Standing, dispatch_uid="results")


def _moved(instance: Any, **_: object) -> None:  # noqa: ANN401 as Django hands them on
    from server.results.tiers import derive_again

    derive_again(instance.unit_id)
