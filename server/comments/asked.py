"""What a receipt asks of a kiosk: the sealed comments that are wanted, and those to erase."""

import random

import msgspec

from server.comments.named import hashes_without_bytes
from server.comments.register import register
from sync.wire import MAX_ERASE, MAX_WANTED, Receipt


def with_errands(receipt: Receipt) -> Receipt:
    """The receipt with what it asks of the kiosk, whose ledgers it names.

    Wanted is what these ledgers name and the server does not hold; to be erased, what they name and the register too, in every
    receipt for ever, because a kiosk may be set back to an old disk as the server to an old backup. Of more than a receipt may
    list, it lists a random choice, so that a file that a kiosk lost never stands in the way of the others.
    """
    missing = hashes_without_bytes([at.ledger for at in receipt.ledgers])
    if not missing:
        return receipt
    erase = missing & register().hashes()
    return msgspec.structs.replace(receipt, wanted=_some(missing - erase, MAX_WANTED), erase=_some(erase, MAX_ERASE))


def _some(hashes: set[str], most: int) -> list[str]:
    return random.sample(sorted(hashes), min(most, len(hashes)))
