"""A real mail server on loopback that keeps what it gets, and misbehaves when told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from server.smtp import MailServer

USER, PASSWORD = "hailong", "p@ss/word:1"


@dataclass
class Postbox:
    """What came. refused: an answer to RCPT for an address; dies: the next so many connections break after the message was handed over,
    kept or not; hangs: how long DATA is not answered.
    """

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    dies: int = 0
    hangs: float = 0
    secure: list[bool] = field(default_factory=list)

    @property
    def letters(self) -> list[EmailMessage]:
        """As an e-mail program reads them."""
        return [message_from_bytes(one.content or b"", policy=policy.default) for one in self.envelopes]  # type: ignore[arg-type]

    @property
    def to(self) -> list[str]:
        """Whom they were for."""
        return [address for one in self.envelopes for address in one.rcpt_tos]

    def server(self, **more: Any) -> MailServer:  # noqa: ANN401 – any field of MailServer
        """How it is reached in the clear."""
        return MailServer(**{"host": "127.0.0.1", "port": self.port, "security": "plain", **more})

    async def handle_RCPT(  # noqa: N802 – as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 – the same
        self.secure.append(session.ssl is not None)
        self.envelopes.append(envelope)
        if self.hangs:
            await asyncio.sleep(self.hangs)
        if self.dies:
            self.dies -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def postbox(**how: Any) -> Iterator[Postbox]:  # noqa: ANN401 – as the controller takes it
    """One that takes everything."""
    box = Postbox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0, **how)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


@contextmanager
def locked_postbox(authority: trustme.CA, name: str = "localhost") -> Iterator[Postbox]:
    """One that wants STARTTLS and a password; its certificate is made out to this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:  # noqa: ANN401
        return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    with postbox(tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate) as box:
        yield box
