"""Whatever is posted, moved, split, taken back, routed, closed and undone, and in whatever order: no minor unit is gained or
lost, every posting stands on exactly one folio, and a closed folio never changes (SPEC §7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exc, update

from crm_tui.base.errors import CrmError
from crm_tui.data.columns import columns
from crm_tui.data.tables import Posting
from crm_tui.desk.common.context import Context
from crm_tui.desk.money import folio_routes, folios, postings
from crm_tui.desk.money.folio_rows import views_in
from crm_tui.desk.money.folio_views import FolioView
from crm_tui.desk.money.postings import ByAmounts, ByPercent, Evenly
from crm_tui.desk.undoing import undo
from tests.desk.bookings import add_reservation
from tests.desk.house import make_house

_CODES = count(1)
_CURRENCIES = ("EUR", "JPY", "KWD")
_CATEGORIES = ("lodging", "extras")


@dataclass
class Desk:
    """A reservation at work, and what is to be true of it."""

    ctx: Context
    stay: int
    posted: Counter[str] = field(default_factory=Counter)
    closed: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    done: list[dict[str, int]] = field(default_factory=list)
    """What each command that can be undone added to the sums."""

    def views(self) -> list[FolioView]:
        with self.ctx.store.connect() as connection:
            return views_in(connection, self.stay)

    def act(self, action: str, picks: list[int]) -> None:
        """One command; what it adds to the sums is noted if it was not refused."""
        every = self.views()
        folio = every[picks[0] % len(every)]
        known = [one for view in every for one in view.postings]
        one = known[picks[1] % len(known)] if known else None
        added: dict[str, int] = {}
        if action == "post":
            currency = _CURRENCIES[picks[2] % 3]
            amount = picks[1] - 5000 or 1
            postings.post(self.ctx, self.stay, amount, currency=currency, category=_CATEGORIES[picks[2] % 2])
            added = {currency: amount}
        elif action == "folio":
            folios.create(self.ctx, self.stay)
        elif action == "route":
            category = _CATEGORIES[picks[1] % 2]
            before = folio_routes.routes(self.ctx, self.stay)
            moved = folio_routes.set_route(self.ctx, self.stay, category, folio.id, existing=bool(picks[2] % 2))
            if before.get(category) == folio.id and not moved:
                return
        elif action == "remove":
            folios.remove(self.ctx, folio.id, folio.version)
        elif action == "close":
            view = folios.close(self.ctx, folio.id, folio.version, sure=True)
            self.closed[folio.id] = kept(view)
            return
        elif action == "undo":
            if self.done:
                undo.undo(self.ctx)
                self.posted.subtract(self.done.pop())
            return
        elif one is None:
            return
        elif action == "move":
            if not postings.move(self.ctx, [one.id], folio.id):
                return
        elif action == "reverse":
            postings.reverse(self.ctx, one.id, "wrong")
            added = {one.amount.currency: -one.amount.amount}
        else:
            half = one.amount.amount // 2
            hows = (
                Evenly(picks[2] % 4 + 2),
                ByAmounts((half, one.amount.amount - half)),
                ByPercent((picks[2] % 99 * 100 + 100, 9900 - picks[2] % 99 * 100)),
            )
            postings.split(self.ctx, one.id, hows[picks[0] % 3], folios=(None, folio.id))
        self.posted.update(added)
        self.done.append(added)

    def check(self) -> None:
        """What is always true."""
        every = self.views()
        sums: Counter[str] = Counter()
        for view in every:
            for one in view.postings:
                sums[one.amount.currency] += one.amount.amount
            assert {money.currency: money.amount for money in view.totals} == _sums(view)
        assert {key: one for key, one in sums.items() if one} == {key: one for key, one in self.posted.items() if one}
        with self.ctx.store.connect() as connection:
            stored = connection.exec_driver_sql(
                "SELECT p.id, f.reservation_id, f.removed_at FROM posting p JOIN folio f ON f.id = p.folio_id "
                "WHERE p.reservation_id = ? AND p.removed_at IS NULL",
                (self.stay,),
            ).all()
        assert sorted(row.id for row in stored) == sorted(one.id for view in every for one in view.postings)
        assert all(row.reservation_id == self.stay and row.removed_at is None for row in stored)
        for view in every:
            if view.id in self.closed:
                assert kept(view) == self.closed[view.id]


def kept(view: FolioView) -> tuple[Any, ...]:
    """What may not change of a closed folio."""
    facts = [(one.id, one.day, one.category, one.text, one.amount) for one in view.postings]
    return (view.number, view.name, view.payer, view.closed_at, *facts)


def _sums(view: FolioView) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in view.postings:
        found[one.amount.currency] += one.amount.amount
    return dict(found)


_ACTIONS = ("post", "post", "post", "move", "split", "split", "reverse", "folio", "route", "undo", "close", "remove")
_steps = st.lists(
    st.tuples(st.sampled_from(_ACTIONS), st.lists(st.integers(0, 10_000), min_size=3, max_size=3)), max_size=14
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return make_house(Path(tmp_path_factory.mktemp("folios")))


@given(_steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_minor_unit_is_gained_or_lost(house: Context, steps: list[tuple[str, list[int]]]) -> None:
    desk = Desk(house, add_reservation(house, f"P{next(_CODES)}", currency="EUR"))
    for action, picks in steps:
        try:
            desk.act(action, picks)
        except undo.Refused:
            desk.done.pop()  # it is passed over for good
        except CrmError:
            pass
        desk.check()


def test_the_database_itself_refuses_to_touch_a_closed_folio(house: Context) -> None:
    stay = add_reservation(house, f"P{next(_CODES)}", currency="EUR")
    one = postings.post(house, stay, "5")
    folios.close(house, one.folio, 1, sure=True)
    with pytest.raises(exc.DBAPIError, match="closed folio"), house.write() as tx:
        tx.connection.execute(update(Posting).where(columns(Posting).id == one.id).values(amount=600))
