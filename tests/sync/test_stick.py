"""The files on a stick: read back as written, and nobody else's taken for ours."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from sync.entries import Malformed
from sync.signature import sign_answer, sign_request
from sync.stick import ENROL, ENTRIES, Answer, Contents, Listed, Request, decode_answer, decode_contents, decode_request, device_folders
from sync.wire import sha256

KIOSK, SERVER, STRANGER = SigningKey(b"k" * 32), SigningKey(b"s" * 32), SigningKey(b"x" * 32)


def public(key: SigningKey) -> str:
    return key.verify_key.encode().hex()


def answer(batch: bytes, body: bytes, *, kiosk: SigningKey = KIOSK, server: SigningKey = SERVER) -> Answer:
    return Answer(200, sha256(batch), sign_request(kiosk, "POST", ENTRIES, batch), sign_answer(server, 200, batch, body), body)


@given(st.binary(), st.binary())
def test_requests_and_answers_are_read_as_they_were_written(batch: bytes, body: bytes) -> None:
    request = Request("POST", ENTRIES, "d-1", sign_request(KIOSK, "POST", ENTRIES, batch), batch)
    assert decode_request(request.encode()) == request
    assert decode_answer(answer(batch, body).encode()) == answer(batch, body)


def test_the_list_of_contents_is_read_as_it_was_written_and_only_from_its_kiosk() -> None:
    contents = Contents(
        device="d-1", written_at=datetime(2026, 11, 23, tzinfo=UTC), entries=1, files=[Listed("1-entries", 3, sha256(b"abc"))]
    )
    assert decode_contents(contents.encode(KIOSK), public(KIOSK)) == contents
    with pytest.raises(Malformed):
        decode_contents(contents.encode(STRANGER), public(KIOSK))


def test_an_answer_is_ours_when_our_server_gave_it_to_a_batch_of_ours() -> None:
    ours = answer(b"batch", b"receipt")
    keys = [public(KIOSK)], [public(SERVER)]
    assert ours.is_ours(ENTRIES, *keys)
    assert not ours.is_ours(ENROL, *keys)
    assert not answer(b"batch", b"receipt", kiosk=STRANGER).is_ours(ENTRIES, *keys)
    assert not answer(b"batch", b"receipt", server=STRANGER).is_ours(ENTRIES, *keys)
    for changed in (ours._replace(body=b"other"), ours._replace(status=409), ours._replace(request=sha256(b"another batch"))):
        assert not changed.is_ours(ENTRIES, *keys)


def test_an_answer_is_ours_by_any_key_that_either_had() -> None:
    keys = [public(STRANGER), public(KIOSK)], [public(STRANGER), public(SERVER)]
    assert answer(b"batch", b"receipt").is_ours(ENTRIES, *keys)


def test_a_kiosks_folder_is_called_by_its_id_or_by_its_key(tmp_path: Path) -> None:
    for name in ("d-7Q2K9XVTM4", "k-" + "ab" * 32, "k-" + "AB" * 32, "k-ab", "x-" + "ab" * 32):
        (tmp_path / "hailong" / name).mkdir(parents=True)
    assert [path.name for path in device_folders(tmp_path)] == ["d-7Q2K9XVTM4", "k-" + "ab" * 32]


@given(st.binary(max_size=200))
def test_anything_else_is_malformed_and_never_another_error(data: bytes) -> None:
    for whole in (data, b"hailong request 1\n" + data, b"hailong answer 1\n" + data, b"hailong contents 1\n" + data):
        for read in (decode_request, decode_answer, lambda data: decode_contents(data, public(KIOSK))):
            try:
                read(whole)
            except Malformed:
                continue
