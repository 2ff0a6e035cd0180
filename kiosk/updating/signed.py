"""Whether a package is what the publisher signed: SHA256SUMS, and its Ed25519 signature by the key that the kiosk was installed with.

The standard library knows no Ed25519; openssl, which Debian's certificates bring along, does.
"""

import base64
import hashlib
import subprocess
import tempfile
from pathlib import Path

from kiosk.updating.errors import UnsignedError

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
_AS_SPKI = bytes.fromhex("302a300506032b6570032100")  # what stands before an Ed25519 key in its X.509 form: RFC 8410, section 10.1


def require_signed(package: Path, name: str, sums: Path, signature: Path, key: Path) -> None:
    """Nothing, when the publisher signed this package under this name. key: the public key's file, 64 hex characters.

    Raises `UnsignedError`, OSError.
    """
    said = _signed(sums, signature, key)
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if (digest, name) not in _lines(said):
        raise UnsignedError(f"{name} is not the file of that name in the publisher's {SUMS}")


def _signed(sums: Path, signature: Path, key: Path) -> str:
    """The sums, once their signature holds."""
    try:
        public = _AS_SPKI + bytes.fromhex(key.read_text("ascii").strip())
        content, sealed = sums.read_bytes(), base64.b64decode(signature.read_bytes().strip(), validate=True)
    except ValueError as error:
        raise UnsignedError(f"{signature.name} or {key} is no signature or key: {error}") from error
    with tempfile.TemporaryDirectory() as folder:  # a copy of one's own: what was verified is what is read
        paths = [Path(folder, part) for part in ("key.pem", "signature", "content")]
        pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(public).decode()}\n-----END PUBLIC KEY-----\n"
        for path, data in zip(paths, (pem.encode(), sealed, content), strict=True):
            path.write_bytes(data)
        pem_file, signature_file, content_file = map(str, paths)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", pem_file, "-sigfile", signature_file, "-in", content_file]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            raise UnsignedError(f"{sums.name} is not signed by the publisher")
    return content.decode("utf-8", "replace")


def _lines(sums: str) -> set[tuple[str, str]]:
    """Sum and name of each file, as sha256sum writes them."""
    found = (line.split(maxsplit=1) for line in sums.splitlines())
    return {(parts[0], parts[1].removeprefix("*")) for parts in found if len(parts) == 2}
