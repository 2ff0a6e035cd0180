"""Where a batch stands towards what the server holds of its ledger: new, overlapping, known, after a gap, forked. Pure."""

from collections.abc import Callable, Mapping, Sequence

from sync.wire import BatchHeader


class GapError(Exception):
    """Entries between the head and the batch are missing."""


class ForkError(Exception):
    """The batch has other entries than the server holds under the same numbers."""


def known_lines(header: BatchHeader, digests: Sequence[str], head: int, digest: str, archived: Callable[[int], str]) -> int:
    """How many of the batch's lines, from its first, the server holds already; the rest follows its head.

    digests: after each line, from the header's previous digest on; none for a hello, which is right anywhere beyond the
    head. head: highest seq held without a gap (0: none), digest: there. archived: gives the digest at a seq below the
    head. An equal digest proves all before it. Raises `GapError`, `ForkError`.
    """
    last = header.first + len(digests) - 1
    if header.first > head + 1:
        if not digests:
            return 0
        raise GapError
    known = min(last, head) - header.first + 1
    here = digests[known - 1] if known else header.previous
    there = digest if last >= head else archived(last)
    if here != there:
        raise ForkError
    return known


def common(header: BatchHeader, digests: Sequence[str], held: Mapping[int, str]) -> int | None:
    """The highest seq at which a forked batch has the digest that the server holds; None where even first-1 differs.

    held: digests by seq, from first-1 to the head or the batch's end.
    """
    said = [header.previous, *digests]
    equal = (seq for seq in sorted(held, reverse=True) if held[seq] == said[seq - header.first + 1])
    return next(equal, None)
