"""Guests and companies: events, packages, mailings, merges, erasure, holders, reservations (SPEC §6, §7)."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from crm_tui.data import ddl, holders, record_search
from crm_tui.data.migrations import guests_tables, reservations_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_EVENTS = (
    *("call", "mail", "sms", "visit", "complaint", "catalogue", "payment reminder", "flight info", "note", "other"),
)
"""The types of event that every desk has."""


def upgrade() -> None:
    """Create the tables, widen guests, let the database hold to one holder, and index guests anew."""
    _widen_guests()
    guests_tables.create_holders()
    reservations_tables.create_reservations()
    reservations_tables.create_amounts()
    guests_tables.create_links()
    guests_tables.create_packages()
    guests_tables.create_events()
    types = sa.table("event_type", *(sa.column(name) for name in ("code", "name", "folded", "created_at", "version")))
    made = {"name": "", "folded": "", "created_at": "1970-01-01 00:00:00.000000", "version": 1}
    op.bulk_insert(types, [{"code": code, **made} for code in _EVENTS])
    _lead_inquiries()
    if op.get_bind().dialect.name == "sqlite":
        _triggers()


def _widen_guests() -> None:
    folded = sa.text("lower(counterpart_address)")
    op.create_index("ix_conversation_counterpart_folded", "conversation", [folded, "last_at"])
    op.add_column("guest", sa.Column("region", sqltypes.AutoString(), server_default="", nullable=False))
    op.add_column("guest", sa.Column("erased_at", sqltypes.UTCDateTime(), nullable=True))
    op.create_index(
        "ix_guest_archived",
        "guest",
        ["folded", "id"],
        sqlite_where=sa.text("merged_into IS NULL AND archived_at IS NOT NULL"),
    )
    op.create_index("ix_guest_birth", "guest", ["birth_date", "id"], sqlite_where=sa.text("birth_date IS NOT NULL"))
    op.create_index(
        "ix_guest_kind",
        "guest",
        ["kind", "folded", "id"],
        sqlite_where=sa.text("merged_into IS NULL AND archived_at IS NULL"),
    )
    op.create_index("ix_guest_merged", "guest", ["merged_into", "id"], sqlite_where=sa.text("merged_into IS NOT NULL"))
    op.create_index(
        "ix_guest_nationality", "guest", ["nationality", "folded", "id"], sqlite_where=sa.text("nationality <> ''")
    )
    op.create_index(
        "ix_guest_offered",
        "guest",
        ["folded", "id"],
        sqlite_where=sa.text("merged_into IS NULL AND archived_at IS NULL"),
    )
    op.create_index(
        "ix_guest_passport_expiry",
        "guest",
        ["passport_expiry", "id"],
        sqlite_where=sa.text("passport_expiry IS NOT NULL"),
    )
    op.create_index("ix_consent_channel", "consent", ["channel", "guest_id", "id", "given"])


def _lead_inquiries() -> None:
    """Every person among the guests of an inquiry refers to its holder; the first person of those that had none."""
    if op.get_bind().dialect.name == "sqlite":
        deferred = "DEFERRABLE INITIALLY DEFERRED"
        op.execute(
            f"ALTER TABLE inquiry_guest ADD COLUMN led_by INTEGER REFERENCES inquiry_holder (inquiry_id) {deferred}"
        )
    else:
        op.add_column("inquiry_guest", sa.Column("led_by", sa.Integer(), nullable=True))
        op.create_foreign_key(
            None, "inquiry_guest", "inquiry_holder", ["led_by"], ["inquiry_id"], initially="DEFERRED", deferrable=True
        )
    op.create_index("ix_inquiry_guest_led_by", "inquiry_guest", ["led_by"])
    person = "guest_id IN (SELECT id FROM guest WHERE kind = 'person')"
    led = "inquiry_id IN (SELECT inquiry_id FROM inquiry_guest WHERE holder)"
    op.execute(f"UPDATE inquiry_guest SET holder = false WHERE holder AND NOT {person}")
    op.execute(
        "UPDATE inquiry_guest SET holder = true WHERE (inquiry_id, guest_id) IN (SELECT inquiry_id, min(guest_id) "
        f"FROM inquiry_guest WHERE {person} AND NOT {led} GROUP BY inquiry_id)"
    )
    op.execute("INSERT INTO inquiry_holder SELECT inquiry_id, guest_id FROM inquiry_guest WHERE holder")
    op.execute(f"UPDATE inquiry_guest SET led_by = inquiry_id WHERE {person}")


def _triggers() -> None:
    connection = op.get_bind()
    old = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'index\\_%' ESCAPE '\\'"
    )
    for name in (*old.scalars().all(), "journal_no_update"):
        op.execute(f"DROP TRIGGER {name}")
    for table in ("inquiry_search", "guest_search"):
        op.execute(f"DROP TABLE {table}")
    journal = [one for one in ddl.TRIGGERS if "TRIGGER journal_no_update " in one]
    for statement in (*journal, *holders.TRIGGERS, *record_search.TABLES, *record_search.TRIGGERS):
        connection.exec_driver_sql(statement)
    record_search.rebuild(connection)
