"""Flags, what people judged of them, and which days were looked at. All grow, and so carry the unit in their keys."""

from uuid import UUID

from django.db import models

from sync.entries import uuid7


class Flag(models.Model):
    """Something of a unit's finished day or week that a person should judge. It changes no count.

    id: says what it is about (day, kind, counter or officer, rating), so that who looks again finds the same flag; it stands in the
    flag's address and never says a time. day: the last of what it is about; since: the first. begins, ends: of the votes that are
    meant, for `Right.SEE_MOMENTS` only; all others get `half`. gone: votes that came late explain it. verdict: the latest judgement's.
    """

    class Kind(models.TextChoices):
        """As `server.flags.findings.Kind`."""

        BURST = "burst", "Đánh giá dồn dập"
        OUTSIDE = "outside", "Đánh giá ngoài giờ"
        STREAK = "streak", "Chuỗi hài lòng cuối giờ"
        SILENT = "silent", "Kiosk bật, hầu như không có đánh giá"
        HARDLY = "hardly", "Quầy ít được đánh giá"
        UNLIKE = "unlike", "Tỷ lệ khác hẳn trước đây"

    class Half(models.TextChoices):
        """Of the day."""

        MORNING = "morning", "sáng"
        AFTERNOON = "afternoon", "chiều"
        NONE = "", "cả ngày"

    class Verdict(models.TextChoices):
        """What a person said of it."""

        OPEN = "", "chưa xem xét"
        UNUSUAL = "unusual", "đúng là bất thường"
        REASON = "reason", "có lý do"

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.TextField()
    kind = models.TextField(choices=Kind)
    counter_id = models.TextField()
    officer_id = models.TextField()
    rating = models.TextField()
    since = models.DateField()
    day = models.DateField()
    half = models.TextField(choices=Half)
    begins = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    figures = models.JSONField()
    p = models.FloatField()
    found_at = models.DateTimeField()
    gone = models.BooleanField(default=False)
    verdict = models.TextField(choices=Verdict, default=Verdict.OPEN)

    class Meta:
        verbose_name = "điều cần chú ý"
        verbose_name_plural = "điều cần chú ý"
        indexes = [models.Index(fields=["unit_id"], condition=models.Q(verdict="", gone=False), name="flags_flag_open")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.id}"


def new_judgement_id() -> UUID:
    """A random id in the order of time (UUIDv7)."""
    return uuid7()


class Judgement(models.Model):
    """A person said what a flag is about; never changed, another is added. figures: the flag's as they were then. who: the user's name."""

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField(default=new_judgement_id)
    flag_id = models.TextField()
    verdict = models.TextField(choices=[choice for choice in Flag.Verdict.choices if choice[0]])
    note = models.TextField()
    figures = models.JSONField()
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "flag_id"], name="flags_judgement_by_flag")]

    def __str__(self) -> str:
        return f"{self.flag_id}: {self.verdict}"


class Look(models.Model):
    """A unit's days from `first` to `last`, one or a week, were looked at when this was counted of them; other counts, another look.

    heard: counters whose kiosk was known to be on then, which later looks may no longer know.
    """

    pk = models.CompositePrimaryKey("unit_id", "first", "last")
    unit_id = models.TextField()
    first = models.DateField()
    last = models.DateField()
    satisfied = models.IntegerField()
    dissatisfied = models.IntegerField()
    handled = models.IntegerField()
    heard = models.JSONField(default=list)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.first}–{self.last}"
