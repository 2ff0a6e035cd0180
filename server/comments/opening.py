"""Unsealing comments."""

import contextlib
from collections.abc import Collection, Iterator

from django.conf import settings
from nacl.public import PrivateKey

from server import keys
from server.comments.models import SealedComment
from server.comments.named import key_of, keys_of
from server.comments.register import register
from sync.entries import Malformed
from sync.sealing import Written, unseal

_AT_ONCE = 200


def open_sealed(sealed: str) -> Written:
    """What was written, by the SHA-256 of its sealed bytes. Whoever keeps them elsewhere answers for erasing them there.

    Raises LookupError where the server does not hold it, or it was erased; `Malformed` where it cannot be unsealed.
    """
    body, key = body_and_key(sealed)
    return unseal(body, key)


def body_and_key(sealed: str) -> tuple[bytes, PrivateKey]:
    """The sealed bytes by their SHA-256, and what opens them. Raises as `open_sealed`."""
    comment = SealedComment.objects.filter(sha256=sealed).first()
    key = key_of(sealed)
    if comment is None or key is None or sealed in register().hashes():
        raise LookupError(sealed)
    return bytes(comment.body), _private_key(key)


def opened(unit_id: str, hashes: Collection[str]) -> Iterator[tuple[str, Written]]:
    """Of a unit's comments by their hashes, those that the server holds, opened one after the other: for whoever looks through many.

    One that cannot be unsealed is left out, for nobody can read it. Erased ones are, too.
    """
    wanted = sorted(set(hashes) - register().hashes())
    private = keys.opening_keys(settings.KEYS)
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        names = keys_of(unit_id, some)
        for sealed, body in SealedComment.objects.filter(unit_id=unit_id, sha256__in=some).values_list("sha256", "body"):
            key = private.get(names.get(sealed, ""))
            if key is not None:
                with contextlib.suppress(Malformed):
                    yield sealed, unseal(bytes(body), key)


def _private_key(name: str) -> PrivateKey:
    key = keys.opening_keys(settings.KEYS).get(name)
    if key is None:
        raise Malformed(f"sealed to the key {name}, which this server does not have")
    return key
