"""What intake keeps. Tables that grow carry the unit in their keys, so that they can be distributed by unit, and refer to
places by plain ids: a batch is evidence and stays as it came, whatever becomes of a counter or an officer.
"""

from django.db import models


class Head(models.Model):
    """How far the server holds a ledger without a gap: highest seq, the digest there, and the time decided for it.

    unit_id, counter_id: from the ledger's first entry, for ever; counter_id is null where that was no valid `opened`.
    at: milliseconds since 1970.
    """

    ledger = models.TextField(primary_key=True)
    unit_id = models.TextField()
    counter_id = models.TextField(null=True)
    device_id = models.TextField()
    seq = models.BigIntegerField()
    digest = models.TextField()
    at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.ledger} {self.seq}"


class Batch(models.Model):
    """The archive: a batch as it was received, with what proves who sent it. digest: at the last entry.

    counter_id: the ledger's, as it was decided when its first batch came.
    """

    pk = models.CompositePrimaryKey("unit_id", "ledger", "last")
    unit_id = models.TextField()
    ledger = models.TextField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    digest = models.TextField()
    counter_id = models.TextField(null=True)
    body = models.BinaryField()
    signature = models.TextField()
    device_key = models.TextField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ledger} {self.first}…{self.last}"


class Vote(models.Model):
    """One citizen's answer. officer_id is empty where nobody was on duty. estimated: `at` was placed between neighbours."""

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    counter_id = models.TextField()
    officer_id = models.TextField()
    satisfied = models.BooleanField()
    at = models.DateTimeField()
    estimated = models.BooleanField()

    def __str__(self) -> str:
        return str(self.id)


class OfficerDay(models.Model):
    """Tally of an officer's votes on a day of the unit's time zone."""

    pk = models.CompositePrimaryKey("unit_id", "officer_id", "day")
    unit_id = models.TextField()
    officer_id = models.TextField()
    day = models.DateField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.officer_id} {self.day}"


class UnitHour(models.Model):
    """Tally of a unit's votes in an hour (0 to 23) of a day of its time zone."""

    pk = models.CompositePrimaryKey("unit_id", "day", "hour")
    unit_id = models.TextField()
    day = models.DateField()
    hour = models.SmallIntegerField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.hour}"


class Quarantine(models.Model):
    """An archived line that could not be interpreted, and why; a person looks at it."""

    pk = models.CompositePrimaryKey("unit_id", "ledger", "seq")
    unit_id = models.TextField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    line = models.BinaryField()
    reason = models.TextField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ledger} {self.seq}: {self.reason}"
