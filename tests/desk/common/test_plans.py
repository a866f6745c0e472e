"""No list, badge or search walks a whole table or sorts: what SQLite says it will do (QUALITY §1)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Count, ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence import reading
from crm_tui.desk.finding import search, search_sql
from crm_tui.desk.staff import setup
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.working import timer_rows

PLACES = (*folders.FOLDERS, "account:1", "All", "Starred", "Snoozed", "Sent")


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk on a fresh store, in the engine's hands, with the clock at noon."""
    return new_desk()


class Plans:
    """Asks SQLite for the plan of every statement that a block runs."""

    def __init__(self, ctx: Context) -> None:
        self.lines: list[str] = []
        event.listen(ctx.store.engine, "before_cursor_execute", self._explain)

    def _explain(self, _connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            self.lines += [row[3] for row in cursor.fetchall()]

    def bad(self, *, sorting: bool = False) -> list[str]:
        """Steps that grow with the store. The full-text index calls its every use a scan."""
        big = {"conversation", "message", "message_text", "location", "c", "m", "n", "t"}
        walks = [
            line for line in self.lines if line.startswith("SCAN") and line.split()[1] in big and "INDEX" not in line
        ]
        return walks + [line for line in self.lines if "TEMP B-TREE" in line and not sorting]


@pytest.mark.parametrize("place", PLACES)
def test_a_list_walks_its_index(ctx: Context, place: str) -> None:
    plans = Plans(ctx)
    for only, order in itertools.product(("all", "unanswered", "unread"), ("newest", "oldest", "waiting")):
        query = ListQuery(place, only, order)
        cursor = ("2026-07-01 12:00:00.000000", 1)
        folders.page(ctx, query)
        folders.page(ctx, query, last=True)
        folders.page(ctx, query, after=cursor)
        folders.page(ctx, query, before=cursor)
        folders.position(ctx, query, cursor)
    assert plans.lines
    assert plans.bad(sorting=place in {"Starred", "Snoozed"}) == []  # made by hand one by one: never many


@pytest.mark.parametrize("place", PLACES)
def test_a_jump_into_a_list_walks_its_index(ctx: Context, place: str) -> None:
    """The page itself, once found, may be sorted."""
    plans = Plans(ctx)
    folders.page(ctx, ListQuery(place), at=5)
    assert plans.bad(sorting=True) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_list_is_entered_at_its_edge(ctx: Context, place: str) -> None:
    """A page after a row seeks to that row."""
    plans = Plans(ctx)
    folders.page(ctx, ListQuery(place), after=("2026-07-01 12:00:00.000000", 1))
    wanted = ("SEARCH conversation USING INDEX", "SCAN conversation USING INDEX ix_conversation_snoozed")
    assert plans.lines[0].startswith(wanted)


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_search_walks_the_index_of_its_text(ctx: Context, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    desk = setup.init(ctx, name="H", timezone="Europe/Madrid", currency="EUR", agent="Ola")
    monkeypatch.setattr(search_sql, "FEW", few)
    monkeypatch.setattr(search_sql, "counts_in", _plenty)
    monkeypatch.setattr(search_sql, "_assigned", lambda _connection, _agent: 5)
    plans = Plans(desk)
    for text in (
        "reserva",
        '"dos noches" from:ana',
        "reserva is:unanswered",
        "res* in:Booked is:unread",
        "reserva agent:Ola",
    ):
        search.search(desk, text)
    for text in ("reserva before:2026-07-01", "reserva in:Starred", "reserva has:attachment", "reserva is:snoozed"):
        search.search(desk, text)
    assert len(plans.lines) > 20
    assert plans.bad() == []


def _plenty(_connection: Any, _scopes: str) -> dict[str, Count]:
    return dict.fromkeys((*folders.FOLDERS, "Starred", "Snoozed"), Count(5, 5, 5))


def test_filters_without_text_walk_the_newest_rows(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_sql, "FEW", 0)
    monkeypatch.setattr(search_sql, "counts_in", _plenty)
    plans = Plans(ctx)
    for text in ("is:unanswered", "in:Booked", "has:attachment", "before:2026-07-01", "-reserva"):
        search.search(ctx, text)
    assert plans.bad() == []
    assert any("ix_message_files" in line for line in plans.lines)
    monkeypatch.setattr(search_sql, "FEW", 10_000)
    for text in ("is:unanswered", "in:Booked is:unread", "is:starred", "is:snoozed"):
        search.search(ctx, text)  # few conversations: their messages are sorted
    assert plans.bad(sorting=True) == []


def test_opening_a_conversation_walks_its_messages(ctx: Context) -> None:
    plans = Plans(ctx)
    with pytest.raises(Exception, match="no conversation"):
        reading.conversation(ctx, 1)
    with ctx.store.connect() as connection:
        connection.execute(
            reading._MESSAGE.where(reading._M.conversation_id == 1).order_by(reading._M.at, reading._M.id)
        )
    assert plans.bad() == []


def test_badges_read_a_handful_of_rows(ctx: Context) -> None:
    plans = Plans(ctx)
    folders.counts(ctx)
    assert plans.lines == ["SCAN folder_count USING INDEX sqlite_autoindex_folder_count_1"]


@pytest.mark.parametrize("order", ["oldest", "newest", "pending"])
def test_a_page_of_open_tickets_walks_its_index(ctx: Context, order: str) -> None:
    plans = Plans(ctx)
    query, cursor = tickets.TicketQuery(order=order), ("2026-07-01 12:00:00.000000", 1)
    tickets.page(ctx, query)
    tickets.page(ctx, query, last=True)
    tickets.page(ctx, query, after=cursor)
    tickets.page(ctx, query, before=cursor)
    tickets.position(ctx, query, cursor)
    assert [line for line in plans.lines if "ticket" in line and "ix_ticket_open" not in line] == []
    assert plans.bad() == []


def test_who_works_is_not_looked_for_among_years_of_sessions(ctx: Context) -> None:
    plans = Plans(ctx)
    with ctx.store.connect() as connection:
        timer_rows.duties(connection, ctx.clock.now())
    assert [line for line in plans.lines if "timer_session" in line and "ix_timer_session_running" not in line] == []
