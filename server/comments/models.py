"""The sealed bytes of comments. Which there should be, the ledgers, the form's own rows and the office's say; which there must not be,
the register of erasures.
"""

from django.db import models


class SealedComment(models.Model):
    """A comment as it was sealed. sha256: of body, the name by which a ledger's entry knows it, a `FormComment` or an `OfficeWriting`.

    device_id: who brought it, or whose link did; empty where the office wrote it.
    """

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


class FormComment(models.Model):
    """A comment that came by the server's form: at most one a vote, which may come later. sealed, key: as a `comment` entry says them.

    device_id, expires, signature: what the link said; device_key: the key that made it. They prove that the device let somebody write.
    """

    pk = models.CompositePrimaryKey("unit_id", "vote")
    unit_id = models.TextField()
    vote = models.UUIDField()
    sealed = models.TextField()
    key = models.TextField()
    device_id = models.TextField()
    device_key = models.TextField()
    expires = models.DateTimeField()
    signature = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sealed"], name="form_comment_by_hash"), models.Index(fields=["vote"], name="form_comment_by_vote")]

    def __str__(self) -> str:
        return f"{self.vote}: {self.sealed}"


class OfficeWriting(models.Model):
    """What the office typed in: a paper out of the box, how to reach somebody, a note. sealed, key: as a `comment` entry says them."""

    pk = models.CompositePrimaryKey("unit_id", "sealed")
    unit_id = models.TextField()
    sealed = models.TextField()
    key = models.TextField()
    who = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sealed"], name="office_writing_by_hash")]

    def __str__(self) -> str:
        return self.sealed
