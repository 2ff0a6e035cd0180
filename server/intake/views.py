"""`POST entries`: a batch goes in, a receipt comes out."""

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from server.api import api
from server.devices.identity import device_in_service, signer
from server.intake.pace import note_batch
from server.intake.receive import Sent, receive
from server.problems import ProblemError
from sync import wire
from sync.entries import Malformed


@api("POST", max_bytes=wire.MAX_BATCH_BYTES)
def entries(request: HttpRequest, body: bytes) -> bytes:
    """A gzipped NDJSON batch, signed by the device that the header Hailong-Device names → `Receipt`."""
    at = timezone.now()
    if request.content_type != "application/x-ndjson" or request.headers.get("Content-Encoding", "").lower() != "gzip":
        raise ProblemError("unsupported", "expected application/x-ndjson with Content-Encoding: gzip")
    device_id, signature = signer(request, body)
    note_batch(device_id, at)
    try:
        batch = _decoded(body)
    except Malformed as error:
        device_in_service(device_id)
        raise ProblemError("malformed", str(error)) from error
    return msgspec.json.encode(receive(device_id, Sent(batch, body, signature, at)))


def _decoded(body: bytes) -> wire.Batch:
    batch = wire.decode_batch(body)
    header = batch.header
    if any("\0" in name for name in (header.ledger, header.health.version, *(held.ledger for held in header.ledgers))):
        raise Malformed("header: NUL in a name")  # PostgreSQL's text cannot hold it
    return batch
