"""Folios, terms, what is due, payment reminders, handovers, feedback; reminders and memos of reservations (SPEC §7 to §9)."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from crm_tui.data import dues, record_search, reminder_folding
from crm_tui.data.migrations import money_tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, widen what refers to reservations, and let the database keep what is due."""
    money_tables.create_money()
    money_tables.create_days()
    for table in ("conversation", "draft", "internal_message", "memo", "reminder"):
        _refer(table, "reservation_id", "reservation")
    _refer("flight", "informed_by", "agent")
    _refer("payment", "folio_id", "folio")
    _widen()
    _index()
    op.execute(dues.FIRST_FOLIOS)
    if op.get_bind().dialect.name == "sqlite":
        search = (*record_search.RESERVATION_TABLES, *record_search.RESERVATION_TRIGGERS)
        statements = (*search, *dues.TRIGGERS, dues.FILL, *reminder_folding.TRIGGERS, reminder_folding.FILL)
        for statement in statements:
            op.get_bind().exec_driver_sql(statement)
        record_search.rebuild_reservations(op.get_bind())


def _refer(table: str, column: str, refers_to: str) -> None:
    """Add a column that refers to a table and is emptied with its row."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {refers_to} (id) ON DELETE SET NULL")
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(None, table, refers_to, [column], ["id"], ondelete="SET NULL")


def _widen() -> None:
    op.add_column("flight", sa.Column("informed_at", sqltypes.UTCDateTime(), nullable=True))
    op.add_column("flight", sa.Column("informed_departs", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("flight", sa.Column("informed_arrives", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("flight", sa.Column("informed_flight", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("operator", sa.Column("watch_days", sa.Integer(), nullable=True))
    op.add_column("operator", sa.Column("email", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("operator", sa.Column("phone", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("payment", sa.Column("reversal", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("reminder", sa.Column("folded", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("reminder", sa.Column("rule", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("reminder", sa.Column("series_id", sa.Integer(), nullable=True))
    op.add_column("reminder", sa.Column("promised", sa.Boolean(), server_default="0", nullable=False))


def _index() -> None:
    op.drop_index("ix_reservation_arrival", "reservation")
    op.drop_index("ix_reservation_departure", "reservation")
    for one, other in (("arrival", "departure"), ("departure", "arrival")):
        op.create_index(
            f"ix_reservation_by_{one}",
            "reservation",
            [one, "id", other, "status", "channel", "operator_id", "removed_at"],
            sqlite_where=sa.text("removed_at IS NULL"),
        )
    op.create_index(
        "ix_reservation_operator",
        "reservation",
        ["operator_id", "id"],
        sqlite_where=sa.text("operator_id IS NOT NULL"),
    )
    op.create_index(
        "ix_conversation_reservation",
        "conversation",
        ["reservation_id", "id"],
        sqlite_where=sa.text("reservation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_internal_reservation",
        "internal_message",
        ["reservation_id", "id"],
        sqlite_where=sa.text("reservation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_memo_reservation", "memo", ["reservation_id", "id"], sqlite_where=sa.text("reservation_id IS NOT NULL")
    )
    op.create_index("ix_payment_day", "payment", ["day", "id"])
    op.create_index("ix_payment_folio", "payment", ["folio_id"], sqlite_where=sa.text("folio_id IS NOT NULL"))
    op.create_index(
        "ix_reminder_assignee",
        "reminder",
        ["assignee_id", "due", "id"],
        sqlite_where=sa.text("done_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_reminder_department",
        "reminder",
        ["department_id", "due", "id"],
        sqlite_where=sa.text("done_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_reminder_kept", "reminder", ["due", "id"], sqlite_where=sa.text("removed_at IS NULL AND id > 0")
    )
    op.create_index(
        "ix_inquiry_board",
        "inquiry",
        ["planned_end", "id"],
        sqlite_where=sa.text("removed_at IS NULL AND closed_at IS NULL AND planned_end IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_reservation",
        "reminder",
        ["reservation_id", "id"],
        sqlite_where=sa.text("reservation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_series", "reminder", ["series_id", "due"], sqlite_where=sa.text("series_id IS NOT NULL")
    )
