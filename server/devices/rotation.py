"""A device's keys: the one in force, those before it, and how one follows another."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from server.devices.models import Device, FormerKey, in_service
from server.problems import ProblemError
from sync.keys import OVERLAP


def owner(public_key: str) -> Device | None:
    """The device whose key this is or was."""
    return Device.objects.filter(public_key=public_key).first() or Device.objects.filter(former_keys__public_key=public_key).first()


def lock(*keys: str) -> None:
    """Lock the rows of the keys' devices, in one order; what is read afterwards stays so until the transaction ends."""
    known = [device.pk for device in map(owner, keys) if device is not None]
    list(Device.objects.select_for_update().filter(pk__in=known).order_by("pk"))


def replace_key(device: Device, public_key: str, now: datetime, *, accepted_until: datetime) -> None:
    """Give the device another key; the one before stays known as its own, and signs batches until accepted_until."""
    if device.public_key == public_key:
        return
    FormerKey.objects.filter(public_key=public_key).delete()
    FormerKey.objects.create(public_key=device.public_key, device=device, replaced_at=now, accepted_until=accepted_until)
    device.public_key = public_key
    device.save(update_fields=["public_key"])


def hand_over(old: str, new: str, now: datetime) -> Device:
    """The device whose key `new` follows `old`; the holders of both have said so. Repeated, it changes nothing.

    Where only `new` is known (a restored server that got to know the device under it), `old` becomes a former key that signs
    nothing any more. Raises `unknown-device`, `revoked`, `key-taken`, and `bad-signature` for an old key that was replaced.
    """
    with transaction.atomic():
        lock(old, new)
        before, after = owner(old), owner(new)
        device = before or after
        if device is None:
            raise ProblemError("unknown-device")
        if device.revoked_at is not None:
            raise ProblemError("revoked")
        if before is None:
            FormerKey.objects.create(public_key=old, device=device, replaced_at=now, accepted_until=now)
        elif after is None:
            if before.public_key != old:
                raise ProblemError("bad-signature", "this key was replaced before")
            replace_key(device, new, now, accepted_until=now + OVERLAP)
        elif before != after:
            raise ProblemError("key-taken")
        return device


def revoke(devices: QuerySet[Device], now: datetime) -> int:
    """What the devices send from now on is refused, by whatever key; returns how many were in service."""
    with transaction.atomic():
        FormerKey.objects.filter(device__in=devices, accepted_until__gt=now).update(accepted_until=now)
        return in_service(devices).update(revoked_at=now)


def require_key(device_id: str, in_force: str, key: str, now: datetime) -> None:
    """Nothing, when a batch of the device may be signed by the key: the one in force, or a former one for 30 days.

    Raises `bad-signature`.
    """
    if key != in_force and not FormerKey.objects.filter(device_id=device_id, public_key=key, accepted_until__gt=now).exists():
        raise ProblemError("bad-signature", "this key was replaced")
