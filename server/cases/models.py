"""Cases, what happened in them, and the words that belong to them. All grow, and so carry the unit in their keys.

Nothing here is a citizen's: names, telephone numbers and everything that somebody wrote freely is sealed (`server.comments`), known
here by its hash, and erased there.
"""

from django.db import models
from django.db.models import Q

from server.cases.steps import Step


class Case(models.Model):
    """A matter that an office follows to its end.

    id: the number by which the citizen asks, as `sync.reference`. vote: the vote that it is about, if any; day, counter_id,
    officer_id, reasons: what is known of it. sensitive: `Right.SEE_SENSITIVE` only. subject: in the office's words, nothing
    personal. handler: the login of who sees to it. reception, hour, place: when and where the citizen is asked to come, on a Monday as
    a rule. published: what the board says.
    """

    class Source(models.TextChoices):
        """How it came."""

        KIOSK = "kiosk", "Góp ý trên kiosk"
        FORM = "form", "Góp ý bằng điện thoại"
        VOTE = "vote", "Lượt không hài lòng"
        PAPER = "paper", "Hòm thư góp ý"

    class Outcome(models.TextChoices):
        """How it was answered."""

        NONE = "", "chưa có"
        APOLOGISED = "apologised", "đã xin lỗi và sửa"
        EXPLAINED = "explained", "đã giải thích"

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.TextField()
    source = models.TextField(choices=Source)
    vote = models.UUIDField(null=True)
    day = models.DateField()
    counter_id = models.TextField(default="")
    officer_id = models.TextField(default="")
    reasons = models.JSONField(default=list)
    sensitive = models.BooleanField(default=False)
    subject = models.TextField()
    step = models.TextField(choices=[(step.value, step.label) for step in Step], default=Step.OPENED)
    opened_at = models.DateTimeField()
    stepped_at = models.DateTimeField()
    due = models.DateField(null=True)
    handler = models.TextField(default="")
    reception = models.DateField(null=True)
    hour = models.TimeField(null=True)
    place = models.TextField(default="")
    outcome = models.TextField(choices=Outcome, default=Outcome.NONE)
    published = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "vote"], condition=Q(vote__isnull=False), name="case_by_vote"),
            models.Index(fields=["unit_id", "due"], condition=Q(due__isnull=False), name="case_that_waits"),
            models.Index(fields=["unit_id", "reception"], condition=Q(reception__isnull=False), name="case_on_a_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.subject}"


class Event(models.Model):
    """Something that was done in a case. number: 1, 2, 3 … of the case. step: where it led, empty where it stayed.

    said: in words, nothing personal.
    """

    pk = models.CompositePrimaryKey("unit_id", "case", "number")
    unit_id = models.TextField()
    case = models.TextField()
    number = models.IntegerField()
    at = models.DateTimeField()
    who = models.TextField()
    step = models.TextField(default="")
    said = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.case} {self.number}: {self.said}"


class Paper(models.Model):
    """Something sealed that belongs to a case. sealed: the hash by which `server.comments` keeps it, or has erased it."""

    class Kind(models.TextChoices):
        """What it is."""

        COMMENT = "comment", "Góp ý"
        CONTACT = "contact", "Liên hệ"
        NOTE = "note", "Ghi chú"
        ATTACHMENT = "attachment", "Tệp kèm theo"

    pk = models.CompositePrimaryKey("unit_id", "case", "sealed")
    unit_id = models.TextField()
    case = models.TextField()
    sealed = models.TextField()
    kind = models.TextField(choices=Kind)
    at = models.DateTimeField()
    who = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["sealed"], name="case_paper_by_hash")]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"


class PaperSlip(models.Model):
    """A slip of paper out of the suggestion box, typed in. sealed: the hash of its words; day: when it was found; counter_id,
    officer_id: empty where it says nothing of them; satisfied: whether it praises, null where it does neither.
    """

    pk = models.CompositePrimaryKey("unit_id", "sealed")
    unit_id = models.TextField()
    sealed = models.TextField()
    day = models.DateField()
    counter_id = models.TextField(default="")
    officer_id = models.TextField(default="")
    satisfied = models.BooleanField(null=True)
    reasons = models.JSONField(default=list)
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "day"], name="paper_slip_on_a_day")]

    def __str__(self) -> str:
        return self.sealed


class Reading(models.Model):
    """Somebody read a comment out of the suggestion box, and what became of it. day: in whose report it stands."""

    class Became(models.TextChoices):
        """Of the comment."""

        CASE = "case", "mở vụ việc"
        PRAISE = "praise", "khen"
        NOTED = "noted", "ghi nhận, không cần xử lý"

    pk = models.CompositePrimaryKey("unit_id", "sealed")
    unit_id = models.TextField()
    sealed = models.TextField()
    day = models.DateField()
    became = models.TextField(choices=Became)
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "day"], name="read_on_a_day")]

    def __str__(self) -> str:
        return f"{self.sealed}: {self.became}"
