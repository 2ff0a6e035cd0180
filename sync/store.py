"""What the courier needs of the kiosk and of the network: protocols that the kiosk's ledgers and `sync.client.Client` fulfil."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.wire import Acked, Clock, Health, Held, Receipt


@dataclass(frozen=True)
class Pending:
    """What follows `acked` in a ledger, as much as a batch may hold; without lines it is a hello."""

    ledger: str
    first: int
    previous: str
    lines: Sequence[bytes]

    @property
    def end(self) -> int:
        """The seq of the last line, or of the entry that a hello asks about."""
        return self.first - 1 + len(self.lines)


class Store(Protocol):
    """The kiosk's ledgers. Each raises OSError or the database's error where the disk fails."""

    def held(self) -> list[Held]:
        """What every ledger on disk offers, the oldest first."""

    def pending(self, most: int, ledger: str | None = None) -> Pending:
        """At most so many entries behind `acked`: of that ledger, or of the oldest that has any, or a hello of the open one."""

    def digest_at(self, ledger: str, seq: int) -> str | None:
        """Our digest at an entry or at the floor; None where we have neither."""

    def acknowledge(self, at: Acked) -> bool:
        """Move `acked`, up or down, to where the server stands; False where our digest there is another."""

    def branch(self, at: Acked) -> str | None:
        """End a ledger at that point, or at its floor where that lies above, and carry what follows into another.

        The other's name, or None where none was needed.
        """


class Exchange(Protocol):
    """`sync.client.Client`, as the courier needs it."""

    def send(self, body: bytes) -> Receipt:
        """The receipt for a batch."""

    def config(self, digest: str) -> bytes:
        """The configuration of that digest."""


class Kiosk(Protocol):
    """What else the courier asks of the kiosk."""

    def clock(self) -> Clock:
        """The clocks now."""

    def health(self) -> Health:
        """How the kiosk is now."""

    def config_digest(self) -> str | None:
        """Digest of the configuration that the kiosk has, or None."""

    def store_config(self, config: bytes) -> None:
        """Keep a configuration that was received, and put it in force."""
