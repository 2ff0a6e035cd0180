"""What a kiosk asks about itself: enrolment, keys, configuration."""

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from server import keys
from server.api import api
from server.devices.enrolment import enrol as enrol_device
from server.devices.enrolment import note_try
from server.devices.identity import address_of, device_in_service, require_signature, require_version, signer
from server.devices.rotation import hand_over
from server.places.models import Officer, Photo
from server.places.roster import roster_of
from server.problems import ProblemError
from server.releases.told import updates
from sync import entries, wire
from sync.keys import KeyRequest, KeyTaken
from sync.signature import NEW_SIGNATURE_HEADER


@api("POST", max_bytes=4096)
def enrol(request: HttpRequest, body: bytes) -> bytes:
    """`EnrolRequest`, signed by the key that it names → `Enrolment`."""
    try:
        wanted = wire.decode(body, wire.EnrolRequest)
    except entries.Malformed as error:
        raise ProblemError("malformed", str(error)) from error
    if "\0" in wanted.version:
        raise ProblemError("malformed", "NUL in version")
    require_version(wanted.version)
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
            config=roster_of(device.counter, updates(canary=device.canary)).digest,
        )
    )


@api("GET", "POST", max_bytes=4096)
def keys_call(request: HttpRequest, body: bytes) -> bytes:
    """GET → `KeyChanges`, for anybody. `KeyRequest`, signed by both keys that it names → `KeyTaken`."""
    if request.method == "GET":
        return msgspec.json.encode(keys.changes(settings.KEYS))
    try:
        wanted = wire.decode(body, KeyRequest)
    except entries.Malformed as error:
        raise ProblemError("malformed", str(error)) from error
    require_signature(request, wanted.old, body)
    require_signature(request, wanted.new, body, NEW_SIGNATURE_HEADER)
    device = hand_over(wanted.old, wanted.new, timezone.now())
    return msgspec.json.encode(KeyTaken(device.id, device.public_key))


@api("GET", max_bytes=0)
def config(request: HttpRequest, body: bytes, digest: str) -> bytes:
    """The configuration of the device's counter, when this is its digest."""
    device = device_in_service(signer(request, body))
    current = roster_of(device.counter, updates(canary=device.canary))
    if digest != current.digest:
        raise ProblemError("not-found")
    return current.content


@api("GET", max_bytes=0, gives="image/jpeg")
def photo(request: HttpRequest, body: bytes, name: str) -> bytes:
    """The photo of that SHA-256, when an officer who works in the device's unit has it."""
    device = device_in_service(signer(request, body))
    stored = Photo.objects.filter(sha256=name).first()
    if stored is None or not Officer.objects.filter(unit_id=device.unit_id, active=True, photo=name).exists():
        raise ProblemError("not-found")
    return bytes(stored.body)
