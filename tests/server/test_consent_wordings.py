"""The sentence of consent has a version in every language in which it is shown."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template

from server.comments.words import CONSENT, LANGUAGES
from server.personal.wordings import wording_of, wordings

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
KIOSK = ROOT / "kiosk/ui/widgets/consent.py"


def shown_on_the_kiosk() -> str:
    """The sentence as the kiosk's source has it, which Kivy would be needed to import."""
    keywords = [node for node in ast.walk(ast.parse(KIOSK.read_text("utf-8"))) if isinstance(node, ast.keyword)]
    calls = [node.value for node in keywords if node.arg == "sentence" and isinstance(node.value, ast.Call)]
    [sentence] = [ast.literal_eval(call.args[0]) for call in calls]
    return str(sentence)


def in_all_languages(sentence: str, catalogue: str) -> dict[str, str]:
    found = {"vi": sentence}
    for file in (ROOT / "assets/locale").glob(f"*/LC_MESSAGES/{catalogue}.po"):
        with file.open("rb") as text:
            message = read_po(text).get(sentence)
        if message is not None and message.string:
            found[file.parts[-3]] = str(message.string)
    return found


@pytest.mark.parametrize("catalogue", ["kiosk", "form"])
def test_every_sentence_that_is_shown_today_is_registered_with_the_language(catalogue: str) -> None:
    shown = in_all_languages({"kiosk": shown_on_the_kiosk(), "form": CONSENT}[catalogue], catalogue)
    assert set(shown) == set(LANGUAGES)
    for language, sentence in shown.items():
        known = wording_of(sentence)
        assert known is not None, f"{catalogue}, {language}: a new sentence needs a new version in assets/consent.toml: {sentence}"
        assert known.language == language


def test_a_version_has_each_language_once_and_no_two_wordings_are_the_same() -> None:
    assert len({(one.version, one.language) for one in wordings()}) == len(wordings())
    assert len({one.sentence for one in wordings()}) == len(wordings())


def test_white_space_and_the_way_letters_are_composed_make_no_other_wording() -> None:
    import unicodedata

    assert wording_of("  " + unicodedata.normalize("NFD", CONSENT).replace(" ", "\n ")) == wording_of(CONSENT)


def test_a_changed_sentence_is_not_taken_for_the_one_that_it_was() -> None:
    assert wording_of(CONSENT.replace("địa chỉ", "ảnh")) is None


def test_beside_a_contact_stands_what_was_agreed_to_and_its_version() -> None:
    template = Template("{% load personal %}{% consent sentence %}")
    known = template.render(Context({"sentence": CONSENT}))
    assert CONSENT in known
    assert "bản 1" in known
    unknown = template.render(Context({"sentence": "Tôi đồng ý <b>"}))
    assert "Tôi đồng ý &lt;b&gt;" in unknown
    assert "không rõ bản" in unknown
