"""`POST entries`: a batch goes in, a receipt comes out."""

from datetime import datetime

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from server.admission import Admission, Full, retry_after
from server.api import api
from server.comments.asked import with_errands
from server.devices.identity import device_in_service, require_version, signer
from server.intake.pace import note_batch
from server.intake.receive import Sent, receive
from server.problems import ProblemError
from sync import wire
from sync.entries import Malformed

AT_ONCE, WAITING = 4, 16  # in each process; the waiting ones hold a thread each, and `serve` has some left for people

_counter = Admission(AT_ONCE, WAITING)


@api("POST", max_bytes=wire.MAX_BATCH_BYTES)
def entries(request: HttpRequest, body: bytes) -> bytes:
    """A gzipped NDJSON batch, signed by the device that the header Hailong-Device names → `Receipt`."""
    at = timezone.now()
    if request.content_type != "application/x-ndjson" or request.headers.get("Content-Encoding", "").lower() != "gzip":
        raise ProblemError("unsupported", "expected application/x-ndjson with Content-Encoding: gzip")
    try:
        with _counter.place():  # before anything asks for a connection: its pool is a queue too, and has no appointments
            return msgspec.json.encode(with_errands(_received(request, body, at)))
    except Full as full:
        raise ProblemError("busy", "too many kiosks at once", headers={"Retry-After": retry_after(full)}) from full


def _received(request: HttpRequest, body: bytes, at: datetime) -> wire.Receipt:
    signed = signer(request, body)
    note_batch(signed.device_id, at)
    try:
        batch = _decoded(body)
    except Malformed as error:
        device_in_service(signed)
        raise ProblemError("malformed", str(error)) from error
    require_version(batch.header.health.version)
    return receive(signed.device_id, Sent(batch, body, signed.signature, at, signed.key))


def _decoded(body: bytes) -> wire.Batch:
    batch = wire.decode_batch(body)
    header = batch.header
    if any("\0" in name for name in (header.ledger, header.health.version, *(held.ledger for held in header.ledgers))):
        raise Malformed("header: NUL in a name")  # PostgreSQL's text cannot hold it
    return batch
