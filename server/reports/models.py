"""What the office says in a report, and the papers that were made of it. All grow, and so carry the unit in their keys.

Nothing here is a citizen's: figures, and what the leader wrote for the report.
"""

from uuid import UUID

from django.db import models

from server.results.period import Kind
from sync.entries import uuid7


def new_paper_id() -> UUID:
    """A random id in the order of time (UUIDv7)."""
    return uuid7()


class Opinion(models.Model):
    """What the leader says in the report of a period, the next paper of which has it. points: of the nine indicators, by key: the
    points as a decimal and a remark. first: the period's first day.
    """

    pk = models.CompositePrimaryKey("unit_id", "kind", "first")
    unit_id = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.name) for kind in Kind])
    first = models.DateField()
    remarks = models.TextField(default="", blank=True)
    proposals = models.TextField(default="", blank=True)
    points = models.JSONField(default=dict)
    who = models.TextField(default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.first}"


class Paper(models.Model):
    """A report as it was made, or is being made; once made it never changes.

    kind, first, last: of its period. done, of: how far it is. lease: until when whoever makes it (`maker`) is believed to live; tries:
    how often somebody began. figures: its lasting figures, as `server.reports.content.figures`. fault: why there is none.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "đang chờ"
        MAKING = "making", "đang lập"
        MADE = "made", "đã lập"
        FAILED = "failed", "không lập được"

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField(default=new_paper_id)
    kind = models.TextField(choices=[(kind.value, kind.name) for kind in Kind])
    first = models.DateField()
    last = models.DateField()
    who = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(choices=State, default=State.WAITING)
    done = models.IntegerField(default=0)
    of = models.IntegerField(default=0)
    lease = models.DateTimeField(null=True)
    maker = models.TextField(default="")
    tries = models.IntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    fault = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state__in=("waiting", "making")), name="report_to_be_made"),
            models.Index(fields=["unit_id", "first"], name="report_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.first}: {self.state}"


class File(models.Model):
    """A file of a paper. form: docx or xlsx; sha256: of the body."""

    pk = models.CompositePrimaryKey("unit_id", "paper", "form")
    unit_id = models.TextField()
    paper = models.UUIDField()
    form = models.TextField()
    sha256 = models.TextField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.paper}.{self.form}"
