"""Which device a request comes from, and from which address."""

import re

from django.conf import settings
from django.http import HttpRequest

from server.devices.models import Device
from server.problems import ProblemError
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, request_is_genuine

_DEVICE_ID = re.compile(r"d-[0-9A-Z]{1,62}")
_known_keys: dict[str, str] = {}


def require_signature(request: HttpRequest, public_key: str, body: bytes) -> str:
    """The request's signature, when the holder of the key made it over exactly this request. Else raises `bad-signature`."""
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not request_is_genuine(public_key, signature, request.method or "", request.path, body):
        raise ProblemError("bad-signature")
    return signature


def signer(request: HttpRequest, body: bytes) -> tuple[str, str]:
    """The id of the device that signed the request, revoked or not, and the signature.

    Raises `unknown-device`, `bad-signature`.
    """
    name = request.headers.get(DEVICE_HEADER, "")
    public_key = _public_key(name) if _DEVICE_ID.fullmatch(name) else None
    if public_key is None:
        raise ProblemError("unknown-device")
    return name, require_signature(request, public_key, body)


def device_in_service(device_id: str) -> Device:
    """The device. Raises `unknown-device`, `revoked`."""
    device = Device.objects.filter(pk=device_id).first()
    if device is None:
        raise ProblemError("unknown-device")
    if device.revoked_at is not None:
        raise ProblemError("revoked")
    return device


def _public_key(device_id: str) -> str | None:
    """A device's key, which never changes and is therefore remembered."""
    known = _known_keys.get(device_id)
    if known is None:
        known = Device.objects.filter(pk=device_id).values_list("public_key", flat=True).first()
        if known is not None:
            _known_keys[device_id] = known
    return known


def address_of(request: HttpRequest) -> str:
    """The client's IP address; behind a proxy, the one that the proxy saw."""
    if settings.BEHIND_PROXY and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
