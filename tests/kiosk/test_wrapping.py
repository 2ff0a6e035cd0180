"""Breaking text into lines."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.widgets.wrapping import wrap


@given(st.text("aà ", max_size=80), st.integers(1, 12))
def test_lines_fit_and_joined_are_the_text(text: str, room: int) -> None:
    lines = wrap(text, room, len)
    assert "".join(lines) == text
    assert all(len(line.rstrip(" ")) <= room for line in lines)


def test_it_breaks_behind_spaces_and_within_a_word_only_where_it_must() -> None:
    assert wrap("tôi đã phải đi lại", 8, len) == ["tôi đã ", "phải đi ", "lại"]
    assert wrap("a nghiêng", 4, len) == ["a ", "nghi", "êng"]
    assert wrap("", 4, len) == [""]
