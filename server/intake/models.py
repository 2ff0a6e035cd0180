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

    number: the order in which batches and decisions took effect. What was judged by what else the server knew then is kept
    too, so that it can be judged the same again: counter_id, the ledger's, null where it was not validly opened, and
    unknown_officers, the seqs of votes for officers whom nobody knew, parted by commas.
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
    device_id = models.TextField()
    device_key = models.TextField()
    received_at = models.DateTimeField()
    number = models.BigIntegerField(db_index=True)
    unknown_officers = models.TextField()

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
    """Tally of an officer's votes at a counter on a day of the unit's time zone."""

    pk = models.CompositePrimaryKey("unit_id", "day", "counter_id", "officer_id")
    unit_id = models.TextField()
    day = models.DateField()
    counter_id = models.TextField()
    officer_id = models.TextField()
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


class ReasonDay(models.Model):
    """Tally of how often a reason was given about a unit's votes of a day of its time zone."""

    pk = models.CompositePrimaryKey("unit_id", "day", "reason")
    unit_id = models.TextField()
    day = models.DateField()
    reason = models.TextField()
    times = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.reason}"


class StaleDay(models.Model):
    """A unit's day whose tallies changed since `server.results.tiers` looked. changes: how often, so that whoever writes holds it."""

    pk = models.CompositePrimaryKey("unit_id", "day")
    unit_id = models.TextField()
    day = models.DateField()
    changes = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class Follow(models.Model):
    """An entry about a vote: one of each kind a vote. id: the entry's own. said: SHA-256 of its line."""

    unit_id = models.TextField()
    vote = models.UUIDField()
    id = models.UUIDField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    said = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.vote}: {self.id}"


class Change(Follow):
    """The citizen mended a slip of the finger; the vote says so too."""

    pk = models.CompositePrimaryKey("unit_id", "vote")
    satisfied = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_change_once")]


class Reasons(Follow):
    """Why the citizen voted so. reasons: their ids, as they were touched."""

    pk = models.CompositePrimaryKey("unit_id", "vote")
    reasons = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_reasons_once")]


class Comment(Follow):
    """The citizen wrote something. sealed: SHA-256 of the sealed words; key: which sealing key, as the entry says both.

    arrived: `server.comments` holds the sealed bytes; kept here so that what is awaited is found without looking at all others.
    """

    pk = models.CompositePrimaryKey("unit_id", "vote")
    sealed = models.TextField()
    key = models.TextField()
    at = models.DateTimeField()
    arrived = models.BooleanField(db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_comment_once")]
        indexes = [
            models.Index(fields=["sealed"], name="intake_comment_by_hash"),
            models.Index(fields=["ledger"], condition=models.Q(arrived=False), name="intake_comment_awaited"),
        ]


class Waiting(models.Model):
    """An entry about a vote that has not come yet. at: milliseconds since 1970."""

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField()
    vote = models.UUIDField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    line = models.BinaryField()
    at = models.BigIntegerField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} waits for {self.vote}"


class Quarantine(models.Model):
    """An archived line that could not be interpreted, and why; a person looks at it.

    at: when it happened, in milliseconds since 1970; estimated: that was placed between neighbours.
    """

    pk = models.CompositePrimaryKey("unit_id", "ledger", "seq")
    unit_id = models.TextField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    line = models.BinaryField()
    reason = models.TextField()
    at = models.BigIntegerField()
    estimated = models.BooleanField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ledger} {self.seq}: {self.reason}"


class Decision(models.Model):
    """What a person decided about a quarantined line, or that it was folded in then; never changed. number: see `Batch`."""

    class Verdict(models.TextChoices):
        """accept: fold it in as soon as it can be. reject: leave it out. folded: it was folded in."""

        ACCEPT = "accept"
        REJECT = "reject"
        FOLDED = "folded"

    pk = models.CompositePrimaryKey("unit_id", "number")
    number = models.BigIntegerField(db_index=True)
    unit_id = models.TextField()
    ledger = models.TextField()
    seq = models.BigIntegerField()
    verdict = models.TextField(choices=Verdict)
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "ledger", "seq"], name="intake_decision_by_line")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.seq}: {self.verdict}"


class PublishedDay(models.Model):
    """A unit's published day. heads: how far each ledger that grew since the unit's day before is held, a line each.

    digest: SHA-256 over the digest of the unit's day before (`previous`) and these lines, so it vouches for all before it too.
    """

    pk = models.CompositePrimaryKey("unit_id", "day")
    unit_id = models.TextField()
    day = models.DateField(db_index=True)
    previous = models.TextField()
    heads = models.TextField()
    digest = models.TextField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}: {self.digest}"
