"""Which ledgers a batch names in its header, when there are more than it may name."""

from collections.abc import Sequence

from sync.wire import Held

MAX_NAMED = 200


def named(held: Sequence[Held], asked: str, room: int, turn: int) -> list[Held]:
    """At most `room` of the ledgers, in their order: the one that is asked about, then those with entries to send, the oldest first.

    Of the others as many as fit, so that as `turn` counts up each of them is named again and again.
    """
    if len(held) <= room:
        return list(held)
    pressing = sorted((ledger for ledger in held if _presses(ledger, asked)), key=lambda ledger: ledger.ledger != asked)[:room]
    others = [ledger for ledger in held if not _presses(ledger, asked)]
    places = room - len(pressing)
    begin = turn * places % max(len(others), 1)
    chosen = {ledger.ledger for ledger in [*pressing, *[*others, *others][begin : begin + places]]}
    return [ledger for ledger in held if ledger.ledger in chosen]


def _presses(ledger: Held, asked: str) -> bool:
    return ledger.ledger == asked or ledger.last > ledger.acked
