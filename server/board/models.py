"""What was published. It is a copy of what was known then, so that what citizens have read does not change behind their back."""

from django.db import models

from server.results.counts import Count
from server.results.period import Kind, Period


class Publication(models.Model):
    """A unit published its results of a period. number: 1, 2, 3 … of the unit; the highest of a period is what holds.

    reasons: ids and words of what citizens want mended, and how often, the most frequent first, as a list of pairs. withdrawn_at:
    it is not shown any more, but stays.
    """

    pk = models.CompositePrimaryKey("unit_id", "number")
    unit_id = models.TextField()
    number = models.IntegerField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    first = models.DateField()
    last = models.DateField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()
    handled = models.IntegerField()
    rated = models.IntegerField()
    reasons = models.JSONField()
    who = models.TextField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}: {self.period}"

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(Kind(self.kind), self.first, self.last)

    @property
    def votes(self) -> Count:
        """What was counted."""
        return Count(self.satisfied, self.dissatisfied, self.handled, self.rated)


class TakenDown(models.Model):
    """A case's published outcome is not shown on the board, though it was. case: its id, which nobody reads on the board."""

    pk = models.CompositePrimaryKey("unit_id", "case")
    unit_id = models.TextField()
    case = models.TextField()
    who = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.case}"
