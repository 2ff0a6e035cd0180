"""How long a unit keeps what citizens wrote, what it holds back, and which erasures were ordered. Nothing here is a citizen's."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from sync.entries import uuid7


class Terms(models.Model):
    """For how many months a unit, and all below it that say nothing else, keep things; see `server.personal.rules`."""

    unit_id = models.TextField(primary_key=True)
    noted = models.SmallIntegerField()
    ended = models.SmallIntegerField()
    withdrawn = models.SmallIntegerField()
    unread = models.SmallIntegerField()
    who = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.unit_id


class Hold(models.Model):
    """A case's things are not erased, by no rule and on no request, until a day has passed. because: nothing personal."""

    pk = models.CompositePrimaryKey("unit_id", "case")
    unit_id = models.TextField()
    case = models.TextField()
    until = models.DateField()
    because = models.TextField()
    who = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}: {self.until}"


def new_erasure_id() -> UUID:
    """A random id in the order of time (UUIDv7)."""
    return uuid7()


class Ordered(models.Model):
    """Somebody, or a rule, ordered things to be erased: which, by their hashes, and why; never what they said.

    Written before the first is erased, so that one that broke off is carried out at the next run. rule: its id, empty for a request.
    things: `server.personal.erasing.Thing`s. sensitive: `Right.SEE_SENSITIVE` only. done_at: None while it is not carried out.
    """

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField(default=new_erasure_id)
    rule = models.TextField(default="")
    because = models.TextField()
    things = models.JSONField()
    sensitive = models.BooleanField()
    who = models.TextField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_id"], condition=Q(done_at=None), name="erasure_not_done")]

    def __str__(self) -> str:
        return f"{self.id}: {self.because}"
