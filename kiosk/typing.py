"""Typing Vietnamese: what a text becomes when a key is typed. No Kivy.

Three ways, which may be mixed within a word: keys for the letters ă â đ ê ô ơ ư, keys for the tones, and Telex. A tone goes where the
orthography wants it, and moves as the word grows (hóa, hoán); òa, óe and úy are written the old way, as most offices write them.
Telex is Unikey's: aa ee oo aw ow uw dd, w alone for ư, s f r x j for the tones, z takes the tone away, marks may come at the end
of the word (tiengse), and a mark typed again is undone and leaves its letter (xooong: xoong). It acts only on what is, or may become,
a syllable of Vietnamese: a word that turns out to be another comes back as it was typed (systém: system).
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import product

GRAVE, ACUTE, HOOK, TILDE, DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
TONES = (GRAVE, ACUTE, HOOK, TILDE, DOT)
"""The tone keys huyền, sắc, hỏi, ngã, nặng: each is Unicode's combining character."""

_TELEX_TONES = {"f": GRAVE, "s": ACUTE, "r": HOOK, "x": TILDE, "j": DOT}
_TELEX_MARKS = {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}, "w": {"u": "ư", "o": "ơ", "a": "ă"}}
_TELEX_PAIRS = {"o": "uô", "w": "ươ"}
_UNMARKED = str.maketrans("ăâđêôơư", "aadeoou")
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED_VOWELS = frozenset("ăâêôơư")
_STOPS = ("c", "ch", "p", "t", "k")
_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êc êch êm ên êng ênh
    êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y ych ym yn ynh yp yt yêm yên yêng yêt yêu o oa oac oach oai oam oan
    oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp
    ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uêu uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""


@dataclass(frozen=True)
class Typed:
    """text: what is read, in NFC. keys: the letters of its last word as they were typed, should it turn out not to be Vietnamese."""

    text: str = ""
    keys: str = ""


def type_key(typed: Typed, key: str) -> Typed:
    """The text after a key: a letter, a tone of `TONES`, or any other character, which stands for itself.

    A tone key acts on the last word, Vietnamese or not, and without a vowel in it does nothing; the same tone again takes it away.
    """
    rest, word = _last_word(typed.text)
    if key in TONES:
        letters, tone = _apart(word)
        word = _together(letters, "" if tone == key else key)
        return Typed(rest + word, word)
    if not key.isalpha():
        return Typed(typed.text + key)
    word, keys = _type_letter(word, typed.keys, key)
    return Typed(rest + word, keys)


def backspace(typed: Typed) -> Typed:
    """The text without its last visible character."""
    end = len(typed.text) - 1
    while end > 0 and unicodedata.combining(typed.text[end]):
        end -= 1
    text = typed.text[: max(end, 0)]
    return Typed(text, _last_word(text)[1])


def starts_sentence(text: str) -> bool:
    """Whether the next letter begins a sentence, and so is a capital."""
    before = text.rstrip(" ")
    return not before or before[-1] == "\n" or (before != text and before[-1] in ".!?…")


def _type_letter(word: str, keys: str, key: str) -> tuple[str, str]:
    """The word after a letter, and its keys."""
    letters, tone = _apart(word)
    if _may_be_vietnamese(letters, tone):
        letter = key.lower()
        marked = _marked(letters, tone, key, letter)
        if marked is not None:
            return _together(marked, tone), keys + key
        if letter in _TELEX_TONES and _nucleus(letters):
            wanted = _TELEX_TONES[letter]
            if tone == wanted:
                return _settled(letters + key)
            if _may_be_vietnamese(letters, wanted):
                return _together(letters, wanted), keys + key
        if letter == "z" and tone:
            return _settled(letters)
        undone = _undone(letters, keys, key, letter)
        if undone is not None:
            return _settled(_together(undone, tone))
    longer = _with_whole_pair(letters + key)
    if _may_be_vietnamese(longer, tone):
        return _together(longer, tone), keys + key
    return _settled(keys + key)


def _settled(word: str) -> tuple[str, str]:
    """A word that stands as it is, whatever comes behind it."""
    return word, word


def _marked(letters: str, tone: str, key: str, letter: str) -> str | None:
    """The word with the mark that a Telex letter gives it, or None where it gives none."""
    low = letters.lower()
    if letter == "d" and low.startswith("d"):
        return _put(letters, 0, "đ")
    start, end = _nucleus(letters) or (len(letters), len(letters))
    bases = low[start:end].translate(_UNMARKED)
    marks, candidates = _TELEX_MARKS.get(letter, {}), []
    if letter in _TELEX_PAIRS and "uo" in bases:
        at = start + bases.index("uo")
        whole = _put(letters, at, _TELEX_PAIRS[letter])
        # thuở, huơ and khuơ are the words in uơ; what follows it makes it ươ, see _with_whole_pair
        half = letter == "w" and at + 2 == len(letters) and low[:at] in ("h", "th", "kh") and low[at:] == "uo"
        candidates.append(_put(letters, at + 1, "ơ") if half else whole)
    for base, mark in marks.items():
        if base in bases:
            candidates.append(_put(letters, start + bases.index(base), mark))
    if letter == "w" and start == end:
        candidates.append(letters + ("Ư" if key.isupper() else "ư"))
    return next((one for one in candidates if one != letters and _may_be_vietnamese(one, tone)), None)


def _undone(letters: str, keys: str, key: str, letter: str) -> str | None:
    """The word without the mark that a Telex letter had given it and with that letter, or None where there is no such mark."""
    low = letters.lower()
    if letter == "d" and low.startswith("đ"):
        return _put(letters, 0, "d") + key
    if letter == "w" and low.endswith("ư") and keys.lower().endswith("w") and not keys.lower().endswith("uw"):
        return letters[:-1] + key
    start, end = _nucleus(letters) or (0, 0)
    marks = set(_TELEX_MARKS.get(letter, {}).values())
    at = [place for place in range(start, end) if low[place] in marks]
    for place in at:
        letters = _put(letters, place, low[place].translate(_UNMARKED))
    return letters + key if at else None


def _with_whole_pair(letters: str) -> str:
    """ưo and uơ with something behind them can only be ươ."""
    low = letters.lower()
    start, end = _nucleus(letters) or (0, 0)
    for half in ("ưo", "uơ"):
        at = low.find(half, start, end)
        if at >= 0 and at + 2 < len(low):
            return _put(letters, at, "ươ")
    return letters


def _put(letters: str, at: int, new: str) -> str:
    """The letters with others at a place, large where those were large."""
    old = letters[at : at + len(new)]
    cased = "".join(one.upper() if was.isupper() else one for one, was in zip(new, old, strict=True))
    return letters[:at] + cased + letters[at + len(new) :]


def _last_word(text: str) -> tuple[str, str]:
    """The text before its last word, and that word: the letters at its end."""
    at = len(text)
    while at and text[at - 1].isalpha():
        at -= 1
    return text[:at], text[at:]


def _apart(word: str) -> tuple[str, str]:
    """The word's letters without tone, and its tone or nothing."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [one for one in decomposed if one in TONES]
    return unicodedata.normalize("NFC", "".join(one for one in decomposed if one not in TONES)), tones[-1] if tones else ""


def _together(letters: str, tone: str) -> str:
    """The word with its tone on the vowel that carries it; without a vowel there is none."""
    nucleus = _nucleus(letters)
    if not tone or nucleus is None:
        return letters
    at = _carrier(letters.lower(), *nucleus)
    return letters[:at] + unicodedata.normalize("NFC", letters[at] + tone) + letters[at + 1 :]


def _carrier(low: str, start: int, end: int) -> int:
    """Which vowel carries the tone: the last with a mark; else the last before a consonant; else of three the second, of two the first."""
    marked = [at for at in range(start, end) if low[at] in _MARKED_VOWELS]
    if marked:
        return marked[-1]
    if end < len(low):
        return end - 1
    return start + (1 if end - start == 3 else 0)


def _nucleus(letters: str) -> tuple[int, int] | None:
    """From where to where the vowels are, without the u of qu and the i of gi; of a foreign word its last vowels. None: it has none."""
    low = letters.lower()
    end = len(low)
    while end and low[end - 1] not in _VOWELS:
        end -= 1
    start = end
    while start and low[start - 1] in _VOWELS:
        start -= 1
    if end - start > 1 and (low[max(start - 1, 0) : start + 1] == "qu" or low[: start + 1] == "gi"):
        start += 1
    return (start, end) if end else None


def _may_be_vietnamese(letters: str, tone: str) -> bool:
    """Whether this is the beginning of a Vietnamese syllable, or becomes one by marks. A stop takes sắc and nặng only."""
    low = letters.lower()
    if tone in (GRAVE, HOOK, TILDE) and low.endswith(_STOPS) and _nucleus(low):
        return False
    return low in _begun_onsets() or any(low[len(onset) :] in _begun_rhymes() for onset in ("", *_ONSETS.split()) if low.startswith(onset))


@cache
def _begun_onsets() -> frozenset[str]:
    return frozenset(onset[:length] for onset in _ONSETS.split() for length in range(len(onset) + 1))


@cache
def _begun_rhymes() -> frozenset[str]:
    """Every beginning of every rhyme, each of its marks there or still to come."""
    return frozenset(
        "".join(chosen)
        for rhyme in _RHYMES.split()
        for length in range(1, len(rhyme) + 1)
        for chosen in product(*({letter, letter.translate(_UNMARKED)} for letter in rhyme[:length]))
    )
