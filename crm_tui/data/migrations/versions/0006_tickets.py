"""Tickets and who takes them, working time, PINs, what is given to guests and what it costs (SPEC §10, §11, §13)."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from crm_tui.data import confirmed, turn_tickets
from crm_tui.data.migrations import ticket_tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODES = (
    "INSERT INTO quality_code (name, position, version) "
    "SELECT code, row_number() OVER (ORDER BY count(*) DESC, code), 1 FROM feedback "
    "WHERE code <> '' AND removed_at IS NULL GROUP BY code"
)
"""What feedback was filed under until now becomes the list of codes."""


def upgrade() -> None:
    """Create the tables, widen turns, agents and the property, and let the database keep a ticket for each open turn."""
    ticket_tables.create_tickets()
    ticket_tables.create_quality()
    op.add_column("agent", sa.Column("pin", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("agent", sa.Column("pin_failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("agent", sa.Column("pin_failed_at", sqltypes.UTCDateTime(), nullable=True))
    op.add_column("property", sa.Column("hours", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("property", sa.Column("checkin_days", sa.Integer(), server_default=sa.text("3"), nullable=False))
    op.add_column("property", sa.Column("resolved_days", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("turn", sa.Column("stage", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("turn", sa.Column("first", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.drop_index("ix_turn_closed", table_name="turn")
    op.create_index(
        "ix_turn_closed_by",
        "turn",
        ["closed_at", "agent_id", "stage", "first", "reason", "opened_at", "conversation_id"],
        sqlite_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index("ix_turn_opened", "turn", ["opened_at", "conversation_id"])
    op.add_column("reservation", sa.Column("confirmed_at", sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_inquiry_created", "inquiry", ["created_at", "id"], sqlite_where=sa.text("removed_at IS NULL"))
    op.create_index("ix_journal_at", "journal", ["at", "id"])
    op.create_index("ix_journal_agent", "journal", ["agent_id", "at", "id"])
    op.create_index("ix_journal_kind", "journal", ["entity", "at", "id"])
    op.create_index(
        "ix_feedback_resolved",
        "feedback",
        ["resolved_at"],
        sqlite_where=sa.text("resolved_at IS NOT NULL AND removed_at IS NULL"),
    )
    op.execute(CODES)
    op.execute(turn_tickets.FIRST)
    op.execute(turn_tickets.FILL)
    op.execute(turn_tickets.HANDS)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(confirmed.FILL)
        for statement in (*turn_tickets.TRIGGERS, *confirmed.TRIGGERS):
            op.get_bind().exec_driver_sql(statement)
