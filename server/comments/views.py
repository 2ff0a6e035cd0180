"""`PUT sealed/<sha256>`: one sealed comment comes in."""

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from server.api import api
from server.comments.models import SealedComment
from server.comments.named import unit_naming
from server.comments.register import register
from server.devices.identity import device_in_service, signer
from server.intake.models import Comment
from server.problems import ProblemError
from sync.wire import MAX_SEALED_BYTES, sha256


@api("PUT", max_bytes=MAX_SEALED_BYTES)
def sealed(request: HttpRequest, body: bytes, name: str) -> bytes:
    """Sealed bytes, named by their SHA-256 → an empty object; as often as it is sent. Refused is what no archived entry
    names (`not-named`), and what the register of erasures names (`erased`).
    """
    signed = signer(request, body)
    if sha256(body) != name:
        device_in_service(signed)
        raise ProblemError("malformed", "the body has another SHA-256")
    with transaction.atomic():
        wait_for_erasures()
        device_in_service(signed)
        unit_id = unit_naming(name)
        if unit_id is None:
            raise ProblemError("not-named")
        if name in register().hashes():
            raise ProblemError("erased")
        comment = SealedComment(unit_id=unit_id, sha256=name, device_id=signed.device_id, received_at=timezone.now(), body=body)
        SealedComment.objects.bulk_create([comment], ignore_conflicts=True)
        Comment.objects.filter(unit_id=unit_id, sealed=name).update(arrived=True)
    return b"{}"


def wait_for_erasures() -> None:
    """An erasure is registered first and deletes then, under a lock. Held here before the register is read, that lock lets no
    comment slip in behind it. SQLite's transactions, which write one at a time, need none.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE comments_sealedcomment IN ROW EXCLUSIVE MODE")
