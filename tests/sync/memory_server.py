"""A server of the contract, in memory: what the courier's tests exchange with."""

from datetime import UTC, datetime

from sync.entries import GENESIS, chain
from sync.errors import Disagreed, ExchangeError, Refused
from sync.wire import Acked, Batch, Receipt, decode_batch, sha256

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class MemoryServer:
    """Takes batches as docs/wire.md says, and answers forks as the server does: by what a batch proves, or by an archived end below it.

    fail_with: raised once, after storing when `after` is set, else before. most_bytes: a larger body is too large.
    """

    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {}
        self.ends: dict[str, list[int]] = {}
        self.batches: list[Batch] = []
        self.fail_with: ExchangeError | None = None
        self.after = False
        self.most_bytes: int | None = None
        self.config_bytes = b"{}"

    def send(self, body: bytes) -> Receipt:
        if self.most_bytes is not None and len(body) > self.most_bytes:
            raise Refused(413, "too-large")
        batch = decode_batch(body)
        self.batches.append(batch)
        if not self.after:
            self._fail_once()
        self._take(batch)
        self._fail_once()
        names = dict.fromkeys([batch.header.ledger, *(held.ledger for held in batch.header.ledgers)])
        return Receipt(
            request=sha256(body),
            nonce=batch.header.nonce,
            time=NOW,
            ledgers=[self.head(name) for name in names],
            next_seconds=60,
            config=sha256(self.config_bytes),
        )

    def _take(self, batch: Batch) -> None:
        ledger, before = batch.header.ledger, batch.header.first - 1
        ours = [GENESIS, *chain(GENESIS, self.lines.get(ledger, []))]
        if before >= len(ours):
            if batch.lines:
                raise Disagreed(forked=False, at=self.head(ledger))
            return
        theirs = [batch.header.previous, *chain(batch.header.previous, batch.lines)]
        common = [seq for seq, digest in enumerate(theirs, before) if seq < len(ours) and digest == ours[seq]]
        if common[-1:] != [min(before + len(batch.lines), len(ours) - 1)]:
            at = common[-1] if common else max([end for end in self.ends.get(ledger, []) if end < before], default=0)
            raise Disagreed(forked=True, at=Acked(ledger, at, ours[at]))
        if fresh := batch.lines[len(ours) - 1 - before :]:
            self.lines.setdefault(ledger, []).extend(fresh)
            self.ends.setdefault(ledger, []).append(len(self.lines[ledger]))

    def restore(self, ledger: str, end: int) -> None:
        """An old backup was put back: the ledger ends there."""
        self.lines[ledger] = self.lines.get(ledger, [])[:end]
        self.ends[ledger] = [*(before for before in self.ends.get(ledger, []) if before < end), *([end] if end else [])]

    def head(self, ledger: str) -> Acked:
        lines = self.lines.get(ledger, [])
        return Acked(ledger, len(lines), [GENESIS, *chain(GENESIS, lines)][-1])

    def config(self, digest: str) -> bytes:
        assert digest == sha256(self.config_bytes)
        return self.config_bytes

    def _fail_once(self) -> None:
        error, self.fail_with = self.fail_with, None
        if error is not None:
            raise error
