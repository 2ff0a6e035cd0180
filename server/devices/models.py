"""Devices, the one-time codes by which they enrol, and the tries at those codes."""

from typing import Any

from django.db import models
from django.utils import timezone

from server.places.models import Counter, Unit
from sync.crockford import random_text


def new_device_id() -> str:
    """A random id such as d-7Q2K9XVTM4."""
    return f"d-{random_text(10)}"


class Device(models.Model):
    """A kiosk. public_key: its Ed25519 key, hex. What it said of itself when it was heard last: waiting, entries that it had not yet
    had acknowledged; disk_free, bytes; clock_ahead, milliseconds by which its clock was ahead of the server's, None while it was only
    carried; held, its ledgers, a JSON list of `sync.wire.Held`. flag: why somebody should look at it, as `server.intake` names it.
    update_version, update_outcome, update_why: as `sync.updates.Update`, empty where it told of none. canary: it gets a new version
    before the others.
    """

    id = models.CharField("mã", max_length=64, primary_key=True, default=new_device_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="devices")
    counter = models.ForeignKey(Counter, models.PROTECT, verbose_name="quầy", related_name="devices")
    public_key = models.CharField("khóa công khai", max_length=64, unique=True)
    enrolled_at = models.DateTimeField("đăng ký lúc")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    last_heard = models.DateTimeField("liên lạc gần nhất", null=True, blank=True)
    waiting = models.BigIntegerField("lượt chờ gửi", default=0)
    disk_free = models.BigIntegerField("đĩa trống (byte)", default=0)
    version = models.CharField("phiên bản", max_length=64, default="", blank=True)
    clock_ahead = models.BigIntegerField("đồng hồ nhanh (mili giây)", null=True, blank=True)
    held = models.TextField("sổ trên thiết bị", default="", blank=True, editable=False)
    flag = models.CharField("cảnh báo", max_length=64, default="", blank=True)
    canary = models.BooleanField("thử phiên bản mới trước", default=False)
    update_version = models.CharField("phiên bản nhận gần nhất", max_length=64, default="", blank=True, editable=False)
    update_outcome = models.CharField("kết quả", max_length=16, default="", blank=True, editable=False)
    update_why = models.CharField("lý do", max_length=32, default="", blank=True, editable=False)

    class Meta:
        verbose_name = "thiết bị"
        verbose_name_plural = "thiết bị"
        ordering = ["unit", "counter", "id"]

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        """Keep the device, and where it stands from now on."""
        super().save(*args, **options)
        latest = self.places.order_by("-since", "-id").first()
        if latest is None or (latest.unit_id, latest.counter_id) != (self.unit_id, self.counter_id):
            self.places.create(unit_id=self.unit_id, counter_id=self.counter_id, since=timezone.now())


def in_service(devices: models.QuerySet[Device]) -> models.QuerySet[Device]:
    """Those of the devices that are not revoked: the server takes in what they send."""
    return devices.filter(revoked_at=None)


class DevicePlace(models.Model):
    """A device stood at a counter from `since` on, until its next place. What it recorded there counts there, however late."""

    device = models.ForeignKey(Device, models.CASCADE, verbose_name="thiết bị", related_name="places")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, verbose_name="quầy", related_name="+")
    since = models.DateTimeField("từ lúc")

    class Meta:
        verbose_name = "nơi đặt"
        verbose_name_plural = "nơi đặt"
        ordering = ["device", "since"]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.counter_id}, {self.since:%d/%m/%Y %H:%M}"


class FormerKey(models.Model):
    """A key that a device had before. Its ledgers may name it; batches signed by it are taken in until accepted_until."""

    public_key = models.CharField("khóa công khai", max_length=64, primary_key=True)
    device = models.ForeignKey(Device, models.CASCADE, verbose_name="thiết bị", related_name="former_keys")
    replaced_at = models.DateTimeField("thay lúc")
    accepted_until = models.DateTimeField("nhận đến")

    class Meta:
        verbose_name = "khóa cũ"
        verbose_name_plural = "khóa cũ"
        ordering = ["device", "replaced_at"]

    def __str__(self) -> str:
        return f"{self.device_id}, {self.replaced_at:%d/%m/%Y %H:%M}"


class EnrolmentCode(models.Model):
    """A one-time secret for a counter, typed or in a provisioning file, kept only as a keyed hash."""

    counter = models.ForeignKey(Counter, models.CASCADE, verbose_name="quầy", related_name="+")
    code_hash = models.CharField("mã băm", max_length=64, unique=True)
    created_at = models.DateTimeField("tạo lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True, blank=True)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, blank=True, verbose_name="thiết bị", related_name="+")

    class Meta:
        verbose_name = "mã đăng ký"
        verbose_name_plural = "mã đăng ký"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.counter}, {self.created_at:%d/%m/%Y %H:%M}"


class EnrolmentTry(models.Model):
    """Somebody at an address tried a code."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="enrolment_try_by_address")]

    def __str__(self) -> str:
        return f"{self.address}, {self.at}"
