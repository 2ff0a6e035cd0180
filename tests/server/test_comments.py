"""Sealed comments at the server: taken in when an entry names them, wanted until then, opened by the server's key alone."""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from nacl.public import PrivateKey

from server import keys, settings
from server.comments.models import SealedComment
from server.comments.opening import open_sealed
from server.intake.models import Batch, Comment
from server.intake.rebuild import rebuild
from sync import entries, wire
from sync.sealing import Written, key_id, seal
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, sign_request
from tests.server.kiosk import BOOT, Answer, Kiosk, checked, enrolled

TEXT = "Chờ lâu quá, cán bộ không giải thích"


def sealing_key() -> str:
    return keys.sealing_key(settings.KEYS).public_key.encode().hex()


def written(kiosk: Kiosk, text: str = TEXT, key: str | None = None) -> bytes:
    """A comment that the kiosk has sealed and named in its ledger, after a vote of its own."""
    kiosk.vote()
    vote = entries.decode_entry(kiosk.lines[-1])
    key = key or sealing_key()
    body = seal(Written(text=text, language="vi"), key)
    sealed, now = wire.sha256(body), datetime.now(UTC)
    comment = entries.Comment(id=entries.uuid7(), at=now, up=kiosk.up, boot=BOOT, vote=vote.id, sealed=sealed, key=key_id(key))
    kiosk.lines.append(entries.encode_entry(comment))
    return body


def put(kiosk: Kiosk, body: bytes, name: str | None = None, **headers: str) -> Answer:
    path = f"/api/v1/sealed/{name or wire.sha256(body)}"
    sent = {DEVICE_HEADER: kiosk.device, SIGNATURE_HEADER: sign_request(kiosk.key, "PUT", path, body), **headers}
    response: Any = kiosk.client.put(path, body, content_type="application/octet-stream", headers=sent)
    return checked(response, body if response.status_code != 413 else b"")


def test_a_comment_is_wanted_from_its_entry_until_its_bytes_came(kiosk: Kiosk) -> None:
    kiosk.open()
    assert kiosk.send().receipt.wanted == []
    body = written(kiosk)
    assert kiosk.send().receipt.wanted == [wire.sha256(body)]
    assert kiosk.send().receipt.wanted == [wire.sha256(body)]
    assert put(kiosk, body).status == 200
    assert kiosk.send().receipt.wanted == []
    [kept] = SealedComment.objects.all()
    assert (kept.unit_id, kept.sha256, kept.device_id, bytes(kept.body)) == (kiosk.unit.id, wire.sha256(body), kiosk.device, body)


def test_a_comment_that_comes_twice_is_kept_once(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    assert put(kiosk, body).body == put(kiosk, body).body == b"{}"
    assert SealedComment.objects.count() == 1


def test_a_comment_that_a_restored_server_lost_is_wanted_again(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    put(kiosk, body)
    SealedComment.objects.all().delete()
    Comment.objects.update(arrived=False)
    assert kiosk.send().receipt.wanted == [wire.sha256(body)]


def test_a_rebuilt_server_wants_only_what_it_lacks(kiosk: Kiosk) -> None:
    body, awaited = written(kiosk.open()), written(kiosk)
    kiosk.send()
    put(kiosk, body)
    rebuild(lambda done, total: None)
    assert kiosk.send().receipt.wanted == [wire.sha256(awaited)]
    assert list(Comment.objects.filter(arrived=True).values_list("sealed", flat=True)) == [wire.sha256(body)]


def test_a_receipt_wants_at_most_50_and_each_gets_its_turn(kiosk: Kiosk) -> None:
    kiosk.open()
    names = {wire.sha256(written(kiosk)) for _ in range(60)}
    wanted = kiosk.send().receipt.wanted
    assert len(set(wanted)) == wire.MAX_WANTED
    for _ in range(30):
        wanted += kiosk.send().receipt.wanted
    assert set(wanted) == names


def test_only_the_kiosk_whose_ledger_names_a_comment_is_asked_for_it(kiosk: Kiosk) -> None:
    written(kiosk.open())
    kiosk.send()
    other = enrolled(kiosk.unit).open()
    assert other.send().receipt.wanted == []


def test_what_no_entry_names_is_not_taken_in(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    refused = put(kiosk, body)
    assert (refused.status, refused.problem.code) == (409, "not-named")
    kiosk.send()
    assert not SealedComment.objects.exists()


def test_a_body_of_another_name_is_malformed(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    for wrong in (put(kiosk, body + b"x", wire.sha256(body)), put(kiosk, body, "nonsense"), put(kiosk, b"", wire.sha256(body))):
        assert (wrong.status, wrong.problem.code) == (400, "malformed")


def test_a_stranger_or_a_revoked_kiosk_hands_nothing_over(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    assert put(kiosk, body, **{DEVICE_HEADER: "d-STRANGER"}).problem.code == "unknown-device"
    assert put(kiosk, body, **{SIGNATURE_HEADER: "AAAA"}).problem.code == "bad-signature"
    from server.devices.models import Device

    Device.objects.update(revoked_at=datetime.now(UTC))
    assert put(kiosk, body).problem.code == "revoked"
    assert not SealedComment.objects.exists()


def test_more_than_16_kib_is_too_large(kiosk: Kiosk) -> None:
    assert put(kiosk.open(), b"x" * (wire.MAX_SEALED_BYTES + 1)).problem.code == "too-large"


def test_only_put_is_allowed(kiosk: Kiosk) -> None:
    assert kiosk.client.get(f"/api/v1/sealed/{'0' * 64}").status_code == 405


def test_the_server_opens_what_was_sealed_to_its_key(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    with pytest.raises(LookupError):
        open_sealed(wire.sha256(body))
    put(kiosk, body)
    assert open_sealed(wire.sha256(body)) == Written(text=TEXT, language="vi")


def test_what_was_sealed_to_another_key_says_so(kiosk: Kiosk) -> None:
    body = written(kiosk.open(), key=PrivateKey.generate().public_key.encode().hex())
    kiosk.send()
    put(kiosk, body)
    with pytest.raises(entries.Malformed, match="does not have"):
        open_sealed(wire.sha256(body))


def test_no_word_of_a_comment_is_in_the_archive_or_the_log(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = written(kiosk.open())
    kiosk.send()
    put(kiosk, body)
    put(kiosk, body, "nonsense")
    put(kiosk, b"x" * 100)
    assert open_sealed(wire.sha256(body)) == Written(text=TEXT, language="vi")
    archived = b"".join(line for batch in Batch.objects.all() for line in wire.decode_batch(bytes(batch.body)).lines)
    assert wire.sha256(body).encode() in archived
    for word in ("Chờ lâu", "giải thích"):
        assert word.encode() not in archived
        assert word not in caplog.text


def vote_of(kiosk: Kiosk) -> UUID:
    """The vote of the last comment."""
    comment = entries.decode_entry(kiosk.lines[-1])
    assert isinstance(comment, entries.Comment)
    return comment.vote
