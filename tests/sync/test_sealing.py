"""Sealing comments."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import sodium_pad
from nacl.public import PrivateKey, SealedBox

from sync.entries import Malformed
from sync.sealing import BLOCK_BYTES, MAX_TEXT_BYTES, Written, key_id, seal, unseal
from sync.wire import MAX_SEALED_BYTES

KEY = PrivateKey(bytes([7] * 32))
PUBLIC = KEY.public_key.encode().hex()
AROUND = len(b'\x1e{"language":"vi"}')
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1e"), min_size=1, max_size=2000)


def words(text: str) -> Written:
    return Written(text=text, language="vi")


@given(TEXTS, TEXTS)
def test_the_holder_of_the_key_reads_what_was_written_in_nfc(text: str, name: str) -> None:
    opened = unseal(seal(Written(text=text, language="vi", name=name, consent="Tôi đồng ý"), PUBLIC), KEY)
    composed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", name)
    assert (opened.text, opened.name, opened.consent, opened.phone) == (*composed, "Tôi đồng ý", "")


def test_decomposed_vietnamese_comes_back_composed() -> None:
    assert unseal(seal(words(unicodedata.normalize("NFD", "Cán bộ rất tốt")), PUBLIC), KEY).text == "Cán bộ rất tốt"


@pytest.mark.parametrize("field", ["name", "phone", "address"])
def test_nothing_personal_is_sealed_without_the_sentence_of_consent(field: str) -> None:
    with pytest.raises(ValueError, match="without consent"):
        Written(text="tốt", language="vi", **{field: "0912"})
    other = SealedBox(KEY.public_key).encrypt(sodium_pad(b't\x1e{"language":"vi","%s":"0912"}' % field.encode(), BLOCK_BYTES))
    with pytest.raises(Malformed):
        unseal(other, KEY)


def test_nobody_else_reads_it_and_no_byte_may_be_changed() -> None:
    sealed = seal(words("chờ lâu quá"), PUBLIC)
    assert "chờ".encode() not in sealed
    with pytest.raises(Malformed):
        unseal(sealed, PrivateKey(bytes([8] * 32)))
    for at in range(0, len(sealed), 97):
        with pytest.raises(Malformed):
            unseal(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], KEY)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_unsealing(data: bytes) -> None:
    with pytest.raises(Malformed):
        unseal(data, KEY)


def test_the_same_text_is_never_the_same_bytes() -> None:
    assert seal(words("tốt"), PUBLIC) != seal(words("tốt"), PUBLIC)


@given(st.integers(AROUND + 1, MAX_TEXT_BYTES))
def test_the_length_tells_only_how_many_kibibytes(length: int) -> None:
    assert len(seal(words("a" * (length - AROUND)), PUBLIC)) == 48 + (length // BLOCK_BYTES + 1) * BLOCK_BYTES <= MAX_SEALED_BYTES


@pytest.mark.parametrize("text", ["a" * (MAX_TEXT_BYTES + 1 - AROUND), "\ud800 bí mật"])
def test_what_cannot_be_sealed_says_so_without_the_text(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        seal(words(text), PUBLIC)
    assert "bí mật" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["", "zz", "00" * 31])
def test_a_bad_key_is_malformed(key: str) -> None:
    with pytest.raises(Malformed):
        seal(words("tốt"), key)


def test_a_keys_id_can_be_checked_with_sha256sum() -> None:
    assert key_id("00" * 32) == "66687aadf862bd77"  # head -c32 /dev/zero | sha256sum
