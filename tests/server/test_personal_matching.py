"""Somebody is found however the number or the name was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.personal.matching import Sought, matches, number_of, phone_of, words_of
from sync.reference import reference
from sync.sealing import Written

pytestmark = pytest.mark.once

NATIONAL = st.from_regex(r"[1-9][0-9]{8,9}", fullmatch=True)
PARTING = st.sampled_from(["", " ", ".", "-", " - ", "\u00a0"])
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
WORD = st.text(LETTERS, min_size=1, max_size=7)
NAME = st.lists(WORD, min_size=2, max_size=5)


def written(text: str = "lời", **said: str) -> Written:
    return Written(text=text, consent="vâng", **said)


@given(NATIONAL, st.data())
def test_a_number_is_the_same_with_a_zero_or_the_country_however_it_is_parted(national: str, data: st.DataObject) -> None:
    def typed() -> str:
        before = data.draw(st.sampled_from(["0", "+84", "0084", "+84 (0)", "84"]))
        cut = data.draw(st.integers(1, len(national) - 1))
        return before + data.draw(PARTING) + national[:cut] + data.draw(PARTING) + national[cut:]

    assert matches(Sought(phone=typed()), written(phone=typed())) == ["số điện thoại"]
    assert matches(Sought(phone=typed()), Written(text=f"Xin gọi {typed()}.")) == ["trong nội dung"]


@given(NATIONAL, NATIONAL)
def test_another_number_is_not_the_same(one: str, other: str) -> None:
    assert (phone_of("0" + one) == phone_of("+84" + other)) == (one == other)


@pytest.mark.parametrize("text", ["", "0912", "+84", "không có", "0000000000000"])
def test_what_is_too_short_for_a_number_finds_nothing(text: str) -> None:
    assert phone_of(text) == ""
    assert matches(Sought(phone=text), written(phone=text)) == []


@given(NAME, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.title, str]))
def test_a_name_is_the_same_in_capitals_and_in_any_form_of_unicode(name: list[str], form: str, case: type[str]) -> None:
    typed = unicodedata.normalize(form, case("  ".join(name)))  # type: ignore[arg-type] # one of the four forms
    assert matches(Sought(name=typed), written(name=" ".join(name))) == ["họ tên"]


@given(NAME)
def test_a_name_is_found_without_its_diacritics_and_within_the_words(name: list[str]) -> None:
    plain = " ".join(words_of(" ".join(name)))
    assert matches(Sought(name=plain), written(name=" ".join(name))) == ["họ tên"]
    assert matches(Sought(name=plain), Written(text=f"Tôi là {' '.join(name)}, ở khối 3")) == ["trong nội dung"]


def test_part_of_a_name_finds_it_and_its_words_in_another_order_do_not() -> None:
    tuyet = written(name="Nguyễn Thị Tuyết")
    assert matches(Sought(name="thi tuyet"), tuyet) == ["họ tên"]
    assert matches(Sought(name="Tuyết Nguyễn"), tuyet) == []


def test_of_an_address_all_words_that_are_sought_must_stand_in_it() -> None:
    home = written(address="Số 12, khối 3, phường Thái Hòa")
    assert matches(Sought(address="12 Thai Hoa"), home) == ["địa chỉ"]
    assert matches(Sought(address="13 Thái Hòa"), home) == []


def test_one_of_several_things_that_agrees_is_enough_and_is_said() -> None:
    found = matches(Sought(phone="0912345678", name="Trần Văn Bảy"), written(name="Nguyễn Thị Tuyết", phone="0912345678"))
    assert found == ["số điện thoại"]


@given(st.binary(min_size=32, max_size=32))
def test_a_reference_number_is_read_as_a_person_types_it(digest: bytes) -> None:
    number = reference(digest.hex())
    for typed in (number, number.lower(), number.replace("-", ""), number.replace("-", " "), number.replace("0", "O"), f" {number} "):
        assert number_of(typed) == number


@pytest.mark.parametrize("text", ["", "AB12", "AB12-CD34-5", "AB12-CD3U", "ăn cơm"])
def test_what_is_no_reference_number_is_none(text: str) -> None:
    assert number_of(text) == ""
