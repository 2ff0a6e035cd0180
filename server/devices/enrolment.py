"""Enrolment: a one-time secret and a key's proof of possession make a device. Holding the secret is the approval.

The secret is a code that a technician types, or part of a provisioning file; to the wire both are codes.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from server.devices.models import Device, EnrolmentCode, EnrolmentTry
from server.devices.rotation import lock, owner, replace_key
from server.places.models import Counter
from server.problems import ProblemError
from sync.crockford import normalised, random_text
from sync.keys import OVERLAP

CODE_CHARACTERS = 10
CODE_LIFE = timedelta(hours=24)
SECRET_CHARACTERS = 26  # of five bits: at least 128
SECRET_LIFE = timedelta(days=14)
TRIES = 5
TRIES_WITHIN = timedelta(minutes=1)


def new_code(counter: Counter, now: datetime) -> str:
    """Make a code for the counter, good for 24 hours and one kiosk. Returns it as it is shown: XXXXX-XXXXX."""
    code = _new(counter, CODE_CHARACTERS, now, CODE_LIFE)
    return f"{code[:5]}-{code[5:]}"


def new_secret(counter: Counter, now: datetime) -> str:
    """Make the secret of a provisioning file, good for 14 days and one kiosk."""
    return _new(counter, SECRET_CHARACTERS, now, SECRET_LIFE)


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

    A device that has, or once had, that key keeps its id, and with it its ledgers; the key is in force from then on, and the one
    before it is a former one, good for batches for 30 days unless the device was revoked. The same code again from the kiosk that
    used it changes nothing, however late: the first answer may have been lost, and a stick may be on its way for weeks. A code of a
    unit that has ended is good no more.
    Raises `code-unknown`, `code-used`, `code-expired`.
    """
    with transaction.atomic():
        found = (
            EnrolmentCode.objects.select_for_update(of=("self",))
            .select_related("counter__unit", "device")
            .filter(code_hash=_hash(code))
            .first()
        )
        if found is None:
            raise ProblemError("code-unknown")
        if found.device is not None and owner(public_key) == found.device:
            return found.device
        if found.used_at is not None:
            raise ProblemError("code-used")
        if now >= found.expires_at or found.counter.unit.is_over():
            raise ProblemError("code-expired")
        lock(public_key)
        device = owner(public_key)
        if device is not None:
            # As where a kiosk changes its key: somebody may have a stick that the other one signed. A revocation ends every key.
            replace_key(device, public_key, now, accepted_until=now if device.revoked_at else now + OVERLAP)
        place = {"counter": found.counter, "unit_id": found.counter.unit_id, "enrolled_at": now, "revoked_at": None, "version": version}
        device, _ = Device.objects.update_or_create(public_key=public_key, defaults=place)
        EnrolmentCode.objects.filter(pk=found.pk).update(used_at=now, device=device)
        return device


def unused_codes(counter: Counter, now: datetime) -> QuerySet[EnrolmentCode]:
    """The codes and secrets for the counter that a kiosk may still use, the first to expire first."""
    return EnrolmentCode.objects.filter(counter=counter, used_at=None, expires_at__gt=now).order_by("expires_at")


def code_of(text: str) -> EnrolmentCode | None:
    """The code or secret that somebody holds, used or not, with its counter; None where none was made here."""
    return EnrolmentCode.objects.select_related("counter__unit", "device").filter(code_hash=_hash(text)).first()


def _new(counter: Counter, characters: int, now: datetime, life: timedelta) -> str:
    text = random_text(characters)
    EnrolmentCode.objects.create(counter=counter, code_hash=_hash(text), created_at=now, expires_at=now + life)
    return text


def _hash(code: str) -> str:
    return salted_hmac("server.devices.EnrolmentCode", normalised(code), algorithm="sha256").hexdigest()
