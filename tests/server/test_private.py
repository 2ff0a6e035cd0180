"""What of a citizen is found in words that are to be public, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cases.private import found
from sync.sealing import Written

pytestmark = pytest.mark.once

NUMBER = "AB12-CD3E"
WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
phones = st.tuples(st.sampled_from("35789"), st.text("0123456789", min_size=8, max_size=8)).map(lambda parts: "0" + "".join(parts))
partings = st.sampled_from(["", " ", ".", "-", " . ", "\u00a0", "–", "/", "\u200b", ", "])


def of(name: str = "", phone: str = "", address: str = "", text: str = "Chờ lâu") -> list[Written]:
    return [Written(text=text, name=name, phone=phone, address=address, consent="đồng ý" if name or phone or address else "")]


@given(phones, st.lists(partings, min_size=10, max_size=10), st.sampled_from(["digits", "O", "wide", "words", "+84"]))
def test_a_telephone_number_is_found_however_it_is_spelt(phone: str, between: list[str], way: str) -> None:
    spelt = {
        "digits": list(phone),
        "O": [digit if place in (0, 9) else digit.replace("0", "O") for place, digit in enumerate(phone)],
        "wide": [chr(ord(digit) - ord("0") + ord("０")) for digit in phone],
        "words": [f" {WORDS[int(digit)]} " for digit in phone],
        "+84": ["+84", *phone[1:]],
    }[way]
    if way == "O":  # a letter for a digit, within a group of digits
        between = [""] * 10
    text = "Xin gọi " + "".join(part + gap for part, gap in zip(spelt, between, strict=True)) + " để biết thêm"
    assert found(text, of(phone=phone), [NUMBER]) == ["số điện thoại của người dân"]
    assert found(text, of(text=f"gọi tôi ngày 20/11/2026 {phone} nhé"), [NUMBER]) == ["số điện thoại của người dân"]


@given(st.text("abcdđeghiklmnopqrstuvxyăâêôơư ,.", max_size=200))
def test_words_without_digits_and_names_hold_nothing(text: str) -> None:
    assert found(text, of("Đỗ Thị Quỳnh Như", "0912345678", "17 Nguyễn Trãi, phường Thái Hòa"), [NUMBER]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Đã xin lỗi Đỗ Thị Quỳnh Như.", "Đã xin lỗi ĐỖ THỊ QUỲNH NHƯ", "da xin loi do thi quynh nhu", "Đã xin lỗi bà Như tại nhà",
        "Đỗ  Thị\nQuỳnh-Như", "Do\u0302\u0303 Thi\u0323 Quy\u0300nh Nhu\u031b",
    ],
)  # fmt: skip
def test_a_name_is_found_with_and_without_marks_and_after_a_form_of_address(text: str) -> None:
    assert found(text, of("Đỗ Thị Quỳnh Như"), []) == ["tên của người dân"]


def test_a_given_name_is_not_every_word_like_it() -> None:
    assert found("Phải đi ba lần; như vậy là chưa đúng", of("Lê Thị Lan"), []) == []
    assert found("Đã sửa trong ba năm", of("Lê Văn Năm"), []) == []


@pytest.mark.parametrize("text", ["nhà 17 Nguyễn Trãi", "Số 17, Nguyen Trai", "17 NGUYỄN TRÃI, phường Thái Hòa"])
def test_an_address_is_found_by_its_house(text: str) -> None:
    assert found(text, of(address="17 Nguyễn Trãi, phường Thái Hòa"), []) == ["địa chỉ của người dân"]


def test_the_commune_may_be_named() -> None:
    assert found("Phường Thái Hòa đã bổ sung ghế", of(address="17 Nguyễn Trãi, phường Thái Hòa"), []) == []
    assert found("Phường Thái Hòa đã bổ sung ghế", of(address="Phường Thái Hòa"), []) == []


@pytest.mark.parametrize("text", ["vụ việc AB12-CD3E", "ab12cd3e", "mã AB I2 – CD3E", "mã (AB12 CD3E)"])
def test_the_number_of_the_matter_is_found(text: str) -> None:
    assert found(text, [], [NUMBER]) == ["mã số của vụ việc"]


def test_an_ordinary_outcome_says_nothing_of_anybody() -> None:
    text = "Từ 1/12/2026 có 12 ghế chờ, mở thêm Quầy 5 từ 7 giờ 30; đường dây nóng 0238 3 555 777."
    assert found(text, of("Đỗ Thị Quỳnh Như", "0912345678", "17 Nguyễn Trãi, phường Thái Hòa"), [NUMBER]) == []
