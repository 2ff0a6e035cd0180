"""Provisioning files: all that a kiosk needs to take votes before its first contact, and to enrol by itself later."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from server import keys
from server.devices.enrolment import new_secret
from server.places.models import Counter
from server.places.roster import roster_of
from sync.files import write_whole


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
        write_whole(folder / "roster.json", roster_of(counter).content, 0o600)
        if given.ca is not None:
            write_whole(folder / "ca.pem", given.ca, 0o600)
        write_whole(folder / "kiosk.toml", _settings(secret, given).encode(), 0o600)
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
