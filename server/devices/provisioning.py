"""Provisioning files: all that a kiosk needs to take votes before its first contact, and to enrol by itself later."""

import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from server import keys
from server.devices.enrolment import new_secret
from server.places.models import Counter
from server.places.roster import roster_of


class Provision(NamedTuple):
    """What goes into every counter's folder. server: the address that kiosks reach; ca: certificates to trust, or None."""

    server: str
    ca: bytes | None


def provision(counter: Counter, given: Provision, out: Path, now: datetime) -> Path:
    """Write the counter's folder below `out`: kiosk.toml with a secret good for 14 days and one kiosk, roster.json, perhaps ca.pem.

    Only the owner may read them. Raises FileExistsError where the folder is there already, OSError; then no secret is kept.
    """
    folder = out / counter.pk
    with transaction.atomic():
        secret = new_secret(counter, now)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        _write(folder / "roster.json", roster_of(counter).content)
        if given.ca is not None:
            _write(folder / "ca.pem", given.ca)
        _write(folder / "kiosk.toml", _settings(secret, given).encode())
    return folder


def _settings(secret: str, given: Provision) -> str:
    lines = [
        f'server = "{given.server}"',
        *(['ca_file = "ca.pem"'] if given.ca is not None else []),
        "",
        "[provision]",
        f'secret = "{secret}"',
        f'signing_key = "{keys.signing_key(settings.KEYS).verify_key.encode().hex()}"',
        f'sealing_key = "{keys.sealing_key(settings.KEYS).public_key.encode().hex()}"',
        'roster = "roster.json"',
    ]
    return "\n".join(lines) + "\n"


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
