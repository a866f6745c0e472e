"""Names are found by some of their letters."""

from __future__ import annotations

import pytest

from crm_tui.rules.finding import ranked

NAMES = ["first reply", "payment reminder", "thank you for your stay", "pierwsza odpowiedz first reply", "offer"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("fir", 0), ("pay", 1), ("reminder", 1), ("stay", 2), ("pierw", 3), ("odp", 3), ("of", 4), ("pr", 1),
     ("remidner", 1), ("paymetn", 1), ("reply first", 0)],
)  # fmt: skip
def test_the_one_meant_comes_first(typed: str, first: int) -> None:
    assert ranked(typed, NAMES)[0] == first


def test_every_word_must_fit() -> None:
    assert ranked("first offer", NAMES) == []
    assert ranked("zzz", NAMES) == []


def test_nothing_typed_keeps_everything_in_order() -> None:
    assert ranked(" ", NAMES) == [0, 1, 2, 3, 4]
