"""How SQLite answers the lists of guests: a search is never a walk through all guests, and long lists are not sorted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from crm_tui.desk.client_base import guest_lists, guest_walks
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.desk.common.context import Context
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.asked import add_guest


@pytest.fixture
def plans(ctx: Context) -> Iterator[list[str]]:
    """The plans of all that is asked from now on."""
    add_guest(ctx, "Nowak", "Jan", phones=["+48601234567"])
    found: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT") and not statement.startswith(
            "SELECT g.id, g.kind"
        ):  # what is shown of the rows
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.extend(row[3] for row in cursor.fetchall())

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    yield found
    event.remove(ctx.store.engine, "before_cursor_execute", explain)


def walks(plans: list[str]) -> list[str]:
    """Lines that go through whole tables without an index; a subquery is what another line gives."""
    scans = [line for line in plans if line.startswith("SCAN") and "INDEX" not in line]
    return [line for line in scans if not line.startswith("SCAN (") and line.split()[1] != "json_each"]


@pytest.mark.parametrize("text", ["n", "no", "nowak j", "601", "12.5.", "r-1", "lodz"])
def test_a_search_asks_the_index_of_the_texts(ctx: Context, plans: list[str], text: str) -> None:
    query = GuestQuery(GuestCriteria(text=text))
    guest_lists.page(ctx, query)
    guest_lists.page(ctx, query, last=True)
    assert plans
    assert walks(plans) == []
    assert not any("ix_guest_offered" in line for line in plans)


def test_many_results_are_walked_along_their_names_unsorted(
    ctx: Context, plans: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guest_walks, "FEW", -1)
    query = GuestQuery(GuestCriteria(text="n"))
    guest_lists.page(ctx, query, limit=1)
    guest_lists.page(ctx, query, after=("0nowak jan", 1))
    guest_lists.page(ctx, query, before=("1x", 1))
    assert walks(plans) == []
    assert not any("TEMP B-TREE" in line or "MULTI-INDEX" in line for line in plans)
    assert any(line.startswith("SEARCH g USING") and "ix_guest_offered (folded>" in line for line in plans)


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        (GuestCriteria(), "ix_guest_offered"),
        (GuestCriteria(kind="person"), "ix_guest_kind"),
        (GuestCriteria(archived=True), "ix_guest_archived"),
    ],
)
def test_a_list_walks_its_index(ctx: Context, plans: list[str], criteria: GuestCriteria, index: str) -> None:
    query = GuestQuery(criteria)
    guest_lists.page(ctx, query)
    guest_lists.page(ctx, query, after=("nowak jan", 1))
    guest_lists.position(ctx, query, ("nowak jan", 1))
    assert walks(plans) == []
    assert any(line.startswith(("SCAN g", "SEARCH g")) for line in plans)
    assert any(f"INDEX {index}" in line for line in plans)


@pytest.mark.parametrize(
    "criteria",
    [
        GuestCriteria(attributes=(1,)),
        GuestCriteria(package=1),
        GuestCriteria(consent="mail"),
        GuestCriteria(no_consent="mail"),
        GuestCriteria(passport_by=date(2026, 1, 1)),
        GuestCriteria(never_booked=True),
        GuestCriteria(born_from="01-01"),
        GuestCriteria(nationality="PL", language="pl", country="PL", city="x"),
        GuestCriteria(arrival_from=date(2026, 7, 1), arrival_to=date(2026, 7, 9)),
        GuestCriteria(departure_to=date(2026, 7, 9)),
    ],
)
@pytest.mark.parametrize("few", [-1, 10_000])
def test_every_criterion_has_its_index(
    ctx: Context, plans: list[str], monkeypatch: pytest.MonkeyPatch, criteria: GuestCriteria, few: int
) -> None:
    monkeypatch.setattr(guest_walks, "FEW", few)
    monkeypatch.setattr(guest_walks, "FEW_MEMBERS", few)
    guest_lists.page(ctx, GuestQuery(criteria))
    assert walks(plans) == []


@pytest.mark.parametrize(
    "criteria",
    [
        GuestCriteria(attributes=(1, 2)),
        GuestCriteria(consent="mail"),
        GuestCriteria(kind="person", consent="mail", never_booked=True),
        GuestCriteria(value_from=1, currency="EUR"),
        GuestCriteria(destination="x"),
    ],
)
def test_large_sets_are_counted_without_walking_all_guests(
    ctx: Context, plans: list[str], monkeypatch: pytest.MonkeyPatch, criteria: GuestCriteria
) -> None:
    monkeypatch.setattr(guest_walks, "FEW_MEMBERS", -1)
    guest_lists.total(ctx, GuestQuery(criteria))
    assert plans
    assert walks(plans) == []
    assert not any("ix_guest_offered" in line for line in plans)


@pytest.mark.parametrize("criteria", [GuestCriteria(consent="mail"), GuestCriteria(never_booked=True)])
def test_the_first_page_of_a_large_list_makes_no_set(
    ctx: Context, plans: list[str], monkeypatch: pytest.MonkeyPatch, criteria: GuestCriteria
) -> None:
    monkeypatch.setattr(guest_walks, "FEW_MEMBERS", -1)
    guest_lists.page(ctx, GuestQuery(criteria), known=100)
    assert any("ix_guest_offered" in line for line in plans)
    assert any("CORRELATED" in line for line in plans)
    assert not any(line.startswith("LIST SUBQUERY") and "reservation" not in line for line in plans[:1])
