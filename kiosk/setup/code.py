"""What the QR code of an enrolment code says: `https://hailong.tinh.gov.vn/#7Q2K9-M3RT5`, as the server's page shows it (docs/wire.md)."""

from urllib.parse import urlsplit

from kiosk.settings import is_server_address
from sync.crockford import ALPHABET, normalised


def read_code(text: str) -> tuple[str, str] | None:
    """The server's address and the code, or None where a text is something else."""
    address, _, code = text.strip().partition("#")
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    meant = normalised(code)
    if path not in ("", "/") or not is_server_address(address) or not meant or set(meant) - set(ALPHABET):
        return None
    return address.rstrip("/"), code
