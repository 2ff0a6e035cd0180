"""The versions of the kiosk's program that this server keeps."""

from django.db import models


class Release(models.Model):
    """A version. file_name: of its package, in HAILONG_DATA/releases. control: the package's own description, as a Debian repository
    lists it. sums, signature: what the publisher signed, and his signature. staged_at: since when it stands where it stands.
    """

    class Stage(models.TextChoices):
        """For whom it is."""

        NEW = "new", "chưa phát hành"
        CANARY = "canary", "đang thử"
        STABLE = "stable", "cho mọi kiosk"
        WITHDRAWN = "withdrawn", "đã rút"

    version = models.CharField("phiên bản", max_length=64, primary_key=True)
    file_name = models.CharField("tệp", max_length=128)
    size = models.BigIntegerField("kích thước (byte)")
    sha256 = models.CharField("SHA-256", max_length=64)
    control = models.TextField("mô tả của gói")
    sums = models.TextField("danh sách mã kiểm")
    signature = models.CharField("chữ ký", max_length=128)
    notes = models.TextField("ghi chú", blank=True, default="")
    added_at = models.DateTimeField("thêm lúc")
    stage = models.CharField("giai đoạn", max_length=16, choices=Stage, default=Stage.NEW)
    staged_at = models.DateTimeField("từ lúc")

    class Meta:
        verbose_name = "phiên bản kiosk"
        verbose_name_plural = "phiên bản kiosk"
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.version
