"""The gate for foreign text, and search folding."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.mail.text import display_text, fold_text

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn"]),
        st.sampled_from("\x00\x1b\x07\x9b\u202e\u2066\u200b\u200d\ufeff\u061c\u00ad\u2028\u0085\r\n\t 👩👧☀\ufe0f"),
    ),
    max_size=60,
)


@given(NASTY)
def test_nothing_unsafe_comes_through(text: str) -> None:
    for multiline in (False, True):
        shown = display_text(text, multiline=multiline)
        for char in shown:
            assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") or (multiline and char in "\n\t")
            assert unicodedata.bidirectional(char) not in (
                "LRE",
                "RLE",
                "LRO",
                "RLO",
                "PDF",
                "LRI",
                "RLI",
                "FSI",
                "PDI",
            )
        assert display_text(shown, multiline=multiline) == shown
        shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert display_text(text) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\n c", "a b c"),
        ("a\r\nb", "a b"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]52;c;aGk=\x07", "]52;c;aGk="),
        ("\x9b31m", "31m"),
        ("file\u202efdp.exe", "file‹RLO›fdp.exe"),
        ("\u2066x\u2069", "‹LRI›x‹PDI›"),
        ("a\u200b\u200c\u200d\ufeffb", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("👨\u200b\u200d\u200b👩", "👨\u200d👩"),
        ("☀\ufe0f", "☀\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("a\U000e0041b", "ab"),
        ("\ud800x\udcff", "x"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert display_text(text) == shown


def test_several_lines_keep_their_breaks() -> None:
    assert display_text("a\r\nb\rc\u2028d\n\te\x0bf", multiline=True) == "a\nb\nc\nd\n\te\nf"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("STRAẞE Straße", "strasse strasse"),
        ("Œuvre Ærø", "oeuvre aero"),
        ("İstanbul ısı", "istanbul isi"),
        ("Þór Đuro ð", "thor duro d"),
        ("ﬁn №", "fin no"),
        ("Ñandú", "nandu"),
        ("Йод", "иод"),
    ],
)
def test_search_folding(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_folding_ignores_case_and_settles(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(text)
    assert not re.search("[\u0300-\u036f]", fold_text(text))
