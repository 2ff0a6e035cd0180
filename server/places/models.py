"""Units, counters, officers with their photos, and memberships; their ids are random and never change, so results may refer to them.

What a unit was called and where it belonged on a day stands in its `Standing`s; `server.places.history` writes them.
"""

from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from sync.crockford import random_text

ID_CHARACTERS = 8
BEGINNING = date(2025, 1, 1)  # no kiosk voted before


def new_unit_id() -> str:
    """A random id such as u-7Q2K9XVT."""
    return f"u-{random_text(ID_CHARACTERS)}"


def new_counter_id() -> str:
    """A random id such as c-7Q2K9XVT."""
    return f"c-{random_text(ID_CHARACTERS)}"


def new_officer_id() -> str:
    """A random id such as o-7Q2K9XVT."""
    return f"o-{random_text(ID_CHARACTERS)}"


def new_upload_id() -> str:
    """A random id such as t-7Q2K9XVTM47Q2K9XVTM4."""
    return f"t-{random_text(20)}"


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless the name is a time zone of the IANA database."""
    if name not in _time_zones():
        raise ValidationError("Không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh")


@cache
def _time_zones() -> set[str]:
    return available_timezones()  # reads hundreds of files each time


class Unit(models.Model):
    """The country, a province or a commune. Days and hours of its results are those of its own time zone.

    name, parent: as they are today; see `Standing` for any other day. ended: the last day of a unit that was merged into
    `successor`, else None. shown: what its kiosks are told to show, JSON, as `server.screens.publish` makes it; empty where
    nothing was changed.
    """

    class Kind(models.TextChoices):
        """The two levels of local government since 1 July 2025 (Law 72/2025/QH15, article 1), and what stands over them."""

        COUNTRY = "country", "cả nước"
        PROVINCE = "province", "tỉnh, thành phố"
        COMMUNE = "commune", "xã, phường, đặc khu"

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_unit_id, editable=False)
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("cấp", max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="thuộc", related_name="below")
    time_zone = models.CharField("múi giờ", max_length=64, default="Asia/Ho_Chi_Minh", validators=[validate_time_zone])
    ended = models.DateField("ngày cuối cùng", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="nhập vào", related_name="predecessors")
    shown = models.TextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A commune stands under a province, a province under the country, and no two of one name beside each other."""
        if self.parent and Unit.Kind(self.parent.kind) != ABOVE.get(Unit.Kind(self.kind)):
            raise ValidationError({"parent": "Xã, phường, đặc khu thuộc một tỉnh, thành phố; tỉnh, thành phố thuộc cả nước."})
        if Unit.objects.filter(parent=self.parent, name__iexact=self.name, ended=None).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "Đã có đơn vị tên này. Xin mở đơn vị đó trong danh sách, hoặc đặt tên khác."})

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        """Keep the unit. Another name or parent corrects its standing of today; `server.places.history.stand` is for a change."""
        before = Unit.objects.filter(pk=self.pk).values_list("name", "parent_id").first()
        super().save(*args, **options)
        standing = self.standings.filter(since__lte=self.today()).order_by("-since").first()
        if standing is None:
            if not self.standings.exists():
                self.standings.create(since=BEGINNING, name=self.name, parent_id=self.parent_id)
        elif before != (self.name, self.parent_id) != (standing.name, standing.parent_id):
            standing.name, standing.parent_id = self.name, self.parent_id
            standing.save()

    def today(self) -> date:
        """The day on the clocks of the unit."""
        return timezone.now().astimezone(ZoneInfo(self.time_zone)).date()

    def address(self) -> str:
        """Its name with that of the unit above it: communes of several provinces have the same."""
        return f"{self.name}, {self.parent}" if self.parent else self.name

    def is_over(self) -> bool:
        """Whether its last day has passed: nothing new begins in it, all that it was stays readable."""
        return self.ended is not None and self.ended < self.today()


ABOVE = {Unit.Kind.COMMUNE: Unit.Kind.PROVINCE, Unit.Kind.PROVINCE: Unit.Kind.COUNTRY}


class Standing(models.Model):
    """A unit was called `name` and belonged to `parent` from the day `since` on, until its next standing."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="standings")
    since = models.DateField("từ ngày")
    name = models.CharField("tên", max_length=200)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="thuộc", related_name="+")

    class Meta:
        verbose_name = "tên và cấp trên theo thời gian"
        verbose_name_plural = "tên và cấp trên theo thời gian"
        ordering = ["unit", "since"]
        constraints = [models.UniqueConstraint(fields=["unit", "since"], name="one_standing_per_unit_and_day")]

    def __str__(self) -> str:
        return f"{self.name}, từ {self.since:%d/%m/%Y}"


class Photo(models.Model):
    """A photo as kiosks get it, by the SHA-256 of its bytes. It stays only while an officer has it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class Officer(models.Model):
    """A person who serves citizens in a unit and may be rated. One who has left stays, because results name them.

    Who goes to another unit gets a row there and leaves the one here, where the results stay: `server.places.officers.move`.

    origin: the first of the rows of the same person, None in that one itself.
    photo: SHA-256, or empty. pin: the `sync.pins.PinHash` of what they type at the counter, or empty where they cannot sign in.
    """

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_officer_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="officers")
    name = models.CharField("họ và tên", max_length=200)
    title = models.CharField("chức danh", max_length=200)
    active = models.BooleanField("đang công tác", default=True)
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, verbose_name="trước đó là", related_name="later"
    )
    photo = models.CharField(max_length=64, default="", blank=True, editable=False)
    pin = models.CharField(max_length=128, default="", blank=True, editable=False)

    class Meta:
        verbose_name = "cán bộ"
        verbose_name_plural = "cán bộ"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """A place where citizens are served. on_duty: who is assigned to it. shown: as the unit's, where its own kiosk is told another."""

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_counter_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="counters")
    name = models.CharField("tên", max_length=200)
    on_duty = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, verbose_name="cán bộ trực", related_name="counters")
    shown = models.TextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = "quầy"
        verbose_name_plural = "quầy"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.unit}"

    def clean(self) -> None:
        """Who is on duty works in the counter's unit, a unit that has ended gets no new counter, and no unit two of one name."""
        if self._state.adding and self.unit_id and self.unit.is_over():
            raise ValidationError({"unit": "Đơn vị này đã kết thúc nên không thêm quầy được. Xin chọn đơn vị đã tiếp nhận."})
        if self.on_duty and self.on_duty.unit_id != self.unit_id:
            raise ValidationError({"on_duty": "Cán bộ này không thuộc đơn vị của quầy."})
        if Counter.objects.filter(unit_id=self.unit_id, name__iexact=self.name).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "Đơn vị này đã có quầy tên ấy. Xin mở quầy đó trong danh sách, hoặc đặt tên khác."})


class Membership(models.Model):
    """What the user does for the unit; what that allows, also in the units below it, stands in `server.places.scope`.

    officer: whose own results the user sees, in the role of an officer; else None.
    """

    class Role(models.TextChoices):
        """What somebody does for a unit."""

        ADMINISTRATOR = "administrator", "quản trị"
        LEADER = "leader", "lãnh đạo"
        STAFF = "staff", "văn phòng"
        OFFICER = "officer", "cán bộ"
        TECHNICIAN = "technician", "kỹ thuật viên"
        AUDITOR = "auditor", "kiểm tra (chỉ xem)"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="người dùng", related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="memberships")
    role = models.CharField("vai trò", max_length=16, choices=Role, default=Role.LEADER)
    officer = models.ForeignKey(Officer, models.CASCADE, null=True, blank=True, verbose_name="là cán bộ", related_name="memberships")

    class Meta:
        verbose_name = "quyền"
        verbose_name_plural = "quyền"
        constraints = [models.UniqueConstraint(fields=["user", "unit", "role"], name="one_membership_per_user_unit_and_role")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}, {self.unit}"

    def clean(self) -> None:
        """An officer's role names an officer of the unit, no other role does."""
        if (self.role == Membership.Role.OFFICER) != (self.officer is not None):
            raise ValidationError({"officer": "Vai trò “cán bộ” cần chọn cán bộ; vai trò khác thì để trống."})
        if self.officer and self.officer.unit_id != self.unit_id:
            raise ValidationError({"officer": "Cán bộ này không thuộc đơn vị đã chọn."})


class Upload(models.Model):
    """A table of places that somebody sent and has seen tried, until they confirm it. Only they may; the next one replaces it.

    seen: what it would do, as a digest: when that has changed meanwhile, it is shown again instead of done.
    """

    id = models.CharField(max_length=64, primary_key=True, default=new_upload_id, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    body = models.BinaryField()
    seen = models.CharField(max_length=64, default="", blank=True)

    def __str__(self) -> str:
        return self.name
