"""What results are counted from beside the votes, and what is derived from the tallies that intake keeps.

All tables that grow carry the unit in their keys, as intake's do. An area is a unit with units below it: a province, the country.
"""

from django.db import models


class TransactionCount(models.Model):
    """How many transactions a unit handled on a day: what participation is of. A unit's day is told as a whole, in one row or in
    several by counter or officer, whose ids are empty where that was not said; the sum of its rows is the unit's.

    source: how it came, one of `Source`. who: the user's or the token's name.
    """

    class Source(models.TextChoices):
        """How a count came."""

        TYPED = "typed", "nhập tay"
        WORKBOOK = "workbook", "tệp Excel/CSV"
        API = "api", "hệ thống một cửa"

    pk = models.CompositePrimaryKey("unit_id", "day", "counter_id", "officer_id")
    unit_id = models.TextField()
    day = models.DateField()
    counter_id = models.TextField()
    officer_id = models.TextField()
    handled = models.IntegerField()
    source = models.TextField(choices=Source)
    who = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}: {self.handled}"


class UnitDay(models.Model):
    """The second tier: a unit's votes on a day, its own and those of all below it. parent_id: where it belonged that day, or empty.

    handled: transactions, of the units that told them; rated: the votes of those units, which participation compares with them.
    """

    pk = models.CompositePrimaryKey("unit_id", "day")
    unit_id = models.TextField()
    day = models.DateField()
    parent_id = models.TextField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()
    handled = models.IntegerField()
    rated = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["parent_id", "day"], name="results_unitday_by_parent")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class AreaHour(models.Model):
    """The second tier: an area's votes in an hour (0 to 23) of a day, each unit's by its own clocks."""

    pk = models.CompositePrimaryKey("unit_id", "day", "hour")
    unit_id = models.TextField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.hour}"


class AreaReason(models.Model):
    """The second tier: how often a reason was given in an area on a day.

    reason: all that units thought of themselves are one for each answer, `OWN_DISSATISFIED` and `OWN_SATISFIED`; empty for what no
    unit has.
    """

    OWN_DISSATISFIED, OWN_SATISFIED = "*dissatisfied", "*satisfied"  # ids of reasons have no asterisk

    pk = models.CompositePrimaryKey("unit_id", "day", "reason")
    unit_id = models.TextField()
    day = models.DateField()
    reason = models.TextField()
    times = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.reason}"


class Block(models.Model):
    """Whole days of an officer's votes, at least `server.results.blocks.FEWEST`, closed for ever: all that the officer sees.

    Votes that came late for its days are in a later block. number: 1, 2, 3 … of the officer in the unit.
    """

    pk = models.CompositePrimaryKey("unit_id", "officer_id", "number")
    unit_id = models.TextField()
    officer_id = models.TextField()
    number = models.IntegerField()
    first = models.DateField()
    last = models.DateField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.officer_id} {self.number}: {self.first}–{self.last}"

    @property
    def n(self) -> int:
        """All votes."""
        return self.satisfied + self.dissatisfied
