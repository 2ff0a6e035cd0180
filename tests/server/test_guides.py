"""The guides of docs/vi are of this system: their pictures and links are there, what they print bold stands on a page or a screen, and
the technician's has every sentence that a kiosk may say of its connection.
"""

import ast
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from kiosk import updates

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "vi").glob("*.md"))
TECHNICIANS = ROOT / "docs" / "vi" / "ky-thuat.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"{\w*}")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
SAYING = (  # what a kiosk says to a technician of what is so
    "kiosk/connection/words.py",
    "kiosk/advice.py",
    "kiosk/condition.py",
    "kiosk/doctor/*.py",
    "kiosk/setup/*.py",
    "kiosk/technician.py",
    "kiosk/ui/scanning.py",
    "kiosk/ui/attempts.py",
    "kiosk/ui/setup.py",
)
TO_DO = ("Xin ", "Nếu ", "Có thể ", "Sau khi sửa", "Kiosk tự ", "Kiosk vẫn ")
"""With which sentences begin that say what to do: the guide says that in words of its own."""
SHORTEST = 3  # letters with which a label begins, where the page fills in the rest
MOST_BYTES = 150_000

pytestmark = pytest.mark.once
of_each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _headings(page: Path) -> set[str]:
    return {_anchor(line.lstrip("#")) for line in page.read_text("utf-8").splitlines() if line.startswith("#")}


def _plain(text: str) -> str:
    return " ".join(text.split())


@cache
def _labels() -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """What pages say: word for word, and with places that are filled in."""
    exact, filled = set(), []
    for template in ROOT.glob("server/**/templates/**/*.html"):
        for piece in re.split(r"<[^>]*>|{%.*?%}|{#.*?#}", template.read_text("utf-8")):
            text = _plain(piece)
            if "{{" in text and len(re.sub(r"\W", "", text.partition("{{")[0])) >= SHORTEST:
                filled.append(re.compile(".+".join(map(re.escape, re.split(r"{{.*?}}", text)))))
            exact.add(text)
    for module in (*ROOT.glob("server/**/*.py"), *ROOT.glob("kiosk/**/*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(_plain(_without_names(node.value)))
    return frozenset(exact), filled


def _without_names(said: str) -> str:
    """As guides write it: … where a name or a figure is filled in."""
    return PLACE.sub("…", said)


def _sayings() -> set[str]:
    """The first sentence of each thing that a kiosk may say, without its full stop."""
    found = set()
    for module in (file for pattern in SAYING for file in ROOT.glob(pattern)):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("_" | "translate"), args=[ast.Constant(str(said)), *_]) if not said.startswith(TO_DO):
                    if (sentence := _first_sentence(_without_names(said))) is not None:
                        found.add(sentence)
    return found


def _first_sentence(said: str) -> str | None:
    """None where it is a word for a line or a button, and no sentence."""
    first, stop, _rest = f"{said} ".partition(". ")
    return first if stop and len(first) >= SHORTEST else None


def _quoted(*headed: str) -> set[str]:
    """What stands in the first column of the technician's tables that are headed so."""
    tables = [table for table in TECHNICIANS.read_text("utf-8").split("\n\n") if table.startswith(headed)]
    firsts = [row.split("|")[1] for table in tables for row in table.splitlines()[2:]]
    return {saying.strip().removesuffix(".") for first in firsts for saying in first.split("<br>")}


@of_each_guide
def test_every_picture_and_link_leads_somewhere(guide: Path) -> None:
    for address in LINK.findall(guide.read_text("utf-8")):
        name, _, anchor = unquote(address).partition("#")
        there = (guide.parent / name).resolve() if name else guide
        assert there.exists(), address
        assert not anchor or anchor in _headings(there), address


@of_each_guide
def test_what_is_bold_stands_on_a_page(guide: Path) -> None:
    exact, filled = _labels()
    said = {_plain(label) for label in BOLD.findall(guide.read_text("utf-8"))} - {"đậm"}
    assert [one for one in sorted(said) if one not in exact and not any(label.fullmatch(one) for label in filled)] == []


def test_pictures_are_shown_and_small() -> None:
    shown = {name for one in GUIDES for name in LINK.findall(one.read_text("utf-8"))}
    pictures = list((ROOT / "docs" / "vi" / "pictures").glob("*.png"))
    assert pictures
    assert [one.name for one in pictures if f"pictures/{one.name}" not in shown or one.stat().st_size > MOST_BYTES] == []


def test_the_technicians_guide_has_what_a_kiosk_may_say_and_nothing_else() -> None:
    said = _sayings()
    assert sorted(said ^ _quoted("| màn hình nói |", "| câu |")) == []


def test_the_technicians_guide_has_every_reason_why_an_update_was_not_taken() -> None:
    assert set(updates._REASONS.values()) ^ _quoted("| lý do |") == set()
