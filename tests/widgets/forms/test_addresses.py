"""Typed addresses, read without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.widgets.forms.addresses import is_address, piece_at, read_addresses, write_address


def pairs(text: str) -> list[tuple[str, str]]:
    return [(typed.name, typed.address) for typed in read_addresses(text)]


def test_commas_semicolons_names_and_quotes_are_read() -> None:
    text = 'Łucja Nowak <lucja@poczta.pl>, "Nowak, Jan" <jan@x.pl>; ana@hotel.es,, '
    assert pairs(text) == [("Łucja Nowak", "lucja@poczta.pl"), ("Nowak, Jan", "jan@x.pl"), ("", "ana@hotel.es")]


def test_the_places_point_at_the_typed_text() -> None:
    text = "  a@x.es ,  wrong"
    assert [text[typed.start : typed.end] for typed in read_addresses(text)] == ["a@x.es", "wrong"]
    assert [typed.valid for typed in read_addresses(text)] == [True, False]


@pytest.mark.parametrize(
    "good", ["a@b.es", "j.o+tag@mail.example.com", "ú@dominio.es", "x@żółw.pl", "root@localhost", "o'hara@ex-ample.org"]
)
def test_good_addresses(good: str) -> None:
    assert is_address(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@",
        "@b.es",
        "a@b",
        "a b@c.es",
        "a..b@c.es",
        ".a@c.es",
        "a.@c.es",
        "a@b..es",
        "a@-b.es",
        "a@b.es\r\nBcc: x@y.es",
    ],
)
def test_bad_addresses(bad: str) -> None:
    assert not is_address(bad)


def test_the_piece_under_the_cursor_is_found() -> None:
    text = "a@x.es, lu"
    assert text[slice(*piece_at(text, len(text)))] == "lu"
    assert text[slice(*piece_at(text, 3))] == "a@x.es"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))))
def test_what_is_written_is_read_again(name: str) -> None:
    clean = " ".join(name.split())
    assert pairs(write_address(name, "a@x.es")) == [(clean, "a@x.es")]


@given(st.text())
def test_any_text_is_read_without_a_failure(text: str) -> None:
    for typed in read_addresses(text):
        assert 0 <= typed.start < typed.end <= len(text)
