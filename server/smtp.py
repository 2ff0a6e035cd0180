"""The mail server that the operator names: read from one address, and connected to. Its password is never printed."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import unquote, urlsplit

from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.forms import ValidationError

EXPECTED = "expected smtp://user:password@host:587 (STARTTLS), smtps://…:465 or smtp+plain://host:25, or nothing for no mail"
TIMEOUT = 20  # seconds, for each answer
Security = Literal["starttls", "tls", "plain"]
_SCHEMES: dict[str, tuple[Security, int]] = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25)}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class MailServer:
    """security: `starttls` and `tls` check certificate and host name by the system's authorities (`SSL_CERT_FILE` names others)."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    def connection(self, timeout: float = TIMEOUT) -> EmailBackend:
        """Not opened yet."""
        return EmailBackend(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "starttls",
            use_ssl=self.security == "tls",
            timeout=timeout,
        )


def read_server(url: str) -> MailServer:
    """The server that an address names. Raises ValueError with what is wrong, without repeating the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{EXPECTED}; this cannot be read") from None  # its message may repeat the password
    if parts.scheme not in _SCHEMES or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(EXPECTED)
    security, usual = _SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError(f"{EXPECTED}; a user comes with a password")
    if not (user + password).isascii():
        raise ValueError("a user and password of ASCII letters, for smtplib speaks no others")
    if security == "plain" and password and host not in LOOPBACK:
        raise ValueError("a password is sent to another machine by smtp:// or smtps:// only, never by smtp+plain://")
    return MailServer(host, port or usual, security, user, password)


def is_sender(text: str) -> bool:
    """Whether this can stand as the sender of an e-mail: hailong@tinh.gov.vn, or Hài Lòng <hailong@tinh.gov.vn>."""
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        return False
    return not any(character < " " for character in text)
