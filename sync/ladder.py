"""How many entries go into a batch, once a server (or something before it) found one too large."""

from dataclasses import dataclass

from sync.wire import MAX_BATCH_LINES

REMEMBERED_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Ladder:
    """An immutable limit. most: entries in a batch, and ledgers named in its header. until: uptime, when it is forgotten."""

    most: int = MAX_BATCH_LINES
    until: float = 0.0

    def at(self, up: float) -> "Ladder":
        """The limit at this uptime (seconds)."""
        return Ladder() if up >= self.until else self

    def down(self, sent: int, up: float) -> "Ladder | None":
        """The limit after a batch of so many entries was too large, for a day; None where nothing smaller can be sent."""
        tried = sent or self.most
        return Ladder(tried // 2, up + REMEMBERED_SECONDS) if tried > 1 else None
