"""One line of the record; lines are only ever added.

The database itself refuses to change a line, and to delete one younger than `KEPT_YEARS`: see `server.record.triggers`.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import models

from sync.entries import uuid7

KEPT_YEARS = 2


def new_id() -> UUID:
    """A random id in the order of time (UUIDv7)."""
    return uuid7()


def first_id(moment: datetime) -> UUID:
    """Below every id of a line since the moment, above those of all before: a line's time is that of its id."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def time_of(line_id: UUID) -> datetime:
    """When the id was made, to the millisecond."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=line_id.int >> 80)


class Line(models.Model):
    """Somebody did something. who: the user's or the token's name, for ever, whatever becomes of them. subject: an id; never what
    is personal itself. unit_id: where, or empty where it is about no unit.
    """

    class Action(models.TextChoices):
        """What was done."""

        LOGIN = "login", "đăng nhập"
        REFUSED = "refused", "đăng nhập không được"
        VIEW = "view", "xem"
        EXPORT = "export", "xuất dữ liệu"
        CHANGE = "change", "thay đổi"

    pk = models.CompositePrimaryKey("unit_id", "id")
    unit_id = models.TextField()
    id = models.UUIDField(default=new_id)
    at = models.DateTimeField()
    who = models.TextField()
    address = models.TextField()
    action = models.TextField(choices=Action)
    subject = models.TextField()
    detail = models.TextField()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký truy cập"
        default_permissions = ()  # it is read on its own page only
        indexes = [
            models.Index(fields=["id"], name="record_by_time"),
            models.Index(fields=["who", "id"], name="record_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.get_action_display()} {self.subject}"
