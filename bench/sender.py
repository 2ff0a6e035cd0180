"""A kiosk's side of the exchange, as benchmarks need it: signed batches of a ledger of its own, made in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from nacl.signing import SigningKey

from sync import entries, wire
from sync.client import Client
from sync.http import Wire
from sync.signature import sign_request

PATH = "/api/v1/entries"


class Post(NamedTuple):
    """Where a kiosk stands: ids of its unit and counter, and of the officers who may be rated there."""

    unit: str
    counter: str
    officers: list[str]


class Sender:
    """One kiosk. spacing: from one entry to the next; the last is as old as a batch that is sent at once."""

    def __init__(self, post: Post, device: str, key: SigningKey, spacing: timedelta = timedelta(seconds=3)) -> None:
        self._post = post
        self.device = device
        self._key = key
        self._spacing = spacing
        self._ledger = f"l-{entries.uuid7()}"
        self._seq, self._digest, self._up, self._boot = 0, entries.GENESIS, 1000.0, str(uuid4())

    @property
    def unit(self) -> str:
        return self._post.unit

    def client(self, connection: Wire, server_key: str) -> Client:
        """The real client of this kiosk. server_key: by which (hex) answers are known."""
        return Client(connection, self.device, self._key, server_key)

    def batch(self, size: int) -> tuple[bytes, str]:
        """The next so many entries as body and signature."""
        now = datetime.now(UTC)
        lines = [entries.encode_entry(self._entry(self._seq + number + 1, now - self._spacing * (size - number))) for number in range(size)]
        header = wire.BatchHeader(
            ledger=self._ledger,
            first=self._seq + 1,
            previous=self._digest,
            ledgers=[wire.Held(self._ledger, 0, self._seq + size, self._seq)],
            clock=wire.Clock(entries.to_the_millisecond(now), round(self._up + self._spacing.total_seconds(), 3), self._boot),
            genuine=None,
            health=wire.Health("0.1.0", size, 10**10),
            nonce=uuid4().hex,
        )
        self._seq += size
        self._digest = entries.chain(self._digest, lines)[-1]
        body = wire.encode_batch(wire.Batch(header, lines))
        return body, sign_request(self._key, "POST", PATH, body)

    def _entry(self, seq: int, at: datetime) -> entries.Entry:
        self._up = round(self._up + self._spacing.total_seconds(), 3)
        common: dict[str, Any] = {"id": entries.uuid7(), "at": entries.to_the_millisecond(at), "up": self._up, "boot": self._boot}
        if seq == 1:
            key = self._key.verify_key.encode().hex()
            unit, counter, _ = self._post
            return entries.Opened(**common, ledger=self._ledger, device=key, unit=unit, counter=counter, parent=None, reason="new")
        officers = self._post.officers
        return entries.Vote(**common, officer=officers[seq % len(officers)], rating="satisfied" if seq % 10 else "dissatisfied")
