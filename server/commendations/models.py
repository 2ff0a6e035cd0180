"""Commendations; they grow, and so carry the unit in their keys. Nothing here is a citizen's: see `server.cases.models`."""

from django.db import models


class Commendation(models.Model):
    """An officer was commended. words: what for, as the list says it, nothing personal of the citizen.

    sealed: from which comment, if any.
    """

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField()
    officer_id = models.TextField()
    day = models.DateField()
    words = models.TextField()
    sealed = models.TextField(default="")
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "day"], name="commended_on_a_day")]

    def __str__(self) -> str:
        return f"{self.officer_id}: {self.words}"
