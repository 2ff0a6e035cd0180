"""The guides of docs/vi are of this system: their pictures and links are there, and what they print bold stands on a page."""

import ast
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "vi").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
SHORTEST = 3  # letters with which a label begins, where the page fills in the rest
MOST_BYTES = 150_000

pytestmark = [pytest.mark.once, pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)]


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
    for module in ROOT.glob("server/**/*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(_plain(node.value))
    return frozenset(exact), filled


def test_every_picture_and_link_leads_somewhere(guide: Path) -> None:
    for address in LINK.findall(guide.read_text("utf-8")):
        name, _, anchor = unquote(address).partition("#")
        there = (guide.parent / name).resolve() if name else guide
        assert there.exists(), address
        assert not anchor or anchor in _headings(there), address


def test_what_is_bold_stands_on_a_page(guide: Path) -> None:
    exact, filled = _labels()
    said = {_plain(label) for label in BOLD.findall(guide.read_text("utf-8"))} - {"đậm"}
    assert [one for one in sorted(said) if one not in exact and not any(label.fullmatch(one) for label in filled)] == []


def test_pictures_are_shown_and_small(guide: Path) -> None:
    shown = {name for one in GUIDES for name in LINK.findall(one.read_text("utf-8"))}
    pictures = list((guide.parent / "pictures").glob("*.png"))
    assert pictures
    assert [one.name for one in pictures if f"pictures/{one.name}" not in shown or one.stat().st_size > MOST_BYTES] == []
