"""Money, notices, handovers and feedback as the fifth schema made them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


def create_money() -> None:
    """Create term, folio, folio_route, posting, reservation_due, bank_line."""
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.Column("anchor", sqltypes.AutoString(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_term_operator", "term", ["operator_id", "position"])
    op.create_table(
        "folio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("payer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["payer_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_folio_payer", "folio", ["payer_id", "id"], sqlite_where=sa.text("payer_id IS NOT NULL"))
    op.create_index(
        "ix_folio_reservation",
        "folio",
        ["reservation_id", "number"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "folio_route",
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("category", sqltypes.AutoString(), nullable=False),
        sa.Column("folio_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["folio_id"], ["folio.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reservation_id", "category"),
    )
    op.create_index("ix_folio_route_folio_id", "folio_route", ["folio_id"])
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("folio_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("split_of", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["folio_id"],
            ["folio.id"],
        ),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["posting.id"],
        ),
        sa.ForeignKeyConstraint(
            ["split_of"],
            ["posting.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_posting_folio", "posting", ["folio_id", "day", "id"])
    op.create_index("ix_posting_reservation", "posting", ["reservation_id", "id"])
    op.create_index(
        "ix_posting_reverses",
        "posting",
        ["reverses_id"],
        unique=True,
        sqlite_where=sa.text("reverses_id IS NOT NULL AND removed_at IS NULL"),
    )
    op.create_index("ix_posting_split", "posting", ["split_of"], sqlite_where=sa.text("split_of IS NOT NULL"))
    op.create_table(
        "reservation_due",
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reservation_id"),
    )
    op.create_index(
        "ix_reservation_due_due", "reservation_due", ["due", "reservation_id"], sqlite_where=sa.text("due IS NOT NULL")
    )
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("dismissed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bank_line_digest", "bank_line", ["digest"], unique=True)
    op.create_index(
        "ix_bank_line_open", "bank_line", ["id"], sqlite_where=sa.text("payment_id IS NULL AND dismissed_at IS NULL")
    )
    op.create_index("ix_bank_line_payment", "bank_line", ["payment_id"], sqlite_where=sa.text("payment_id IS NOT NULL"))


def create_days() -> None:
    """Create payment_notice, notice_stop, handover, handover_line, feedback."""
    op.create_table(
        "payment_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("state", sqltypes.AutoString(), nullable=False),
        sa.Column("error", sqltypes.AutoString(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["line_id"], ["schedule_line.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_item.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_payment_notice_guest", "payment_notice", ["guest_id", "id"], sqlite_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index(
        "ix_payment_notice_line", "payment_notice", ["line_id", "day"], unique=True, sqlite_where=sa.text("automatic")
    )
    op.create_index(
        "ix_payment_notice_outbox", "payment_notice", ["outbox_id"], sqlite_where=sa.text("outbox_id IS NOT NULL")
    )
    op.create_index("ix_payment_notice_reservation", "payment_notice", ["reservation_id", "id"])
    op.create_index(
        "ix_payment_notice_state",
        "payment_notice",
        ["state", "id"],
        sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"),
    )
    op.create_table(
        "notice_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqltypes.AutoString(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_notice_stop_address",
        "notice_stop",
        ["address"],
        unique=True,
        sqlite_where=sa.text("address <> '' AND removed_at IS NULL"),
    )
    op.create_index("ix_notice_stop_guest", "notice_stop", ["guest_id"], sqlite_where=sa.text("guest_id IS NOT NULL"))
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_handover_open", "handover", ["id"], sqlite_where=sa.text("closed_at IS NULL AND removed_at IS NULL")
    )
    op.create_table(
        "handover_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("thing", sa.Integer(), nullable=True),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.Column("acknowledged_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_line_handover", "handover_line", ["handover_id", "position"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("code", sqltypes.AutoString(), nullable=False),
        sa.Column("room", sqltypes.AutoString(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("employee", sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqltypes.AutoString(), nullable=False),
        sa.Column("emoji", sqltypes.AutoString(), nullable=False),
        sa.Column("resolved_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("resolution", sqltypes.AutoString(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["resolved_by"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_feedback_at", "feedback", ["at", "id"], sqlite_where=sa.text("removed_at IS NULL"))
    op.create_index(
        "ix_feedback_conversation",
        "feedback",
        ["conversation_id", "id"],
        sqlite_where=sa.text("conversation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_feedback_guest", "feedback", ["guest_id", "at", "id"], sqlite_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index(
        "ix_feedback_open",
        "feedback",
        ["at", "id"],
        sqlite_where=sa.text("resolved_at IS NULL AND removed_at IS NULL AND kind = 'negative'"),
    )
    op.create_index(
        "ix_feedback_reservation",
        "feedback",
        ["reservation_id", "id"],
        sqlite_where=sa.text("reservation_id IS NOT NULL"),
    )
