"""Tokens, and on which days they read what."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models

from server.places.models import Unit
from sync.crockford import random_text


def new_token_id() -> str:
    """A random id such as t-7Q2K9XVTM4."""
    return f"t-{random_text(10)}"


class Token(models.Model):
    """What another system shows with each call. It is valid for a unit and all below it, and kept only as a keyed hash.

    name: which system has it, as the record calls it. made_by: the user's name. used_at: to some minutes.
    """

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_token_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="tokens")
    name = models.CharField("tên hệ thống", max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    reads_results = models.BooleanField("đọc kết quả đánh giá")
    tells_transactions = models.BooleanField("gửi số hồ sơ")
    made_at = models.DateTimeField("tạo lúc")
    made_by = models.TextField("người tạo")
    expires_at = models.DateTimeField("hết hạn lúc")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True)
    used_at = models.DateTimeField("dùng gần nhất", null=True)

    class Meta:
        verbose_name = "mã truy cập"
        verbose_name_plural = "mã truy cập"
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    @property
    def last_day(self) -> date:
        """The last whole day, on the unit's clocks, on which it lets anybody in."""
        return (self.expires_at - timedelta(seconds=1)).astimezone(ZoneInfo(self.unit.time_zone)).date()

    def valid(self, now: datetime) -> bool:
        """Whether it lets anybody in."""
        return self.revoked_at is None and now < self.expires_at


class ReadDay(models.Model):
    """A token read a unit's results on a day (of the server's time zone): the record has its line for it."""

    pk = models.CompositePrimaryKey("unit_id", "token_id", "day")
    unit_id = models.TextField()
    token_id = models.TextField()
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.token_id} {self.unit_id} {self.day}"
