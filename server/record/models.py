"""One line of the record; lines are only ever added."""

from uuid import UUID

from django.db import models

from sync.entries import uuid7


def new_id() -> UUID:
    """A random id in the order of time (UUIDv7)."""
    return uuid7()


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

    def __str__(self) -> str:
        return f"{self.who}: {self.get_action_display()} {self.subject}"
