"""Commendations; they grow, and so carry the unit in their keys. Nothing here is a citizen's: see `server.cases.models`."""

from django.db import models
from django.db.models import Q


class Commendation(models.Model):
    """An officer was commended. words: what for, as the list says it, nothing personal of the citizen.

    sealed: from which comment, if any. public: the unit wants it on its board. withdrawn_at: it is listed no more, but stays.
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
    public = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "sealed"], condition=~Q(sealed="") & Q(withdrawn_at=None), name="one_commendation_a_comment"
            )
        ]
        indexes = [models.Index(fields=["unit_id", "day"], name="commended_on_a_day")]

    def __str__(self) -> str:
        return f"{self.officer_id}: {self.words}"
