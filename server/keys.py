"""The server's private keys: files that only the server may read, outside the database and its backups.

Each is made when it is first needed. Several processes may need it at once: whoever links the finished file into place
first decides, and all read that one.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey


@lru_cache
def secret(folder: Path) -> str:
    """Django's SECRET_KEY: 86 characters for sessions and for the hashes of enrolment codes."""
    return _kept(folder, "secret", lambda: secrets.token_urlsafe(64))


@lru_cache
def signing_key(folder: Path) -> SigningKey:
    """The Ed25519 key that signs every answer to a kiosk."""
    return SigningKey(bytes.fromhex(_kept(folder, "signing", lambda: SigningKey.generate().encode().hex())))


@lru_cache
def sealing_key(folder: Path) -> PrivateKey:
    """The X25519 key to which kiosks seal citizens' comments."""
    return PrivateKey(bytes.fromhex(_kept(folder, "sealing", lambda: PrivateKey.generate().encode().hex())))


def make(folder: Path) -> None:
    """Make all keys that are missing. Raises OSError when the folder cannot be written."""
    for key in (secret, signing_key, sealing_key):
        key(folder)


def _kept(folder: Path, name: str, new: Callable[[], str]) -> str:
    path = folder / name
    if not path.exists():
        _keep(folder, path, new())
    return path.read_text("ascii")


def _keep(folder: Path, path: Path, text: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
