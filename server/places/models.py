"""Units, counters, officers with their photos, and memberships; their ids are random and never change, so results may refer to them."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from sync.crockford import random_text

ID_CHARACTERS = 8


def new_unit_id() -> str:
    """A random id such as u-7Q2K9XVT."""
    return f"u-{random_text(ID_CHARACTERS)}"


def new_counter_id() -> str:
    """A random id such as c-7Q2K9XVT."""
    return f"c-{random_text(ID_CHARACTERS)}"


def new_officer_id() -> str:
    """A random id such as o-7Q2K9XVT."""
    return f"o-{random_text(ID_CHARACTERS)}"


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless the name is a time zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError("Không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh")


class Unit(models.Model):
    """A province or commune. Days and hours of its results are those of its own time zone.

    shown: what its kiosks are told to show, JSON, as `server.screens.publish` makes it; empty where nothing was changed.
    """

    class Kind(models.TextChoices):
        """The two levels of local government since 1 July 2025 (Law 72/2025/QH15, article 1)."""

        PROVINCE = "province", "tỉnh, thành phố"
        COMMUNE = "commune", "xã, phường, đặc khu"

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_unit_id, editable=False)
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("cấp", max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="thuộc", related_name="below")
    time_zone = models.CharField("múi giờ", max_length=64, default="Asia/Ho_Chi_Minh", validators=[validate_time_zone])
    shown = models.TextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A province stands under nothing, a commune under a province."""
        if self.parent and (self.kind == Unit.Kind.PROVINCE or self.parent.kind != Unit.Kind.PROVINCE):
            raise ValidationError({"parent": "Chỉ xã, phường, đặc khu thuộc một tỉnh, thành phố."})


class Photo(models.Model):
    """A photo as kiosks get it, by the SHA-256 of its bytes. It stays only while an officer has it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class Officer(models.Model):
    """A person who serves citizens and may be rated. One who has left stays, because results name them.

    photo: SHA-256, or empty. pin: the `sync.pins.PinHash` of what they type at the counter, or empty where they cannot sign in.
    """

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_officer_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="officers")
    name = models.CharField("họ và tên", max_length=200)
    title = models.CharField("chức danh", max_length=200)
    active = models.BooleanField("đang công tác", default=True)
    photo = models.CharField(max_length=64, default="", blank=True, editable=False)
    pin = models.CharField(max_length=128, default="", blank=True, editable=False)

    class Meta:
        verbose_name = "cán bộ"
        verbose_name_plural = "cán bộ"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """A place where citizens are served. on_duty: who is assigned to it."""

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_counter_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="counters")
    name = models.CharField("tên", max_length=200)
    on_duty = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, verbose_name="cán bộ trực", related_name="counters")

    class Meta:
        verbose_name = "quầy"
        verbose_name_plural = "quầy"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.unit}"

    def clean(self) -> None:
        """Who is on duty works in the counter's unit."""
        if self.on_duty and self.on_duty.unit_id != self.unit_id:
            raise ValidationError({"on_duty": "Cán bộ này không thuộc đơn vị của quầy."})


class Membership(models.Model):
    """The user sees the results of the unit and of the units below it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="người dùng", related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="memberships")

    class Meta:
        verbose_name = "quyền xem"
        verbose_name_plural = "quyền xem"
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="one_membership_per_user_and_unit")]

    def __str__(self) -> str:
        return f"{self.user} – {self.unit}"
