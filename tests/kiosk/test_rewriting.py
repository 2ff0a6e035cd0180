"""Changes in the text of a kiosk.toml."""

import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rewriting import Value, rewritten

WRITTEN = """# màn hình của xã
diagonal_inches = 10.1 # inch
server = "https://cu.vn"

[provision]
secret = "S"
# hết
"""


def test_other_keys_and_peoples_comments_stay() -> None:
    changed = rewritten(WRITTEN, {"server": "https://moi.vn", "volume": 30})
    assert tomllib.loads(changed) == {
        "diagonal_inches": 10.1,
        "server": "https://moi.vn",
        "volume": 30,
        "provision": {"secret": "S"},
    }
    assert "# màn hình của xã" in changed
    assert "10.1 # inch" in changed
    assert "# hết" in changed


def test_a_key_or_table_is_taken_away() -> None:
    assert tomllib.loads(rewritten(WRITTEN, {"server": None, "provision": None})) == {"diagonal_inches": 10.1}


def test_a_table_is_exchanged_whole() -> None:
    changed = rewritten(WRITTEN, {"provision": {"secret": "T", "roster": "roster.json"}, "low": True})
    assert tomllib.loads(changed)["provision"] == {"secret": "T", "roster": "roster.json"}


def test_a_text_whose_lines_cannot_be_exchanged_is_written_anew() -> None:
    odd = '"server" = "https://cu.vn"\nproxy = """\nserver = 1\n"""\n'
    assert tomllib.loads(rewritten(odd, {"server": "https://moi.vn"})) == {"server": "https://moi.vn", "proxy": "server = 1\n"}


MARKS = "aế =#[]'\"\\\n\t\x7f\u2028"
VALUES: st.SearchStrategy[Value] = st.one_of(st.text(MARKS, max_size=9), st.integers(0, 99), st.booleans())
TABLES = st.dictionaries(st.sampled_from(["server", "proxy", "volume", "low"]), VALUES)


@given(TABLES, st.dictionaries(st.sampled_from(["server", "proxy", "volume"]), st.one_of(st.none(), VALUES)))
def test_whatever_is_changed_the_result_says_so_and_all_else_as_before(
    before: Mapping[str, Value], changes: Mapping[str, Value | None]
) -> None:
    text = rewritten("", before)
    assert tomllib.loads(text) == before
    wanted = {key: value for key, value in {**before, **changes}.items() if value is not None}
    assert tomllib.loads(rewritten(text, changes)) == wanted


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        rewritten("server = ", {"server": "https://moi.vn"})
