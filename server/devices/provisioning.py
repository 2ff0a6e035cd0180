"""Provisioning files: all that a kiosk needs to take votes before its first contact, and to enrol by itself later."""

import io
import ssl
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from server import keys
from server.devices.enrolment import new_secret
from server.places.models import Counter, Unit
from server.places.roster import roster_of
from server.releases.told import updates
from sync.files import write_whole

_OWNER_ONLY = 0o600


class Provision(NamedTuple):
    """What goes into every counter's folder. server: the address that kiosks reach; ca: certificates to trust, or None."""

    server: str
    ca: bytes | None


def server_address(text: str) -> str:
    """The address as kiosks take it: https, or plain http to this very machine (a try-out). Raises ValueError for another."""
    parts = urlsplit(text)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))
    amiss = set(text) & set("\"'\\ ") or not text.isprintable()
    if not secure or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment or amiss:
        raise ValueError(f"no address of a server: {text}")
    return text.rstrip("/")


def certificates(pem: bytes) -> bytes:
    """The same bytes, when they are certificates in PEM. Raises ValueError, or OSError (of which ssl.SSLError is one)."""
    ssl.create_default_context(cadata=pem.decode("ascii"))
    return pem


def provision(counter: Counter, given: Provision, out: Path, now: datetime) -> Path:
    """Write the counter's folder below `out`: kiosk.toml with a secret good for 14 days and one kiosk, roster.json, perhaps ca.pem.

    Only the owner may read them. Raises FileExistsError where the folder is there already, OSError; then no secret is kept.
    """
    folder = out / counter.pk
    with transaction.atomic():
        files = _files(counter, given, now)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        for name, body in files.items():
            write_whole(folder / name, body, _OWNER_ONLY)
    return folder


def bundle(counters: Iterable[Counter], given: Provision, now: datetime) -> bytes:
    """A ZIP with a folder for each of the counters, as `provision` writes them, named so that a person knows which is whose."""
    body = io.BytesIO()
    moment = timezone.localtime(now).timetuple()[:6]
    with transaction.atomic(), ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for counter in counters:
            for name, content in _files(counter, given, now).items():
                info = ZipInfo(f"{file_name(counter)}/{name}", moment)
                info.external_attr = _OWNER_ONLY << 16  # where ZIP keeps the mode of a file
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, content)
    return body.getvalue()


def _files(counter: Counter, given: Provision, now: datetime) -> dict[str, bytes]:
    """What the counter's folder holds, by name; makes the secret in it."""
    files = {"roster.json": roster_of(counter, updates(canary=False)).content}
    if given.ca is not None:
        files["ca.pem"] = given.ca
    return {**files, "kiosk.toml": _settings(new_secret(counter, now), given).encode()}


def file_name(place: Counter | Unit) -> str:
    """By which people tell folders and files of many places apart, such as quay-3-c-7Q2K9XVT."""
    plain = unicodedata.normalize("NFKD", place.name.replace("đ", "d").replace("Đ", "D"))
    name = slugify(plain)
    return f"{name}-{place.pk}" if name else place.pk


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
