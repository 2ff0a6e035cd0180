"""The sealed bytes of comments. Which there should be, the ledgers say; which there must not be, the register of erasures."""

from django.db import models


class SealedComment(models.Model):
    """A comment as the kiosk sealed it. sha256: of body, the name by which a ledger's entry knows it. device_id: who brought it."""

    pk = models.CompositePrimaryKey("unit_id", "sha256")
    unit_id = models.TextField()
    sha256 = models.TextField()
    device_id = models.TextField()
    received_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="sealed_comment_by_hash")]

    def __str__(self) -> str:
        return self.sha256
