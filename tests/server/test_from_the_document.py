"""A kiosk that was written from docs/wire.md alone: it knows nothing of `sync`, and writes JSON, ids and gzip in its own way."""

import base64
import gzip
import hashlib
import json
import secrets
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from server.devices.enrolment import new_code
from server.intake.models import Comment, Vote
from server.places.models import Counter, Unit
from tests.server.kiosk import quarantined

AT = "2026-11-23T10:00:00+07:00"


def hexed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Stranger:
    """Remembers its lines, and speaks to the server."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.key = SigningKey.generate()
        self.headers: dict[str, str] = {}
        self.server = ""
        self.lines: list[bytes] = []
        self.digests = ["0" * 64]
        self.ledger = "l-" + secrets.token_hex(8)
        self.up = 1000.0

    @property
    def public(self) -> str:
        return self.key.verify_key.encode().hex()

    def ask(self, method: str, path: str, body: bytes, more: dict[str, str]) -> dict[str, Any]:
        """What the server says, its signature checked."""
        text = f"hailong request 1\n{method}\n/api/v1/{path}\n{hexed(body)}\n"
        signature = base64.b64encode(self.key.sign(text.encode()).signature).decode()
        headers = {**self.headers, **more, "Hailong-Signature": signature}
        kind = headers.pop("Content-Type", "application/json")
        answer = self.client.generic(method, f"/api/v1/{path}", body, content_type=kind, headers=headers)
        said: dict[str, Any] = json.loads(answer.content)
        self.server = self.server or said["signing_key"]
        signed = f"hailong answer 1\n{answer.status_code}\n{hexed(body)}\n{hexed(answer.content)}\n"
        VerifyKey(bytes.fromhex(self.server)).verify(signed.encode(), base64.b64decode(answer["Hailong-Signature"]))
        return said

    def write(self, kind: str, **fields: object) -> str:
        """Record an entry; gives its id."""
        self.up += 2
        fields |= {"boot": "b", "up": self.up, "at": AT, "id": secrets.token_hex(16), "kind": kind, "not in the document": [1]}
        line = json.dumps(dict(sorted(fields.items())), indent=None, ensure_ascii=True).encode()
        self.lines.append(line)
        self.digests.append(hexed(self.digests[-1].encode() + line))
        return str(fields["id"])

    def send(self, first: int = 1) -> dict[str, Any]:
        """The answer to everything from a seq on."""
        header = {
            "nonce": secrets.token_hex(4),
            "health": {"version": "stranger", "waiting": 0, "disk_free": 1},
            "genuine": None,
            "clock": {"at": AT, "up": self.up + 1, "boot": "b"},
            "ledgers": [{"ledger": self.ledger, "floor": 0, "last": len(self.lines), "acked": first - 1}],
            "previous": self.digests[first - 1],
            "first": first,
            "ledger": self.ledger,
        }
        text = b"".join(line + b"\n" for line in [json.dumps(header).encode(), *self.lines[first - 1 :]])
        return self.ask("POST", "entries", gzip.compress(text, 1), {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"})


def enrolled(client: Client, counter: Counter) -> tuple[Stranger, dict[str, Any], dict[str, str]]:
    """A kiosk with an open ledger, what the server said to it, and the place that its ledgers name."""
    stranger = Stranger(client)
    request = json.dumps({"version": "1", "key": stranger.public, "code": new_code(counter, timezone.now()).lower()}).encode()
    said = stranger.ask("POST", "enrol", request, {})
    stranger.headers["Hailong-Device"] = said["device"]
    place = {"unit": said["unit"]["id"], "counter": said["counter"]["id"]}
    stranger.write("opened", ledger=stranger.ledger, device=stranger.public, parent=None, reason="new", **place)
    return stranger, said, place


@pytest.fixture
def counter() -> Counter:
    return Counter.objects.create(unit=Unit.objects.create(name="Xã Tân Phú", kind=Unit.Kind.COMMUNE), name="Quầy 2")


def test_a_kiosk_that_chains_otherwise_than_the_document_says_is_found_out(client: Client, counter: Counter) -> None:
    stranger, *_ = enrolled(client, counter)
    stranger.send()
    stranger.digests[1] = hexed(stranger.digests[0].encode() + stranger.lines[0] + b"\n")
    stranger.write("vote", officer=None, rating="satisfied")
    forked = stranger.send(first=2)
    assert (forked["type"], forked["at"]["acked"]) == ("urn:hailong:problem:forked", 0)


def test_a_kiosk_written_from_the_document_enrols_votes_comments_forks_and_changes_its_key(client: Client, counter: Counter) -> None:
    stranger, said, place = enrolled(client, counter)
    vote = stranger.write("vote", officer=None, rating="satisfied")
    stranger.write("change", vote=vote, rating="dissatisfied")
    words = "Chờ lâu".encode()
    sealing = bytes.fromhex(said["sealing_key"])
    sealed = SealedBox(PublicKey(sealing)).encrypt(words + b"\x80" + bytes(1024 - len(words) - 1))
    stranger.write("comment", vote=vote, sealed=hexed(sealed), key=hexed(sealing)[:16])

    receipt = stranger.send()
    assert receipt["ledgers"] == [{"ledger": stranger.ledger, "acked": 4, "digest": stranger.digests[4]}]
    assert receipt["wanted"] == [hexed(sealed)]
    assert stranger.ask("PUT", f"sealed/{hexed(sealed)}", sealed, {"Content-Type": "application/octet-stream"}) == {}
    assert stranger.send()["wanted"] == []
    config = stranger.ask("GET", f"config/{receipt['config']}", b"", {})
    assert (config["unit"]["id"], config["on_duty"]) == (place["unit"], None)
    assert quarantined(counter.unit) == {}
    assert [(one.satisfied, one.counter_id) for one in Vote.objects.all()] == [(False, counter.id)]
    assert Comment.objects.get().arrived

    common, [carried] = stranger.digests[3], stranger.lines[3:4]
    del stranger.lines[3:], stranger.digests[4:]
    stranger.write("vote", officer=None, rating="satisfied")
    forked = stranger.send(first=3)
    assert (forked["type"], forked["at"]) == ("urn:hailong:problem:forked", {"ledger": stranger.ledger, "acked": 3, "digest": common})
    old, after = stranger.ledger, [carried, *stranger.lines[3:]]
    stranger.ledger, stranger.lines, stranger.digests = "l-" + secrets.token_hex(8), [], ["0" * 64]
    parent = {"ledger": old, "seq": 3, "digest": common}
    stranger.write("opened", ledger=stranger.ledger, device=stranger.public, parent=parent, reason="forked", **place)
    for line in after:
        stranger.lines.append(line)
        stranger.digests.append(hexed(stranger.digests[-1].encode() + line))
    assert stranger.send()["ledgers"][0]["acked"] == 3
    assert (Vote.objects.count(), quarantined(counter.unit)) == (2, {})

    new = SigningKey.generate()
    body = json.dumps({"old": stranger.public, "new": new.verify_key.encode().hex()}).encode()
    text = f"hailong request 1\nPOST\n/api/v1/keys\n{hexed(body)}\n".encode()
    by_new = base64.b64encode(new.sign(text).signature).decode()
    taken = stranger.ask("POST", "keys", body, {"Hailong-New-Signature": by_new})
    assert taken == {"device": said["device"], "key": new.verify_key.encode().hex()}
    stranger.key = new
    stranger.write("vote", officer=None, rating="satisfied")
    assert stranger.send(first=4)["ledgers"][0]["acked"] == 4
    assert (Vote.objects.count(), quarantined(counter.unit)) == (3, {})
