"""Enrolment: a one-time code and a key's proof of possession make a device. Holding the code is the approval."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from server.crockford import normalised, random_text
from server.devices.models import Device, EnrolmentCode, EnrolmentTry
from server.places.models import Counter
from server.problems import ProblemError

CODE_CHARACTERS = 10
CODE_LIFE = timedelta(hours=24)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=1)


def new_code(counter: Counter, now: datetime) -> str:
    """Make a code for the counter, good for 24 hours and one kiosk. Returns it as it is shown: XXXXX-XXXXX."""
    code = random_text(CODE_CHARACTERS)
    EnrolmentCode.objects.create(counter=counter, code_hash=_hash(code), created_at=now, expires_at=now + CODE_LIFE)
    return f"{code[:5]}-{code[5:]}"


def note_try(address: str, now: datetime) -> EnrolmentTry:
    """Count a try at a code; delete it again when the code was right: a technician enrols twelve tablets from one address.

    Raises `too-many-tries` at the sixth within a minute from one address.
    """
    since = now - TRIES_WITHIN
    EnrolmentTry.objects.filter(at__lte=since).delete()
    this = EnrolmentTry.objects.create(address=address, at=now)
    tries = EnrolmentTry.objects.filter(address=address, at__gt=since).order_by("at")
    if tries.count() > TRIES:
        seconds = (tries[0].at + TRIES_WITHIN - now).total_seconds()
        this.delete()
        raise ProblemError("too-many-tries", headers={"Retry-After": str(max(1, round(seconds)))})
    return this


def enrol(code: str, public_key: str, version: str, now: datetime) -> Device:
    """Make the key's holder the device of the code's counter; consumes the code in the same transaction.

    A device of that key keeps its id, and with it its ledgers. The same code again from the same key within the code's
    life changes nothing (the first answer may have been lost).
    Raises `code-unknown`, `code-used`, `code-expired`.
    """
    with transaction.atomic():
        found = (
            EnrolmentCode.objects.select_for_update(of=("self",)).select_related("counter", "device").filter(code_hash=_hash(code)).first()
        )
        if found is None:
            raise ProblemError("code-unknown")
        if found.device is not None and found.device.public_key == public_key and now < found.expires_at:
            return found.device
        if found.used_at is not None:
            raise ProblemError("code-used")
        if now >= found.expires_at:
            raise ProblemError("code-expired")
        place = {"counter": found.counter, "unit_id": found.counter.unit_id, "enrolled_at": now, "revoked_at": None, "version": version}
        device, _ = Device.objects.update_or_create(public_key=public_key, defaults=place)
        EnrolmentCode.objects.filter(pk=found.pk).update(used_at=now, device=device)
        return device


def _hash(code: str) -> str:
    return salted_hmac("server.devices.EnrolmentCode", normalised(code), algorithm="sha256").hexdigest()
