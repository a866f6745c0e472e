"""Tickets, working time and quality as the sixth schema made them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


def create_tickets() -> None:
    """Create ticket, ticket_hand, routing_profile, timer_session, intake_pause."""
    op.create_table(
        "intake_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("paused_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("resumed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_intake_pause_agent", "intake_pause", ["agent_id", "paused_at", "id"])
    op.create_index(
        "ix_intake_pause_open",
        "intake_pause",
        ["agent_id"],
        unique=True,
        sqlite_where=sa.text("resumed_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index("ix_intake_pause_started", "intake_pause", ["paused_at", "id"])
    op.create_table(
        "routing_profile",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("takes", sa.Boolean(), nullable=False),
        sa.Column("stages", sqltypes.AutoString(), nullable=False),
        sa.Column("channels", sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent_id"),
    )
    op.create_table(
        "timer_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("desk", sqltypes.AutoString(), nullable=False),
        sa.Column("started_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("stopped_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("heartbeat_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended", sqltypes.AutoString(), nullable=False),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_timer_session_agent", "timer_session", ["agent_id", "started_at", "id"])
    op.create_index(
        "ix_timer_session_running",
        "timer_session",
        ["agent_id", "id"],
        sqlite_where=sa.text("stopped_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index("ix_timer_session_started", "timer_session", ["started_at", "id"])
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("stage", sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("how", sqltypes.AutoString(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("seen_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("pending_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("pending_by", sa.Integer(), nullable=True),
        sa.Column("pending_note", sqltypes.AutoString(), nullable=False),
        sa.Column("flagged_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.Column("done_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("reason", sqltypes.AutoString(), nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pending_by"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index(
        "ix_ticket_agent",
        "ticket",
        ["agent_id", "created_at", "id"],
        sqlite_where=sa.text("agent_id IS NOT NULL AND done_at IS NULL AND gone = 0"),
    )
    op.create_index("ix_ticket_conversation", "ticket", ["conversation_id", "created_at", "id"])
    op.create_index("ix_ticket_created", "ticket", ["created_at", "id", "gone", "aside"])
    op.create_index(
        "ix_ticket_done",
        "ticket",
        ["done_at", "id", "done_by", "gone", "aside"],
        sqlite_where=sa.text("done_at IS NOT NULL"),
    )
    listed = sa.text("done_at IS NULL AND gone = 0 AND aside = 0")
    op.create_index("ix_ticket_open", "ticket", ["created_at", "id"], sqlite_where=listed)
    op.create_index(
        "ix_ticket_open_pending_first",
        "ticket",
        [sa.text("(pending_at IS NULL) || created_at"), "id"],
        sqlite_where=listed,
    )
    op.create_index(
        "ix_ticket_pending",
        "ticket",
        ["pending_at", "id"],
        sqlite_where=sa.text("pending_at IS NOT NULL AND done_at IS NULL AND gone = 0"),
    )
    op.create_index(
        "ix_ticket_queue",
        "ticket",
        ["created_at", "id"],
        sqlite_where=sa.text("agent_id IS NULL AND aside = 0 AND done_at IS NULL AND gone = 0"),
    )
    op.create_index("ix_ticket_turn", "ticket", ["turn_id"])
    op.create_table(
        "ticket_hand",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id"),
    )
    op.create_index("ix_ticket_hand_at", "ticket_hand", ["at", "agent_id", "ticket_id"])
    op.create_index(
        "ix_ticket_hand_seen",
        "ticket_hand",
        ["seen_at", "agent_id", "ticket_id"],
        sqlite_where=sa.text("seen_at IS NOT NULL"),
    )


def create_quality() -> None:
    """Create quality_code, quality_item, quality_cost, compensation."""
    op.create_table(
        "quality_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_quality_code_name", "quality_code", ["name"], unique=True, sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_table(
        "quality_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_quality_item_name", "quality_item", ["name"], unique=True, sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_table(
        "quality_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("code", sqltypes.AutoString(), nullable=False),
        sa.Column("room", sqltypes.AutoString(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("occasion", sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqltypes.AutoString(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quality_cost_at", "quality_cost", ["at", "id"], sqlite_where=sa.text("removed_at IS NULL"))
    op.create_index(
        "ix_quality_cost_guest", "quality_cost", ["guest_id", "at", "id"], sqlite_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index(
        "ix_quality_cost_reservation",
        "quality_cost",
        ["reservation_id", "id"],
        sqlite_where=sa.text("reservation_id IS NOT NULL"),
    )
    op.create_table(
        "compensation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=True),
        sa.Column("cost_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("(feedback_id IS NULL) <> (cost_id IS NULL)", name="ck_compensation_of"),
        sa.CheckConstraint("quantity > 0", name="ck_compensation_quantity"),
        sa.CheckConstraint("value >= 0", name="ck_compensation_value"),
        sa.ForeignKeyConstraint(["cost_id"], ["quality_cost.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["quality_item.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_compensation_at", "compensation", ["at"])
    op.create_index(
        "ix_compensation_cost", "compensation", ["cost_id", "position"], sqlite_where=sa.text("cost_id IS NOT NULL")
    )
    op.create_index(
        "ix_compensation_feedback",
        "compensation",
        ["feedback_id", "position"],
        sqlite_where=sa.text("feedback_id IS NOT NULL"),
    )
    op.create_index("ix_compensation_item", "compensation", ["item_id"], sqlite_where=sa.text("item_id IS NOT NULL"))
