"""What a kiosk asks about itself: enrolment and configuration."""

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from server import keys
from server.api import api
from server.devices.enrolment import enrol as enrol_device
from server.devices.enrolment import note_try
from server.devices.identity import address_of, device_in_service, require_signature, signer
from server.places.roster import roster_of
from server.problems import ProblemError
from sync import entries, wire


@api("POST", max_bytes=4096)
def enrol(request: HttpRequest, body: bytes) -> bytes:
    """`EnrolRequest`, signed by the key that it names → `Enrolment`."""
    try:
        wanted = wire.decode(body, wire.EnrolRequest)
    except entries.Malformed as error:
        raise ProblemError("malformed", str(error)) from error
    if "\0" in wanted.version:
        raise ProblemError("malformed", "NUL in version")
    require_signature(request, wanted.key, body)
    now = timezone.now()
    this_try = note_try(address_of(request), now)
    device = enrol_device(wanted.code, wanted.key, wanted.version, now)
    this_try.delete()
    return msgspec.json.encode(
        wire.Enrolment(
            device=device.id,
            signing_key=keys.signing_key(settings.KEYS).verify_key.encode().hex(),
            sealing_key=keys.sealing_key(settings.KEYS).public_key.encode().hex(),
            unit=wire.Place(device.unit.id, device.unit.name),
            counter=wire.Place(device.counter.id, device.counter.name),
            config=roster_of(device.counter).digest,
        )
    )


@api("GET", max_bytes=0)
def config(request: HttpRequest, body: bytes, digest: str) -> bytes:
    """The configuration of the device's counter, when this is its digest."""
    device_id, _ = signer(request, body)
    current = roster_of(device_in_service(device_id).counter)
    if digest != current.digest:
        raise ProblemError("not-found")
    return current.content
