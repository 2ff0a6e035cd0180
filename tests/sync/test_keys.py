"""Keys that follow each other: the frozen examples."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from sync.client import signed_hand_over
from sync.keys import KeyChanges, announce, follow
from sync.signature import request_is_genuine
from sync.wire import decode

EXAMPLES = Path(__file__).resolve().parents[1] / "wire"
KIOSKS = [SigningKey(bytes([number] * 32)) for number in (1, 2)]
SERVERS = [SigningKey(bytes([number] * 32)) for number in (11, 12, 13)]


def public(key: SigningKey) -> str:
    return key.verify_key.encode().hex()


def test_both_keys_of_a_kiosk_sign_the_frozen_request_as_ever() -> None:
    body = (EXAMPLES / "key-request.json").read_bytes().rstrip(b"\n")
    signatures = (EXAMPLES / "key-request-signatures.txt").read_text().split()
    change = signed_hand_over(*KIOSKS)
    assert (change.body.encode(), [change.by_old, change.by_new]) == (body, signatures)
    for key, signature in zip(KIOSKS, signatures, strict=True):
        assert request_is_genuine(public(key), signature, "POST", "/api/v1/keys", body)


def test_the_frozen_chain_leads_from_each_of_its_keys_to_the_last() -> None:
    changes = decode((EXAMPLES / "key-changes.json").read_bytes(), KeyChanges).changes
    for number, key in enumerate(SERVERS):
        assert follow(public(key), changes) == changes[number:]
    assert follow(public(KIOSKS[0]), changes) == []


def test_the_frozen_links_are_still_announced_byte_for_byte() -> None:
    changes = decode((EXAMPLES / "key-changes.json").read_bytes(), KeyChanges).changes
    for previous, key, change in zip(SERVERS, SERVERS[1:], changes, strict=False):
        assert announce(previous, public(key), change.sealing_key, change.since) == change


@pytest.mark.parametrize("fraction", [0, 999_999])
def test_a_link_is_dated_to_the_second(fraction: int) -> None:
    at = datetime(2026, 11, 25, 2, 52, 7, fraction, tzinfo=UTC)
    assert announce(SERVERS[0], public(SERVERS[1]), "0" * 64, at).at == "2026-11-25T02:52:07Z"
