"""Where a batch stands towards what the server holds of its ledger: new, overlapping, known, after a gap, forked. Pure."""

from collections.abc import Callable, Sequence

from sync.wire import BatchHeader


class GapError(Exception):
    """Entries between the head and the batch are missing."""


class ForkError(Exception):
    """The batch has other entries than the server holds under the same numbers."""


def known_lines(header: BatchHeader, digests: Sequence[str], head: int, digest: str, archived: Callable[[int], str]) -> int:
    """How many of the batch's lines, from its first, the server holds already; the rest follows its head.

    digests: after each line, from the header's previous digest on; at least one. head: highest seq held without a gap
    (0: none), digest: there. archived: gives the digest at a seq below the head. An equal digest proves all before it.
    Raises `GapError`, `ForkError`.
    """
    last = header.first + len(digests) - 1
    if header.first > head + 1:
        raise GapError
    if header.first == head + 1:
        known, here, there = 0, header.previous, digest
    elif last >= head:
        known = head - header.first + 1
        here, there = digests[known - 1], digest
    else:
        known, here, there = len(digests), digests[-1], archived(last)
    if here != there:
        raise ForkError
    return known
