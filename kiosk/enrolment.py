"""Who this kiosk is: its own key, and what the server said when it was enrolled."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from nacl.signing import SigningKey

from kiosk.files import make_folder, sync_directory, write_whole
from sync.entries import Malformed
from sync.wire import Enrolment, decode


@dataclass(frozen=True)
class Identity:
    """An enrolled kiosk. key: its private Ed25519 key, which never leaves the tablet."""

    key: SigningKey
    enrolment: Enrolment

    @property
    def public_key(self) -> str:
        return self.key.verify_key.encode().hex()


def device_key(folder: Path) -> SigningKey:
    """The kiosk's key, made at the first call. folder: the data folder. Raises OSError, or ValueError for a damaged file."""
    path = folder / "device.key"
    make_folder(folder)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return SigningKey(path.read_bytes())
    key = SigningKey.generate()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.encode())
        file.flush()
        os.fsync(file.fileno())
    sync_directory(folder)
    return key


def load_identity(folder: Path) -> Identity | None:
    """Who the kiosk is, or None where it was not enrolled (or the record of it cannot be read)."""
    try:
        enrolment = decode((folder / "enrolment.json").read_bytes(), Enrolment)
    except (FileNotFoundError, Malformed):
        return None
    return Identity(device_key(folder), enrolment)


def store_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Keep the server's answer, whole or not at all. Raises OSError."""
    write_whole(folder / "enrolment.json", msgspec.json.format(msgspec.json.encode(enrolment)), 0o600)
