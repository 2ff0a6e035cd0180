"""SHA256SUMS of what is released, and the publisher's signature of it: Ed25519, base64 in one line, in SHA256SUMS.sig."""

import base64
import binascii
import hashlib
from pathlib import Path

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"


class NotGenuine(Exception):
    """A release whose signature or sums do not hold; the message says which."""


def release_key(file: Path | None, trial: Path) -> tuple[SigningKey, bool]:
    """The key that releases are signed with, and whether it is the publisher's. file: his, 64 hex characters of a seed.

    Without it one of our own, made at first use at `trial`, for nobody knows that key. Raises OSError, ValueError.
    """
    if file is not None:
        return SigningKey(bytes.fromhex(file.read_text("ascii").strip())), True
    if not trial.exists():
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.touch(0o600)
        trial.write_text(f"{SigningKey.generate().encode().hex()}\n")
    return SigningKey(bytes.fromhex(trial.read_text("ascii").strip())), False


def sign(folder: Path, key: SigningKey) -> list[str]:
    """Write the sums of all packages in a folder, and the signature; the packages' names."""
    packages = sorted(folder.glob("*.deb"))
    sums = "".join(f"{_digest(package)}  {package.name}\n" for package in packages).encode()
    (folder / SUMS).write_bytes(sums)
    (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(sums).signature) + b"\n")
    return [package.name for package in packages]


def verify(folder: Path, publisher: bytes) -> list[str]:
    """The packages that the publisher signed and that are as he signed them. Raises `NotGenuine`, OSError."""
    sums = (folder / SUMS).read_bytes()
    try:
        VerifyKey(publisher).verify(sums, base64.b64decode((folder / SIGNATURE).read_bytes(), validate=False))
    except (BadSignatureError, binascii.Error, ValueError):
        raise NotGenuine(f"{SUMS} is not signed by this publisher") from None
    names = []
    for line in sums.decode().splitlines():
        digest, _, name = line.partition("  ")
        if Path(name).name != name or _digest(folder / name) != digest:
            raise NotGenuine(f"{name} is not the file that was signed")
        names.append(name)
    return names


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
