"""Who said it."""

import pytest
from nacl.signing import SigningKey

from sync.signature import answer_is_genuine, request_is_genuine, sign_answer, sign_request

KEY = SigningKey(bytes(32))
PUBLIC = KEY.verify_key.encode().hex()
OTHER = SigningKey(bytes([1] * 32)).verify_key.encode().hex()


def test_a_request_is_bound_to_method_path_and_body() -> None:
    signature = sign_request(KEY, "POST", "/api/v1/entries", b"body")
    assert request_is_genuine(PUBLIC, signature, "POST", "/api/v1/entries", b"body")
    assert not request_is_genuine(PUBLIC, signature, "PUT", "/api/v1/entries", b"body")
    assert not request_is_genuine(PUBLIC, signature, "POST", "/api/v1/enrol", b"body")
    assert not request_is_genuine(PUBLIC, signature, "POST", "/api/v1/entries", b"bodz")
    assert not request_is_genuine(OTHER, signature, "POST", "/api/v1/entries", b"body")


def test_an_answer_is_bound_to_status_body_and_the_request_that_it_answers() -> None:
    signature = sign_answer(KEY, 200, b"request", b"body")
    assert answer_is_genuine(PUBLIC, signature, 200, b"request", b"body")
    assert not answer_is_genuine(PUBLIC, signature, 409, b"request", b"body")
    assert not answer_is_genuine(PUBLIC, signature, 200, b"another request", b"body")
    assert not answer_is_genuine(PUBLIC, signature, 200, b"request", b"other body")
    assert not answer_is_genuine(OTHER, signature, 200, b"request", b"body")


def test_a_request_is_no_answer() -> None:
    assert not answer_is_genuine(PUBLIC, sign_request(KEY, "POST", "/", b""), 200, b"", b"")


@pytest.mark.parametrize("signature", ["", "nonsense", "AAAA", "ö", "A" * 88])
@pytest.mark.parametrize("key", [PUBLIC, "", "zz", "00" * 31])
def test_nonsense_is_not_genuine_and_no_error(signature: str, key: str) -> None:
    assert not request_is_genuine(key, signature, "GET", "/", b"")
