"""Turns open and close as SPEC §1 says, whatever comes in whatever order."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.turns import Contribution, open_since, turns_of
from tests.building import NOON


def at(minute: int) -> timedelta:
    return timedelta(minutes=minute)


def talk(kinds: str) -> list[Contribution]:
    """``c`` customer, ``r`` reply, ``m`` mark, a minute apart."""
    names = {"c": "customer", "r": "reply", "m": "mark"}
    return [
        Contribution(0 if kind == "m" else number, NOON + at(number), names[kind])
        for number, kind in enumerate(kinds, 1)
    ]


@pytest.mark.parametrize(
    ("kinds", "spans"),
    [
        ("", []),
        ("r", []),
        ("c", [(1, None, "")]),
        ("ccc", [(1, None, "")]),
        ("ccr", [(1, 3, "reply")]),
        ("crc", [(1, 2, "reply"), (3, None, "")]),
        ("crrr", [(1, 2, "reply")]),
        ("rcm", [(2, None, "mark")]),
        ("cmr", [(1, None, "mark")]),
        ("cmc", [(1, None, "mark"), (3, None, "")]),
        ("mc", [(2, None, "")]),
    ],
)
def test_spans(kinds: str, spans: list[tuple[int, int | None, str]]) -> None:
    assert [(span.opened_by, span.closed_by, span.reason) for span in turns_of(talk(kinds))] == spans


def test_a_customer_and_a_reply_of_the_same_instant_are_a_question_and_its_answer() -> None:
    both = [Contribution(2, NOON, "customer"), Contribution(1, NOON, "reply")]
    assert [span.closed_by for span in turns_of(both)] == [1]


contributions = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["customer", "reply", "mark"])), max_size=25
).map(lambda found: [Contribution(number, NOON + at(minute), kind) for number, (minute, kind) in enumerate(found, 1)])


@given(contributions, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(found: list[Contribution], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert turns_of(shuffled) == turns_of(found)


@given(contributions)
def test_turns_follow_each_other_and_at_most_the_last_is_open(found: list[Contribution]) -> None:
    spans = turns_of(found)
    for span in spans[:-1]:
        assert span.closed_at is not None
    for earlier, later in pairwise(spans):
        assert earlier.closed_at is not None
        assert earlier.opened_at <= earlier.closed_at <= later.opened_at


@given(contributions)
def test_every_customer_message_stands_in_exactly_one_turn(found: list[Contribution]) -> None:
    spans = turns_of(found)
    closers = sorted(c.at for c in found if c.kind != "customer")
    for item in (c for c in found if c.kind == "customer"):
        holding = [s for s in spans if s.opened_at <= item.at and (s.closed_at is None or item.at <= s.closed_at)]
        assert holding
        answered = any(closer >= item.at for closer in closers)
        assert any(s.closed_at is not None for s in holding) == answered


@given(contributions)
def test_waiting_since_the_first_customer_message_after_the_last_answer(found: list[Contribution]) -> None:
    last = max((c.at for c in found if c.kind != "customer"), default=None)
    waiting = [c.at for c in found if c.kind == "customer" and (last is None or c.at > last)]
    assert open_since(turns_of(found)) == min(waiting, default=None)
