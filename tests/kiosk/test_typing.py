"""Typing Vietnamese, by keys and by Telex."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.typing import ACUTE, DOT, GRAVE, HOOK, TILDE, TONES, Typed, backspace, starts_sentence, type_key

# Every rhyme, written with sắc as an office writes it: where the tone goes is read from here, not computed.
RHYMES = """
    á ác ách ái ám án áng ánh áo áp át áu áy ắc ắk ắm ắn ắng ắp ắt ấc ấm ấn ấng ấp ất ấu ấy é éc ém én éng éo ép ét ế ếch ếm ến ếnh ếp ết
    ếu í ía ích ím ín ính íp ít íu iếc iếm iến iếng iếp iết iếu ó óa oác oách oái oám oán oáng oánh oáo oáp oát oáy oắc oắm oắn oắng oắt
    óc óe oén oéo oét ói óm ón óng óp ót ố ốc ối ốm ốn ống ốp ốt ớ ới ớm ớn ớp ớt ú úa úc úi úm ún úng úp út uấn uấng uất uấy uế uếch uếnh
    uốc uối uốm uốn uống uốt úy uých uyến uyết uýnh uýp uýt uýu ứ ứa ức ứi ứng ứt ứu ước ưới ướm ướn ướng ướp ướt ướu
"""
AFTER_QU = "á ác ách ái án áng ánh áo át áu áy ắc ắn ắng ắt ấn ất ấy é én éo ét ế ến ếch ết ốc ớ ý yến yết ýnh ýt"
AFTER_GI = "á ác ái ám án áng ánh áo áp át áu áy ấc ấm ấn ấu ấy ẻ éo ếng ếc ết ó ói óng ỗ ối ống ới ớ ú úa úc úi úp ữ ứa ướng ường"
ONSETS = "b c ch d đ g gh h k kh l m n ng ngh nh p ph r s t th tr v x"
FOREIGN = "system website wifi Facebook Google email internet Zalo file left port iPhone banana UBND CCCD BHXH TPHCM VNeID ko dc Gmail"
TELEX_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
TELEX_TONES = {"": "", GRAVE: "f", ACUTE: "s", HOOK: "r", TILDE: "x", DOT: "j"}


def with_tone(word: str, tone: str) -> str:
    """The same word with another tone (or none) on the same vowel."""
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(tone if one in TONES else one for one in letters))


def without_tone(word: str) -> str:
    return with_tone(word, "")


def typed(keys: str) -> str:
    state = Typed()
    for key in keys:
        state = type_key(state, key)
    return state.text


@st.composite
def syllables(draw: st.DrawFn) -> tuple[str, str, str]:
    """Onset, rhyme and tone of a syllable that the orthography allows."""
    onset = draw(st.sampled_from(["", *ONSETS.split(), "qu", "gi"]))
    rhymes = {"qu": AFTER_QU, "gi": AFTER_GI}.get(onset, RHYMES).split()
    rhyme = draw(st.sampled_from([rhyme for rhyme in rhymes if onset != "g" or rhyme[0] != "í"]))
    stop = without_tone(rhyme)[-1] in "cptk" or rhyme.endswith("ch")
    tone = draw(st.sampled_from([ACUTE, DOT] if stop else ["", *TONES]))
    return onset, with_tone(rhyme, tone), tone


def at_once(word: str) -> str:
    return "".join(TELEX_LETTERS.get(letter, letter) for letter in word)


def marks_last(word: str) -> str:
    """A Telex user who thinks of the marks at the end: one key gives both of ươ, one both of đ's letters."""
    low = unicodedata.normalize("NFD", word.replace("đ", "d"))
    bases = "".join(one for one in low if not unicodedata.combining(one))
    marks = "d" if "đ" in word else ""
    for letters, key in (("ê", "e"), ("ô", "o"), ("â", "a"), ("ăơư", "w")):
        if set(letters) & set(word):
            marks += key
    return bases + marks


@given(syllables())
def test_every_syllable_is_typed_with_the_keys_for_letters_and_tones(syllable: tuple[str, str, str]) -> None:
    onset, rhyme, tone = syllable
    assert typed(onset + without_tone(rhyme) + tone) == onset + rhyme


@given(syllables(), st.data())
def test_a_tone_key_may_come_at_any_time_after_a_vowel(syllable: tuple[str, str, str], data: st.DataObject) -> None:
    onset, rhyme, tone = syllable
    plain = without_tone(rhyme)
    at = data.draw(st.integers(1, len(plain)))
    assert typed(onset + plain[:at] + tone + plain[at:]) == onset + rhyme


@given(syllables())
def test_every_syllable_is_typed_by_telex_each_mark_at_once(syllable: tuple[str, str, str]) -> None:
    onset, rhyme, tone = syllable
    assert typed(at_once(onset + without_tone(rhyme)) + TELEX_TONES[tone]) == onset + rhyme


@given(syllables())
def test_every_syllable_is_typed_by_telex_the_tone_before_the_end(syllable: tuple[str, str, str]) -> None:
    onset, rhyme, tone = syllable
    plain = without_tone(rhyme)
    vowels = len(plain.rstrip("bcdghkmnpt"))
    assert typed(at_once(onset + plain[:vowels]) + TELEX_TONES[tone] + at_once(plain[vowels:])) == onset + rhyme


@given(syllables())
def test_every_syllable_is_typed_by_telex_marks_and_tone_at_the_end(syllable: tuple[str, str, str]) -> None:
    onset, rhyme, tone = syllable
    assert typed(marks_last(onset + without_tone(rhyme)) + TELEX_TONES[tone]) == onset + rhyme


@given(syllables())
def test_large_letters_stay_large(syllable: tuple[str, str, str]) -> None:
    onset, rhyme, tone = syllable
    keys = at_once(onset + without_tone(rhyme)) + TELEX_TONES[tone]
    assert typed(keys.upper()) == (onset + rhyme).upper()
    assert typed(keys[0].upper() + keys[1:]) == (onset + rhyme)[0].upper() + (onset + rhyme)[1:]


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzăâđêôơưWADES ." + "".join(TONES)), max_size=30))
def test_whatever_is_typed_is_nfc_and_backspace_takes_whole_characters_until_nothing_is_left(keys: str) -> None:
    state = Typed()
    for key in keys:
        state = type_key(state, key)
        assert unicodedata.is_normalized("NFC", state.text)
    for left in range(len(state.text) - 1, -1, -1):
        before, state = state, backspace(state)
        assert (state.text, len(state.text)) == (before.text[:-1], left)
    assert backspace(state).text == ""


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("Toois ddax phair ddi laij ba laanf", "Tối đã phải đi lại ba lần"),
        ("Ddawsk Lawsk", "Đắk Lắk"),
        ("thuowr", "thuở"),
        ("thuowng", "thương"),
        ("huow", "huơ"),
        ("truwongf", "trường"),
        ("trwowngf", "trường"),
        ("nguoiwf", "người"),
        ("uwu", "ưu"),
        ("luuw", "lưu"),
        ("quaan", "quân"),
        ("quys", "quý"),
        ("giaf", "già"),
        ("gif", "gì"),
        ("ginf", "gìn"),
        ("hoas", "hóa"),
        ("hoasn", "hoán"),
        ("thuys", "thúy"),
        ("khuyur", "khuỷu"),
        ("ngoafi", "ngoài"),
        ("muoonw", "mươn"),
        ("aaw", "ă"),
        ("awa", "â"),
        ("did", "đi"),
        ("asf", "à"),
        ("asz", "a"),
    ],
)
def test_telex(keys: str, text: str) -> None:
    assert typed(keys) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("aaa", "aa"),
        ("ddd", "dd"),
        ("uww", "uw"),
        ("ww", "w"),
        ("ass", "as"),
        ("xooong", "xoong"),
        ("sooocs", "soóc"),
        ("uoww", "uow"),
        ("didd", "did"),
        ("caasa", "cáa"),
    ],
)
def test_a_mark_typed_again_is_undone_and_leaves_its_letter(keys: str, text: str) -> None:
    assert typed(keys) == text


@pytest.mark.parametrize("word", FOREIGN.split())
def test_what_is_not_vietnamese_stays_as_it_was_typed(word: str) -> None:
    assert typed(word) == word


def test_a_tone_key_acts_on_foreign_words_too_and_twice_takes_it_away() -> None:
    assert typed("zui zay" + GRAVE) == "zui zày"
    assert typed("a" + ACUTE + ACUTE) == "a"
    assert typed("a" + ACUTE + GRAVE) == "à"
    assert typed("tr" + ACUTE) == "tr"
    assert typed("12" + ACUTE) == "12"
    assert typed("sy" + ACUTE + "te") == "sýte"


def test_typing_goes_on_within_the_word_after_a_backspace() -> None:
    state = Typed()
    for key in "tiengd":
        state = type_key(state, key)
    state = backspace(state)
    for key in "es":
        state = type_key(state, key)
    assert state.text == "tiếng"


def test_a_sentence_starts_at_the_beginning_and_after_its_sign_and_a_space() -> None:
    assert [starts_sentence(text) for text in ("", " ", "Tốt. ", "Tốt.", "Sao? ", "Ơ! ", "Tốt\n", "Tốt", "Tốt, ")] == [
        *(True, True, True, False, True, True, True, False, False)
    ]
