"""Two changes of one list brought together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.list_merging import merge_lists

LISTS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)


@given(LISTS, LISTS, LISTS)
def test_nothing_that_either_added_is_lost(base: list[str], theirs: list[str], mine: list[str]) -> None:
    merged = merge_lists(base, theirs, mine)
    added = ({*theirs} | {*mine}) - {*base}
    assert added <= {*merged.entries}
    assert len(merged.entries) == len({*merged.entries})
    untouched = {*base} & {*theirs} & {*mine}
    assert untouched <= {*merged.entries}
    assert not ({*base} - {*theirs}) & ({*merged.entries} - {*mine})


@given(LISTS, LISTS)
def test_one_change_alone_counts(base: list[str], other: list[str]) -> None:
    assert merge_lists(base, other, base) == merge_lists(base, other, other)
    assert merge_lists(base, base, other).entries == tuple(other)
    assert not merge_lists(base, base, other).clash


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "entries", "clash"),
    [
        ("ab", "abc", "abd", "abdc", False),
        ("ab", "a", "abd", "ad", False),
        ("a", "b", "c", "cb", True),
        ("ab", "ba", "abc", "bac", False),
        ("a", "ab", "b", "b", False),
        ("a", "b", "ac", "bc", False),
        ("a", "ca", "ba", "bac", True),
        ("", "b", "c", "cb", False),
        ("abc", "bac", "cab", "cab", True),
    ],
)
def test_lists_of_two(base: str, theirs: str, mine: str, entries: str, clash: bool) -> None:
    merged = merge_lists(base, theirs, mine)
    assert (merged.entries, merged.clash) == ((*entries,), clash)


def test_an_entry_that_one_relabelled_and_the_other_took_away_is_asked_for() -> None:
    base = [("a", ""), ("b", "")]
    relabelled = [("a", "work"), ("b", "")]
    asked = merge_lists(base, [("b", "")], relabelled, lambda one: one[0])
    assert (set(asked.entries), asked.clash) == ({("a", "work"), ("b", "")}, True)
    assert merge_lists(base, relabelled, [("b", "")], lambda one: one[0]).clash
    assert merge_lists(base, relabelled, [("a", "home"), ("b", "")], lambda one: one[0]).clash
    both = merge_lists(base, relabelled, [("a", ""), ("b", "home")], lambda one: one[0])
    assert both == merge_lists(base, [("a", ""), ("b", "home")], relabelled, lambda one: one[0])
    assert (both.entries, both.clash) == ((("a", "work"), ("b", "home")), False)
