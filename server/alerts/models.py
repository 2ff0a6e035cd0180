"""Alerts with their history, what units set for them, who gets mail, and what was sent. All that grows carries the unit in its key."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from server.places.models import Unit


class Alert(models.Model):
    """Something in a unit that somebody should see to now.

    about: what it is about (its kind and the id of its subject), so that whoever looks again finds the same; number: 1, 2, 3 … of
    those about the same; id: both, as it stands in addresses. figures: what is said of it, in counts and days, never an instant of a
    vote, never a person. weight: how bad it is, in its kind's own measure; weight_then: when somebody closed it. sensitive: for
    `Right.SEE_SENSITIVE` only. gone_at: the cause was gone, and the alert with it.
    """

    class Kind(models.TextChoices):
        """What caused it."""

        SHARE = "share", "Tỷ lệ hài lòng thấp"
        BURST = "burst", "Nhiều lượt không hài lòng"
        CASE = "case", "Vụ việc quá hạn"
        UNREAD = "unread", "Góp ý chưa đọc"
        SILENT = "silent", "Kiosk không liên lạc"
        FLAGGED = "flagged", "Thiết bị bất thường"
        QUARANTINE = "quarantine", "Dữ liệu chờ quyết định"

    class State(models.TextChoices):
        """What somebody, or the passing of the cause, made of it."""

        OPEN = "open", "chưa xử lý"
        ACKNOWLEDGED = "acknowledged", "đã nhận"
        CLOSED = "closed", "đã đóng"
        GONE = "gone", "tự hết"

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.TextField()
    about = models.TextField()
    number = models.IntegerField()
    kind = models.TextField(choices=Kind)
    subject = models.TextField()
    figures = models.JSONField()
    weight = models.IntegerField()
    weight_then = models.IntegerField(null=True)
    sensitive = models.BooleanField(default=False)
    state = models.TextField(choices=State, default=State.OPEN)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "about"], condition=Q(gone_at=None), name="one_alert_about_a_matter")]
        indexes = [
            models.Index(fields=["unit_id", "about", "number"], name="alerts_by_matter"),
            models.Index(fields=["since"], name="alerts_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.id}"

    @property
    def waits(self) -> bool:
        """Whether nobody has finished with it, and the cause lasts."""
        return self.state in (self.State.OPEN, self.State.ACKNOWLEDGED)


class Happening(models.Model):
    """A line of an alert's history. number: 1, 2, 3 … of the alert; who: empty where it came by itself; sealed: what somebody wrote, by
    its hash in `server.comments`, or empty.
    """

    class What(models.TextChoices):
        """What happened."""

        BEGAN = "began", "Hệ thống nêu cảnh báo."
        WORSE = "worse", "Nguyên nhân nặng hơn nhiều so với khi đóng: mở cảnh báo mới."
        ACKNOWLEDGED = "acknowledged", "Đã nhận xử lý"
        COMMENTED = "commented", "Ghi chú"
        CLOSED = "closed", "Đã đóng"
        GONE = "gone", "Nguyên nhân không còn: cảnh báo tự hết."

    pk = models.CompositePrimaryKey("unit_id", "alert", "number")
    unit_id = models.TextField()
    alert = models.TextField()
    number = models.IntegerField()
    at = models.DateTimeField()
    who = models.TextField(default="")
    what = models.TextField(choices=What)
    sealed = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.alert} {self.number}: {self.what}"


class Wishes(models.Model):
    """What a unit set for its alerts; None where it says nothing, and what stands above it holds.

    threshold: percent of the satisfied; silent_minutes: of opening time; digest_at: on the unit's clocks; kinds: which alerts.
    """

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="+")
    threshold = models.SmallIntegerField(null=True)
    silent_minutes = models.SmallIntegerField(null=True)
    digest_at = models.TimeField(null=True)
    kinds = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.unit_id


class Mailbox(models.Model):
    """Where a user gets mail. address: confirmed by the link that was sent to it, and good only while it is the user's e-mail address;
    wanted: awaits that, since asked_at. bundled_at: when grave alerts were put down for sending; bundled_until: those until then. fault:
    why mail came back, in a word.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    address = models.EmailField(default="")
    wanted = models.EmailField(default="")
    asked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    bundled_at = models.DateTimeField(null=True)
    bundled_until = models.DateTimeField(null=True)
    fault = models.TextField(default="")

    def __str__(self) -> str:
        return str(self.user)


class Subscription(models.Model):
    """A user wants mail about a unit. digest: each working day's; urgent: grave alerts at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    digest = models.BooleanField(default=True)
    urgent = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="one_subscription_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"


class Mail(models.Model):
    """A message that is to be sent, or was. about: what it is, once a user; nothing of its contents is kept, it is made when it is sent.

    unit: of a digest; None for alerts of all units of the user, those since `after` up to `until`. next_at: not before; until: not
    after that (a digest). claimed_at: some process has it. fault: why it was not sent the last time, in a word.
    """

    class Kind(models.TextChoices):
        """Of mail."""

        DIGEST = "digest", "Bản tin ngày"
        URGENT = "urgent", "Cảnh báo khẩn"

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "chờ gửi"
        CLAIMED = "claimed", "đang gửi"
        SENT = "sent", "đã gửi"
        NOTHING = "nothing", "không có gì để gửi"
        FAILED = "failed", "không gửi được"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    kind = models.TextField(choices=Kind)
    about = models.TextField()
    day = models.DateField()
    after = models.DateTimeField(null=True)
    until = models.DateTimeField()
    state = models.TextField(choices=State, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="each_mail_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=("waiting", "claimed")), name="mail_that_waits"),
            models.Index(F("unit"), F("day"), name="mail_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.state}"
