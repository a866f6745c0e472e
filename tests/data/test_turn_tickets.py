"""Tickets that the database keeps: in a store of an earlier program, and whatever writes turns (SPEC §10)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from crm_tui.data import schema, turn_tickets
from crm_tui.data.columns import columns, table_of
from crm_tui.data.store import open_store
from crm_tui.data.tables import Ticket, TicketHand, Turn
from tests.data.test_migrations import AGENT, Row, at_schema

MONDAY, TUESDAY = "2026-06-01 08:00:00.000000", "2026-06-02 08:00:00.000000"


def talk(number: int, folder: str = "Inbox", assignee: int | None = None) -> Row:
    values = {"id": number, "folder": folder, "subject": f"Room {number}", "assignee_id": assignee, "version": 1}
    return ("conversation", {**values, "first_at": MONDAY, "last_at": MONDAY, "listed_at": MONDAY})


def turn(number: int, conversation: int, opened: str = MONDAY, closed: str | None = None) -> Row:
    values = {"id": number, "conversation_id": conversation, "opened_at": opened, "opened_by": 100 + number}
    return ("turn", {**values, "closed_at": closed, "reason": "mark" if closed else ""})


def test_a_store_of_the_fifth_schema_gets_a_ticket_for_each_open_turn(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    rows = (
        *(talk(1), turn(1, 1, MONDAY, TUESDAY), turn(2, 1, TUESDAY)),
        *(talk(2, assignee=1), turn(3, 2)),
        *(talk(3, "Spam"), turn(4, 3)),
        *(talk(4), turn(5, 4, MONDAY, TUESDAY)),
    )
    at_schema(path, "0005", AGENT, *rows)
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    names = columns(Ticket)
    with store.connect() as connection:
        made = connection.execute(select(table_of(Ticket)).order_by(names.turn_id)).all()
        assert [(one.turn_id, one.conversation_id, one.agent_id, one.how, one.pinned, one.aside) for one in made] == [
            (2, 1, None, "", False, False),
            (3, 2, 1, "manual", True, False),
            (4, 3, None, "", False, True),
        ]
        assert [one.created_at.isoformat()[:10] for one in made] == ["2026-06-02", "2026-06-01", "2026-06-01"]
        hands = connection.execute(select(table_of(TicketHand))).all()
        assert [(one.ticket_id, one.agent_id) for one in hands] == [(made[1].id, 1)]
        first = select(columns(Turn).id).where(columns(Turn).first).order_by(columns(Turn).id)
        assert connection.execute(first).scalars().all() == [1, 3, 4, 5]
        assert connection.exec_driver_sql(turn_tickets.WRONG).scalar_one() == 0
    with store.write() as session:  # and from now on by itself
        session.connection().exec_driver_sql("UPDATE conversation SET assignee_id = 1 WHERE id = 1")
        session.connection().exec_driver_sql(f"UPDATE turn SET closed_at = '{TUESDAY}', reason = 'mark' WHERE id = 3")
    with store.connect() as connection:
        rows_now = connection.execute(select(names.agent_id, names.done_at.is_not(None)).order_by(names.turn_id)).all()
        assert [tuple(row) for row in rows_now] == [(1, False), (1, True), (None, False)]
        assert connection.exec_driver_sql(turn_tickets.WRONG).scalar_one() == 0
    store.close()
