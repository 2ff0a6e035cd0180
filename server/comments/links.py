"""Whether a link to the form is believed: who made it, about which vote, and until when it is good."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from server.devices.models import Device, FormerKey
from server.intake.models import Head, Vote
from sync.entries import Malformed
from sync.link import LINK_LIFE, Link, read_link

LINK_TOLERANCE = timedelta(minutes=5)  # a kiosk counts from the last server time that it heard; nobody has a link that opens for days


class NotGenuineError(Exception):
    """No device of ours made this link, or not for a vote of its own."""


class RevokedError(Exception):
    """The device that made it is not in service any more."""


class Invitation(NamedTuple):
    """A genuine link. key: by which it was made. unit_id: where the vote is, or while it has not come, where the device stands."""

    link: Link
    device: Device
    key: str
    unit_id: str

    @property
    def vote(self) -> UUID:
        return self.link.vote

    def opens(self, now: datetime) -> bool:
        """Whether the form may be opened now."""
        return now <= self.link.expires <= now + LINK_LIFE + LINK_TOLERANCE


def examine(device: str, code: str, now: datetime) -> Invitation:
    """Who invites to write, by the two parts of a link. Whether it is still in time, `opens` says.

    Raises `NotGenuineError`, `RevokedError`.
    """
    try:
        link = read_link(device, code)
    except Malformed as error:
        raise NotGenuineError from error
    found = Device.objects.select_related("unit", "counter").filter(pk=link.device).first()
    if found is None:
        raise NotGenuineError
    key = _key_of(found, link, now)
    if found.revoked_at is not None:
        raise RevokedError
    return Invitation(link, found, key, _unit_of(found, link.vote))


def _key_of(device: Device, link: Link, now: datetime) -> str:
    """The key that made the link: the one in force, or one before it as long as that is good for batches."""
    former = FormerKey.objects.filter(device=device)
    if device.revoked_at is None:
        former = former.filter(accepted_until__gt=now)
    for key in (device.public_key, *former.values_list("public_key", flat=True)):
        if link.is_genuine(key):
            return key
    raise NotGenuineError


def _unit_of(device: Device, vote: UUID) -> str:
    """The unit in which the vote counts. Raises `NotGenuineError` for one that another device recorded."""
    units = set(device.places.values_list("unit_id", flat=True))
    found = Vote.objects.filter(unit_id__in=units, id=vote).first()
    if found is None:
        return device.unit_id
    if not Head.objects.filter(pk=found.ledger, device_id=device.pk).exists():
        raise NotGenuineError
    return found.unit_id
