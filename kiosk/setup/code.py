"""An enrolment code, typed or scanned: ten characters, and ten more where the office has an authority of its own (docs/wire.md).

A QR code has the server's address before it: `https://hailong.tinh.gov.vn/#7Q2K9-M3RT5`.
"""

from urllib.parse import urlsplit

from kiosk.settings import is_server_address
from sync import authority
from sync.crockford import ALPHABET, normalised

CODE_CHARACTERS, GROUP = 10, 5


def code_and_mark(typed: str) -> tuple[str, str] | None:
    """The code, and the mark of the office's own authority or nothing. None where something else was typed."""
    meant = normalised(typed)
    if len(meant) not in (CODE_CHARACTERS, CODE_CHARACTERS + authority.CHARACTERS) or set(meant) - set(ALPHABET):
        return None
    return meant[:CODE_CHARACTERS], meant[CODE_CHARACTERS:]


def grouped(typed: str) -> str:
    """What is meant by keys that were typed for a code, as people read it: 7Q2K9-M3RT5."""
    meant = normalised(typed)[: CODE_CHARACTERS + authority.CHARACTERS]
    return "-".join(meant[at : at + GROUP] for at in range(0, len(meant), GROUP))


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
