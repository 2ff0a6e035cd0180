"""How many batches a device may send within a minute, to each process."""

from datetime import datetime

from django.conf import settings

from server.pace import PerMinute
from server.problems import ProblemError

_batches = PerMinute()


def note_batch(device_id: str, at: datetime) -> None:
    """Count a batch of the device. Raises `too-many-batches`, with the seconds until the next minute, beyond the limit."""
    if wait := _batches.seconds_to_wait(device_id, at, settings.BATCHES_PER_MINUTE):
        detail = f"{settings.BATCHES_PER_MINUTE} are allowed"
        raise ProblemError("too-many-batches", detail, headers={"Retry-After": str(wait)})
