"""Shares of amounts, routing and balances; and that nothing is ever gained or lost, whatever is done in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.rules import folios
from crm_tui.rules.folios import FolioFault, Item


@pytest.mark.parametrize(
    ("amount", "parts", "shares"),
    [
        (100, 3, (33, 33, 34)),
        (-100, 3, (-33, -33, -34)),
        (10_000, 3, (3333, 3333, 3334)),
        (7, 7, (1,) * 7),
        (101, 2, (50, 51)),
    ],
)
def test_the_rest_of_an_even_split_goes_to_the_last(amount: int, parts: int, shares: tuple[int, ...]) -> None:
    assert folios.evenly(amount, parts) == shares


@pytest.mark.parametrize("currency", ["JPY", "KWD", "EUR"])
def test_a_split_is_of_minor_units_whatever_the_currency(currency: str) -> None:
    from crm_tui.rules.money import Money, minor_units

    amount = minor_units("100", currency)
    shares = folios.evenly(amount, 3)
    assert sum(shares) == amount
    written = [Money(one, currency).decimal for one in shares]
    assert (
        written
        == {
            "JPY": ["33", "33", "34"],
            "EUR": ["33.33", "33.33", "33.34"],
            "KWD": ["33.333", "33.333", "33.334"],
        }[currency]
    )


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (lambda: folios.evenly(100, 1), "parts"),
        (lambda: folios.evenly(100, 51), "parts"),
        (lambda: folios.evenly(2, 3), "nothing"),
        (lambda: folios.by_amounts(100, [60, 50]), "total"),
        (lambda: folios.by_amounts(100, [120, -20]), "sign"),
        (lambda: folios.by_amounts(100, [100, 0]), "nothing"),
        (lambda: folios.by_percent(100, [5000, 4900]), "percents"),
        (lambda: folios.by_percent(100, [5000, 5100]), "percents"),
        (lambda: folios.by_percent(100, [11_000, -1000]), "percent"),
        (lambda: folios.by_percent(1, [5000, 5000]), "nothing"),
        (lambda: folios.read_percent("1/3"), "percent"),
        (lambda: folios.read_percent("٣"), "percent"),
    ],
)
def test_what_does_not_make_up_the_amount_is_refused(work: Any, kind: str) -> None:
    with pytest.raises(FolioFault) as caught:
        work()
    assert caught.value.kind == kind


def test_percent_is_read_and_rounded_towards_nothing() -> None:
    assert [folios.read_percent(text) for text in ("50", "33,5", "33.33 %", "7.05%")] == [5000, 3350, 3333, 705]
    assert folios.by_percent(100, [3333, 3333, 3334]) == (33, 33, 34)
    assert folios.by_percent(-101, [5000, 5000]) == (-50, -51)


def test_a_routing_rule_passes_over_closed_folios() -> None:
    routes = {"lodging": 2}
    assert folios.routed("lodging", routes, [1, 2]) == 2
    assert folios.routed("extras", routes, [1, 2]) == 1
    assert folios.routed("lodging", routes, [1, 3]) == 1
    with pytest.raises(FolioFault):
        folios.routed("lodging", routes, [])


def test_a_reversal_goes_with_what_it_takes_back() -> None:
    items = [
        Item(1, 1, 50, "EUR"),
        Item(2, 1, -50, "EUR", reverses=1),
        Item(3, 2, 9, "EUR"),
        Item(4, 1, -9, "EUR", reverses=3),
    ]
    assert sorted(folios.together(items, [1])) == [1, 2]
    assert sorted(folios.together(items, [2])) == [1, 2]
    assert folios.together(items, [4]) == [4]


def test_the_balance_is_postings_less_payments() -> None:
    items = [Item(1, 7, 500, "EUR"), Item(2, 8, 300, "EUR"), Item(3, 8, 40, "JPY")]
    paid = [(None, 200, "EUR"), (8, 350, "EUR"), (None, -50, "EUR")]
    assert folios.balances(items, paid, 7) == {(7, "EUR"): 350, (8, "EUR"): -50, (8, "JPY"): 40}


_amounts = st.integers(-(10**9), 10**9).filter(bool)


@given(_amounts, st.integers(2, 50))
def test_even_shares_make_up_the_amount(amount: int, parts: int) -> None:
    if abs(amount) < parts:
        with pytest.raises(FolioFault):
            folios.evenly(amount, parts)
        return
    shares = folios.evenly(amount, parts)
    assert sum(shares) == amount
    assert len(set(shares[:-1])) == 1
    assert abs(shares[-1] - shares[0]) < parts


@given(_amounts, st.lists(st.integers(1, 9999), min_size=1, max_size=9).filter(lambda found: sum(found) < 10_000))
def test_shares_by_percent_make_up_the_amount(amount: int, percents: list[int]) -> None:
    percents = [*percents, 10_000 - sum(percents)]
    if any(abs(amount) * one < 10_000 for one in percents[:-1]):
        with pytest.raises(FolioFault):
            folios.by_percent(amount, percents)
        return
    shares = folios.by_percent(amount, percents)
    assert sum(shares) == amount
    for share, percent in zip(shares[:-1], percents, strict=False):
        assert 0 <= abs(amount) * percent - abs(share) * 10_000 < 10_000


@dataclass
class Bills:
    """The folios of a reservation in memory, changed by nothing but the rules."""

    closed: dict[int, list[Item]] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    posted: dict[str, int] = field(default_factory=dict)

    def put(self, item: Item) -> None:
        folios.check_open(item.folio, self.closed)
        self.items[item.id] = item
        self.posted[item.currency] = self.posted.get(item.currency, 0) + item.amount

    def act(self, action: str, picks: list[int]) -> None:
        every = list(self.items.values())
        new = len(every) + 1
        folio = picks[0] % 3 + 1
        if action == "post":
            self.put(Item(new, folio, picks[1] - 500 or 1, ("EUR", "JPY", "KWD")[picks[2] % 3]))
            return
        if action == "close":
            self.closed.setdefault(folio, [one for one in every if one.folio == folio])
            return
        if not every:
            return
        item = every[picks[1] % len(every)]
        if action == "move":
            for one in folios.together(every, [item.id]):
                folios.check_open(self.items[one].folio, self.closed)
                folios.check_open(folio, self.closed)
                self.items[one] = self.items[one]._replace(folio=folio)
        elif action == "split":
            folios.check_open(item.folio, self.closed)
            folios.check_whole(item, every)
            first, *rest = folios.evenly(item.amount, picks[2] % 4 + 2)
            folios.check_open(folio, self.closed)
            self.items[item.id] = item._replace(amount=first)
            for place, share in enumerate(rest):
                self.items[new + place] = Item(new + place, folio, share, item.currency)
        else:
            folios.check_whole(item, every)
            target = item.folio if item.folio not in self.closed else folio
            self.put(Item(new, target, -item.amount, item.currency, reverses=item.id))


_steps = st.lists(
    st.tuples(
        st.sampled_from(["post", "post", "move", "split", "reverse", "close"]),
        st.lists(st.integers(0, 1000), min_size=3, max_size=3),
    ),
    max_size=40,
)


@given(_steps)
@settings(deadline=None)
def test_nothing_is_gained_or_lost_whatever_is_done(steps: list[tuple[str, list[int]]]) -> None:
    bills = Bills()
    for action, picks in steps:
        before = replace(bills, items=dict(bills.items), posted=dict(bills.posted))
        try:
            bills.act(action, picks)
        except FolioFault:
            bills.items, bills.posted = before.items, before.posted  # refused: as a transaction is
        held = list(bills.items.values())
        assert {key: one for key, one in folios.grand_totals(held).items() if one} == {
            key: one for key, one in bills.posted.items() if one
        }
        assert sum(folios.totals(held).values()) == sum(bills.posted.values())
        for folio, kept in bills.closed.items():
            assert [one for one in held if one.folio == folio] == kept
