"""The server's private keys: files that only the server may read, outside the database and its backups.

Each is made when it is first needed. Several processes may need it at once: whoever links the finished file into place
first decides, and all read that one. `rotate` puts the next signing and sealing key into a folder `1`, `2`, … beside them;
the highest number is in force at once, in every process. Former sealing keys stay, to open what was sealed to them; a former
signing key is deleted, because what it vouches for is its successor, and that is signed.
"""

import secrets
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from sync.files import sync_directory, write_once
from sync.keys import MAX_CHANGES, KeyChange, KeyChanges, announce
from sync.sealing import key_id


class RotationError(Exception):
    """The keys cannot be changed now; the message says why."""


@lru_cache
def secret(folder: Path) -> str:
    """Django's SECRET_KEY: 86 characters for sessions and for the hashes of enrolment codes."""
    return _kept(folder, "secret", lambda: secrets.token_urlsafe(64))


def signing_key(folder: Path) -> SigningKey:
    """The Ed25519 key that signs every answer to a kiosk."""
    try:
        return _signing_key(_in_force(folder))
    except FileNotFoundError:  # another process changed the keys between our two looks
        return _signing_key(_in_force(folder))


def sealing_key(folder: Path) -> PrivateKey:
    """The X25519 key to which kiosks seal citizens' comments from now on."""
    return _sealing_key(_in_force(folder))


def opening_keys(folder: Path) -> dict[str, PrivateKey]:
    """Every sealing key that was ever in force, by the name that a comment's entry gives it."""
    keys = [_sealing_key(generation) for generation in _generations(folder)]
    return {key_id(key.public_key.encode().hex()): key for key in keys}


def repository_key(folder: Path) -> SigningKey:
    """The Ed25519 key that signs the repository of kiosks' versions, made with the first of them."""
    return SigningKey(bytes.fromhex(_kept(folder, "repository", lambda: SigningKey.generate().encode().hex())))


def has_repository(folder: Path) -> bool:
    """Whether that key was made: whether there ever was a version to offer."""
    return (folder / "repository").exists()


def changes(folder: Path) -> KeyChanges:
    """The links from the first signing key to the one in force."""
    return KeyChanges([_change(generation) for generation in _generations(folder)[1:]])


def rotate(folder: Path, now: datetime) -> KeyChange:
    """Make the next signing and sealing key, announced by the present one, and put them in force.

    Raises `RotationError` when somebody else does it at this moment or the chain is full, OSError.
    """
    make(folder)
    generations = _generations(folder)
    if len(generations) > MAX_CHANGES:
        raise RotationError(f"The keys were changed {MAX_CHANGES} times; kiosks follow no further. They must be enrolled under new keys.")
    signing, sealing = SigningKey.generate(), PrivateKey.generate()
    change = announce(signing_key(folder), signing.verify_key.encode().hex(), sealing.public_key.encode().hex(), now)
    draft = folder / f".next.{secrets.token_hex(8)}"
    draft.mkdir(mode=0o700)
    try:
        write_once(draft / "signing", signing.encode().hex().encode("ascii"))
        write_once(draft / "sealing", sealing.encode().hex().encode("ascii"))
        write_once(draft / "change", msgspec.json.encode(change))
        draft.rename(folder / str(len(generations)))
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if (folder / str(len(generations))).exists():
            raise RotationError("Somebody else has changed the keys at this moment.") from error
        raise
    sync_directory(folder)
    (generations[-1] / "signing").unlink(missing_ok=True)
    return change


def there(folder: Path) -> bool:
    """Whether a signing key was made before."""
    return any(folder.rglob("signing"))


def make(folder: Path) -> None:
    """Make all keys that are missing. Raises OSError when the folder cannot be written."""
    for key in (secret, signing_key, sealing_key):
        key(folder)


def _generations(folder: Path) -> list[Path]:
    """The folders of all keys that were ever in force, the oldest first."""
    found = [folder]
    while (following := folder / str(len(found))).exists():
        found.append(following)
    return found


def _in_force(folder: Path) -> Path:
    return _generations(folder)[-1]


@lru_cache
def _signing_key(folder: Path) -> SigningKey:
    return SigningKey(bytes.fromhex(_kept(folder, "signing", lambda: SigningKey.generate().encode().hex(), first=True)))


@lru_cache
def _sealing_key(folder: Path) -> PrivateKey:
    return PrivateKey(bytes.fromhex(_kept(folder, "sealing", lambda: PrivateKey.generate().encode().hex(), first=True)))


@lru_cache
def _change(folder: Path) -> KeyChange:
    return msgspec.json.decode((folder / "change").read_bytes(), type=KeyChange)


def _kept(folder: Path, name: str, new: Callable[[], str], *, first: bool = False) -> str:
    """A key's file, made where it is missing; of keys that follow each other only the first is made so."""
    path = folder / name
    if not path.exists() and not (first and (_was_replaced(folder) or _follows(folder))):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(path, new().encode("ascii"))
    return path.read_text("ascii")


def _was_replaced(folder: Path) -> bool:
    return (folder / "1").exists()


def _follows(folder: Path) -> bool:
    return (folder / "change").exists()
