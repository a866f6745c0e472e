"""Folios as plain arithmetic: shares of an amount, where postings go, what stands on which folio (SPEC §7).

Nothing here gains or loses a minor unit: the shares of an amount always add up to it, and a move changes no amount.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

WHOLE = 10_000
"""A hundred percent, in hundredths of a percent."""

MOST = 50
"""A posting is split into so many at most."""

_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")


class FolioFault(ValueError):
    """Why something cannot be done with a folio or a posting.

    Attributes:
        kind: parts, nothing, sign, total, percent, percents, reversed, reversal or closed.
        given: what was given, where one value can be named: minor units, hundredths of a percent, or what was typed.
    """

    def __init__(self, kind: str, given: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


class Item(NamedTuple):
    """A posting, as far as arithmetic goes.

    Attributes:
        amount: minor units of the currency; below 0: in favour of the payer.
        reverses: the posting that it takes back.
    """

    id: int
    folio: int
    amount: int
    currency: str
    category: str = ""
    reverses: int | None = None


# Shares


def evenly(amount: int, parts: int) -> tuple[int, ...]:
    """An amount in equal shares; what is left over goes to the last: 100 in three are 33, 33 and 34.

    Raises:
        FolioFault: parts (fewer than two or more than :data:`MOST`), or nothing: a share would be nothing.
    """
    _check_count(parts)
    sign = -1 if amount < 0 else 1
    share = sign * (abs(amount) // parts)
    return checked(amount, (*[share] * (parts - 1), amount - share * (parts - 1)))


def by_amounts(amount: int, shares: Sequence[int]) -> tuple[int, ...]:
    """An amount in shares that were named.

    Raises:
        FolioFault: parts, nothing, sign (a share is of the other sign), or total: they do not add up to the amount.
    """
    _check_count(len(shares))
    return checked(amount, tuple(shares))


def by_percent(amount: int, percents: Sequence[int]) -> tuple[int, ...]:
    """An amount in shares of so many hundredths of a percent; each is rounded towards nothing, the last gets the rest.

    Raises:
        FolioFault: parts, percent (one is nothing or less), percents (they are not 100 together), or nothing.
    """
    _check_count(len(percents))
    for one in percents:
        if one <= 0:
            raise FolioFault("percent", str(one))
    if sum(percents) != WHOLE:
        raise FolioFault("percents", str(sum(percents)))
    sign = -1 if amount < 0 else 1
    shares = [sign * (abs(amount) * one // WHOLE) for one in percents[:-1]]
    return checked(amount, (*shares, amount - sum(shares)))


def checked(amount: int, shares: tuple[int, ...]) -> tuple[int, ...]:
    """The shares, if they make up the amount and each is a part of it.

    Raises:
        FolioFault: nothing, sign or total.
    """
    for one in shares:
        if one == 0:
            raise FolioFault("nothing")
        if (one < 0) != (amount < 0):
            raise FolioFault("sign", str(one))
    if sum(shares) != amount:
        raise FolioFault("total", str(sum(shares)))
    return shares


def read_percent(text: str) -> int:
    """Hundredths of a percent of ``33``, ``33,5`` or ``33.33 %``.

    Raises:
        FolioFault: percent.
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None or not found[0].isascii():
        raise FolioFault("percent", text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _check_count(parts: int) -> None:
    if not 2 <= parts <= MOST:
        raise FolioFault("parts", str(parts))


# Where postings stand


def routed(category: str, routes: Mapping[str, int], open_folios: Sequence[int]) -> int:
    """The folio that a new posting of a category goes to: the routed one, else the first; closed ones are passed over.

    Args:
        open_folios: in their order.

    Raises:
        FolioFault: closed: none is open.
    """
    if not open_folios:
        raise FolioFault("closed")
    wanted = routes.get(category, open_folios[0])
    return wanted if wanted in open_folios else open_folios[0]


def rerouted(items: Iterable[Item], routes: Mapping[str, int], open_folios: Collection[int]) -> dict[int, int]:
    """Which postings a routing rule takes elsewhere, and where: those of its categories, from open folios to open ones."""
    return {
        item.id: routes[item.category]
        for item in items
        if item.category in routes
        and routes[item.category] in open_folios
        and item.folio in open_folios
        and item.folio != routes[item.category]
    }


def together(items: Iterable[Item], chosen: Collection[int]) -> list[int]:
    """The postings chosen, each with its reversal, or what it reverses, where both stand on one folio: they go together."""
    every = {item.id: item for item in items}
    partner = {item.reverses: item.id for item in every.values() if item.reverses is not None}
    found: dict[int, None] = {}
    for one in chosen:
        found[one] = None
        other = every[one].reverses or partner.get(one)
        if other is not None and other in every and every[other].folio == every[one].folio:
            found[other] = None
    return list(found)


def check_open(folio: int, closed: Collection[int]) -> None:
    """Nothing comes onto a closed folio and nothing leaves it.

    Raises:
        FolioFault: closed.
    """
    if folio in closed:
        raise FolioFault("closed", str(folio))


def check_whole(item: Item, items: Iterable[Item]) -> None:
    """What was taken back, and what takes back, is neither split nor taken back again.

    Raises:
        FolioFault: reversal or reversed.
    """
    if item.reverses is not None:
        raise FolioFault("reversal", str(item.id))
    if any(one.reverses == item.id for one in items):
        raise FolioFault("reversed", str(item.id))


# Sums


def totals(items: Iterable[Item]) -> dict[tuple[int, str], int]:
    """What is posted on each folio in each currency."""
    sums: Counter[tuple[int, str]] = Counter()
    for item in items:
        sums[item.folio, item.currency] += item.amount
    return dict(sums)


def grand_totals(items: Iterable[Item]) -> dict[str, int]:
    """What is posted in each currency over all folios: what moves and splits leave as it is."""
    sums: Counter[str] = Counter()
    for item in items:
        sums[item.currency] += item.amount
    return dict(sums)


def balances(
    items: Iterable[Item], paid: Iterable[tuple[int | None, int, str]], first: int
) -> dict[tuple[int, str], int]:
    """What is still open on each folio in each currency: postings less payments.

    Args:
        paid: folio (None: the first), amount (a refund below 0) and currency of each payment.
        first: the folio that payments without one count for.
    """
    sums: Counter[tuple[int, str]] = Counter(totals(items))
    for folio, amount, currency in paid:
        sums[first if folio is None else folio, currency] -= amount
    return dict(sums)
