"""Which device a request comes from, and from which address."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from server.devices.models import Device, FormerKey
from server.devices.rotation import owner
from server.problems import ProblemError
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, key_of_name, request_is_genuine

_DEVICE_ID = re.compile(r"d-[0-9A-Z]{1,62}")
_known_keys: dict[str, list[str]] = {}


class Signed(NamedTuple):
    """Who signed a request: the device's id, the signature, and the key (in force or former) that made it."""

    device_id: str
    signature: str
    key: str


def require_signature(request: HttpRequest, public_key: str, body: bytes, header: str = SIGNATURE_HEADER) -> None:
    """Nothing, when the holder of the key signed exactly this request in the header. Else raises `bad-signature`."""
    if not request_is_genuine(public_key, request.headers.get(header, ""), request.method or "", request.path, body):
        raise ProblemError("bad-signature")


def require_version(version: str) -> None:
    """Nothing, when a kiosk of this version may speak to this server (HAILONG_OLDEST_KIOSK). Else raises `too-old`.

    A version that is no row of numbers is a developer's, and may.
    """
    oldest = settings.OLDEST_KIOSK
    numbers = version.split(".")
    if oldest and all(number.isdecimal() for number in numbers) and tuple(map(int, numbers)) < oldest:
        raise ProblemError("too-old", f"version {version}; {'.'.join(map(str, oldest))} is the oldest that may")


def signer(request: HttpRequest, body: bytes) -> Signed:
    """Who signed the request: a device, revoked or not, by a key that it has or had. Whether that key is still good is asked
    where the device's row is read: `device_in_service`, or `rotation.require_key` for batches.

    Raises `unknown-device`, `bad-signature`.
    """
    name = _id_of(request.headers.get(DEVICE_HEADER, ""))
    signature = request.headers.get(SIGNATURE_HEADER, "")
    for keys in _keys_of(name):
        for key in keys:
            if request_is_genuine(key, signature, request.method or "", request.path, body):
                return Signed(name, signature, key)
    raise ProblemError("bad-signature")


def device_named(name: str) -> Device | None:
    """The device of that id; by the name that a kiosk has before it knows its id, the one whose key that is or was."""
    key = key_of_name(name)
    return owner(key) if key is not None else Device.objects.filter(pk=name).first()


def device_in_service(signed: Signed) -> Device:
    """The device, when it may speak by the key that it used. Raises `unknown-device`, `revoked`, `bad-signature`."""
    device = Device.objects.filter(pk=signed.device_id).first()
    if device is None:
        raise ProblemError("unknown-device")
    if device.revoked_at is not None:
        raise ProblemError("revoked")
    if device.public_key != signed.key:
        raise ProblemError("bad-signature", "this key was replaced")
    return device


def _id_of(name: str) -> str:
    """The id that the name says or stands for. Raises `unknown-device` for a key that nobody has or had."""
    if key_of_name(name) is None:
        return name
    device = device_named(name)
    if device is None:
        raise ProblemError("unknown-device")
    return device.id


def _keys_of(device_id: str) -> Iterator[list[str]]:
    """A device's keys, the one in force first: as they are remembered, and then as the database has them now.

    Raises `unknown-device`.
    """
    known = _known_keys.get(device_id)
    if known is not None:
        yield known
    current = Device.objects.filter(pk=device_id).values_list("public_key", flat=True).first() if _DEVICE_ID.fullmatch(device_id) else None
    if current is None:
        raise ProblemError("unknown-device")
    keys = [current, *FormerKey.objects.filter(device_id=device_id).order_by("-replaced_at").values_list("public_key", flat=True)]
    if keys != known:
        _known_keys[device_id] = keys
        yield keys


def address_of(request: HttpRequest) -> str:
    """The client's IP address; behind a proxy, the one that the proxy saw."""
    if settings.BEHIND_PROXY and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
