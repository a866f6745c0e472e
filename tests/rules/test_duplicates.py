"""How alike names are, what speaks for a pair, and how pairs become lines (SPEC §6)."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.duplicates import (
    SMALL,
    Alike,
    Profile,
    alike_within,
    candidates,
    days_alike,
    names_alike,
    score,
)
from crm_tui.rules.folding import fold_text
from crm_tui.rules.suggestions import LISTED, MOST_TOGETHER, Pair, Reason, Suggestion, suggestions


@pytest.mark.parametrize(
    ("one", "other", "alike", "reason"),
    [
        ("Nowak Łucja", "nowak lucja", Alike.SAME, Reason.NAME),
        ("Müller, Jörg", "Muller Jorg", Alike.SAME, Reason.NAME),
        ("O'Neill Sean", "O Neill Sean", Alike.SAME, Reason.NAME),
        ("Nowak Jan", "Jan Nowak", Alike.SAME, Reason.SWAPPED),
        ("Kowalski Marek", "Kowalsky Marek", Alike.NEARLY, Reason.TYPO),
        ("Kowalski Marek", "Kowaslki Marek", Alike.NEARLY, Reason.TYPO),
        ("Kowalski Marek", "Marek Kowalsky", Alike.NEARLY, Reason.TYPO),
        ("García López Ana", "García Ana", Alike.NEARLY, Reason.PART),
        ("García Ana María", "García Ana", Alike.NEARLY, Reason.PART),
        ("Lefevre Jean-Pierre", "Lefevre Jeanpierre", Alike.NEARLY, Reason.TYPO),
        ("Kowalski Jan", "Kowalski J.", Alike.PARTLY, Reason.INITIAL),
        ("Kowalski Jan", "J Kowalski", Alike.PARTLY, Reason.INITIAL),
        ("Kowalski Jan", "Kowalski", Alike.PARTLY, Reason.PART),
        ("Kowalski Marek", "Kowalsky Mareq", Alike.PARTLY, Reason.TYPO),
        ("García López Ana", "García Pérez Ana", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("Nowak Jan", "Nowak Ewa", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("Nowak Jan", "Nowak Jon", Alike.DIFFERENT, Reason.OTHER_NAME),  # three letters bear no typing error
        ("K J", "Kowalski Jan", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("", "Nowak", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("", "", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("…", "…!", Alike.DIFFERENT, Reason.OTHER_NAME),
        ("李 小龙", "李 小龙", Alike.SAME, Reason.NAME),
        ("محمد علي", "علي محمد", Alike.SAME, Reason.SWAPPED),
    ],
)
def test_names(one: str, other: str, alike: Alike, reason: Reason) -> None:
    first, second = fold_text(one), fold_text(other)
    assert names_alike(first, second) == names_alike(second, first) == (alike, reason)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_names_can_be_compared_and_the_order_does_not_matter(one: str, other: str) -> None:
    first, second = fold_text(one), fold_text(other)
    assert names_alike(first, second)[0] == names_alike(second, first)[0]
    if first.strip():
        assert names_alike(first, first)[0] is Alike.SAME


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("1980-04-03", "1980-03-04", True),
        ("1980-04-03", "1981-04-03", True),
        ("1980-04-03", "1980-04-08", True),
        ("1980-04-03", "1981-04-08", False),
        ("1980-04-03", "", False),
    ],
)
def test_days_that_are_nearly_the_same(one: str, other: str, near: bool) -> None:
    assert days_alike(one, other) is days_alike(other, one) is near


JAN = Profile(1, "person", "kowalski jan", "1980-04-03")
SAME = Profile(2, "person", "kowalski jan", "1980-04-03")
SON = Profile(3, "person", "kowalski jan", "2005-08-09")
WIFE = Profile(4, "person", "kowalska ewa", "1982-01-01")
TWIN = Profile(5, "person", "kowalski piotr", "1980-04-03")
UNKNOWN = Profile(6, "person", "kowalski j", "")


@pytest.mark.parametrize(
    ("one", "other", "shared", "listed"),
    [
        (JAN, SAME, (), True),
        (JAN, SAME, (Reason.MAIL, Reason.PHONE), True),
        (JAN, UNKNOWN, (Reason.MAIL,), True),
        (JAN, UNKNOWN, (), False),
        (JAN, SON, (Reason.MAIL,), False),
        (JAN, SON, (), False),
        (JAN, WIFE, (Reason.MAIL, Reason.PHONE), False),
        (JAN, TWIN, (Reason.MAIL, Reason.PHONE), False),
        (JAN, TWIN, (), False),
    ],
)
def test_what_is_enough_to_be_suggested(one: Profile, other: Profile, shared: tuple[Reason, ...], listed: bool) -> None:
    pair = score(one, other, shared)
    assert pair == score(other, one, shared)
    assert (pair.score >= LISTED) is listed
    assert 0 <= pair.score <= 100


def test_more_in_common_never_counts_less() -> None:
    scores = [score(JAN, SAME, shared).score for shared in ((), (Reason.PHONE,), (Reason.MAIL,), tuple(Reason)[:2])]
    assert scores == sorted(scores)


def test_a_large_group_is_not_compared_pair_by_pair() -> None:
    many = [Profile(n, "person", f"nowak{n:04} jan") for n in range(1, 2001)]
    twice = Profile(9000, "person", "jan nowak1500")
    pairs = list(candidates([*many, twice]))
    assert len(pairs) < 30 * len(many)
    assert any({one.id, other.id} == {1500, 9000} for one, other in pairs)
    few = many[:SMALL]
    assert len(list(candidates(few))) == SMALL * (SMALL - 1) // 2


def test_persons_and_companies_are_never_a_pair() -> None:
    firm = Profile(7, "company", "kowalski jan", "1980-04-03")
    assert list(alike_within([JAN, firm])) == []


def test_pairs_that_hang_together_are_one_line_and_families_come_last() -> None:
    pairs = [Pair(1, 2, 90, (Reason.NAME,)), Pair(2, 3, 60, (Reason.MAIL,)), Pair(8, 9, 70, (Reason.NAME,))]
    for order in permutations(pairs):
        found = suggestions(order, [(4, 5), (5, 4), (1, 2), (1, 2, 6)])
        assert [(one.guests, one.score, one.shared) for one in found] == [
            ((1, 2, 3), 90, False),
            ((8, 9), 70, False),
            ((1, 2, 6), 15, True),
            ((4, 5), 15, True),
        ]


def test_a_long_chain_is_shown_pair_by_pair() -> None:
    pairs = [Pair(n, n + 1, 80, (Reason.MAIL,)) for n in range(MOST_TOGETHER + 1)]
    found = suggestions(pairs)
    assert found == [Suggestion((n, n + 1), 80, (Reason.MAIL,)) for n in range(MOST_TOGETHER + 1)]
