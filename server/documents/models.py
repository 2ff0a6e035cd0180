"""How a unit's papers are headed and signed, the templates that it changed, and the numbers that its papers got.

Nothing here is a citizen's: a letter is made when it is fetched, and kept nowhere.
"""

from django.core.validators import RegexValidator
from django.db import models

from server.places.models import Unit


class Details(models.Model):
    """What stands on each paper of a unit. body, superior: as in a sentence; the head says them in capitals.

    authority: the lines over the signatory's position, as “TM. ỦY BAN NHÂN DÂN”; office: who drafts, as “VP”.
    numbered: whether the system gives numbers, or leaves room for the clerk's.
    """

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="paper_details", editable=False)
    body = models.CharField("Tên cơ quan ban hành", max_length=200)
    superior = models.CharField("Tên cơ quan chủ quản", max_length=200, blank=True)
    symbol = models.CharField(
        "Ký hiệu cơ quan", max_length=20, validators=[RegexValidator(r"^[\w.&-]+\Z", "Ký hiệu viết liền, ví dụ UBND.")]
    )
    office = models.CharField(
        "Ký hiệu bộ phận soạn thảo", max_length=20, validators=[RegexValidator(r"^[\w.&-]+\Z", "Ký hiệu viết liền, ví dụ VP.")]
    )
    place = models.CharField("Địa danh", max_length=100)
    authority = models.CharField("Quyền hạn người ký", max_length=200, blank=True)
    position = models.CharField("Chức vụ người ký", max_length=100)
    signatory = models.CharField("Họ và tên người ký", max_length=100, blank=True)
    address = models.CharField("Địa chỉ trụ sở", max_length=300, blank=True)
    phone = models.CharField("Điện thoại", max_length=50, blank=True)
    room = models.CharField("Nơi tiếp công dân", max_length=200, blank=True)
    mondays = models.CharField("Giờ tiếp công dân thứ Hai", max_length=100, blank=True)
    numbered = models.BooleanField("Hệ thống cấp số cho giấy mời, thư", default=True)

    def __str__(self) -> str:
        return self.body


class TemplateVersion(models.Model):
    """A template as the unit changed it. number: 1, 2, 3 … of the kind; the last is used. body: empty for “back to the default”."""

    pk = models.CompositePrimaryKey("unit_id", "kind", "number")
    unit_id = models.TextField()
    kind = models.TextField()
    number = models.IntegerField()
    body = models.BinaryField()
    who = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Number(models.Model):
    """The number of a paper: 1, 2, 3 … of the unit, the year and the kind, without gaps. subject: the id of what it is about."""

    pk = models.CompositePrimaryKey("unit_id", "year", "kind", "number")
    unit_id = models.TextField()
    year = models.IntegerField()
    kind = models.TextField()
    number = models.IntegerField()
    subject = models.TextField()
    symbol = models.TextField()
    who = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "year", "kind", "subject"], name="one_number_a_paper")]

    @property
    def written(self) -> str:
        """As it stands on the paper: below ten with a zero before it (Decree 30/2020/NĐ-CP, Appendix I)."""
        return f"{self.number:02}/{self.symbol}"

    def __str__(self) -> str:
        return self.written
