"""Text in cells: exact widths, whole characters, nothing lost in wrapping."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.widgets.cells import cut, fit, wrap

WORDS = st.text(alphabet="ab  łó日本🙂e\u0301-", max_size=80)


@given(WORDS, st.integers(0, 40))
def test_fit_has_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@given(WORDS, st.integers(0, 40))
def test_cut_is_never_wider_and_keeps_what_fits(text: str, width: int) -> None:
    shown = cut(text, width)
    assert cell_len(shown) <= width
    if cell_len(text) <= width and width:
        assert shown == text


@given(WORDS, st.integers(2, 40))
def test_wrapped_lines_fit_and_hold_every_word(text: str, width: int) -> None:
    ranges = wrap(text, width)
    lines = [text[start:end] for start, end in ranges]
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("x" * 10, 4, ["xxxx", "xxxx", "xx"]),
        ("", 5, [""]),
        ("日本語です", 4, ["日本", "語で", "す"]),
        ("żółć gęślą jaźń", 10, ["żółć gęślą", "jaźń"]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, width)] == lines


def test_a_wide_character_is_not_cut_in_half() -> None:
    assert cut("日本語", 4) == "日…"
    assert fit("日本", 3) == "日…"
