"""Daily triage: departments, guests, inquiries, memos, snoozing with a reason, scopes, undo (SPEC §3, §4)."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from crm_tui.data import ddl, inquiry_counters
from crm_tui.data.migrations import first_record_search as record_search

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTERS = ("count_insert", "count_delete", "count_update")


def upgrade() -> None:
    """Create the tables, widen conversations, agents and the journal, and count by scope."""
    _create_tables()
    _widen("agent", "department_id", "department")
    _widen("conversation", "inquiry_id", "inquiry")
    _widen_conversations()
    op.add_column("journal", sa.Column("undoable", sa.Boolean(), server_default=sa.text("0"), nullable=False))
    op.add_column("journal", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("draft", sa.Column("dropped_at", sqltypes.UTCDateTime(), nullable=True))
    _widen("draft", "recall_of", "inquiry")
    for table, column in (("draft", "conversation_id"), ("outbox_item", "conversation_id")):
        name = f"ix_{table.partition('_')[0]}_conversation"
        op.create_index(name, table, [column], sqlite_where=sa.text(f"{column} IS NOT NULL"))
    op.create_index("ix_journal_command", "journal", ["command"])
    op.create_index("ix_journal_undoable", "journal", ["agent_id", "id"], sqlite_where=sa.text("undoable"))
    _count_by_scope()
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*inquiry_counters.TRIGGERS, *record_search.TABLES, *record_search.TRIGGERS):
            op.get_bind().exec_driver_sql(statement)


def _widen(table: str, column: str, refers_to: str) -> None:
    """Add a column that refers to another table; SQLite takes the reference only with the column."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {refers_to} (id) ON DELETE SET NULL")
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(None, table, refers_to, [column], ["id"], ondelete="SET NULL")


def _widen_conversations() -> None:
    text: dict[str, Any] = {"server_default": "", "nullable": False}
    for column in (
        sa.Column("listed_at", sqltypes.UTCDateTime(), server_default="1970-01-01 00:00:00.000000", nullable=False),
        sa.Column("snooze_for", sqltypes.AutoString(), **text),
        sa.Column("woken_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("wake_reason", sqltypes.AutoString(), **text),
        sa.Column("scope", sqltypes.AutoString(), **text),
    ):
        op.add_column("conversation", column)
    for name in ("account", "all", "list", "starred", "unanswered", "unread"):
        op.drop_index(f"ix_conversation_{name}", table_name="conversation")
    op.execute("UPDATE conversation SET listed_at = last_at")
    op.execute("UPDATE conversation SET snooze_for = 'reply' WHERE snoozed AND snoozed_until IS NULL")
    op.execute("UPDATE conversation SET snooze_for = 'date' WHERE snoozed AND snoozed_until IS NOT NULL")
    for name, columns, where in (
        ("account", ["account_id", "listed_at", "id"], None),
        ("all", ["snoozed", "listed_at", "id"], None),
        ("list", ["folder", "snoozed", "listed_at", "id"], None),
        ("starred", ["listed_at", "id"], "starred"),
        ("unanswered", ["folder", "snoozed", "listed_at", "id"], "waiting_since IS NOT NULL"),
        ("unread", ["folder", "snoozed", "listed_at", "id"], "unread_count > 0"),
        ("inquiry", ["inquiry_id", "id"], "inquiry_id IS NOT NULL"),
        ("scope", ["scope", "id"], "scope <> ''"),
        ("merged", ["merged_into", "id"], "merged_into IS NOT NULL"),
    ):
        condition: dict[str, Any] = {} if where is None else {"sqlite_where": sa.text(where)}
        op.create_index(f"ix_conversation_{name}", "conversation", columns, **condition)


def _count_by_scope() -> None:
    op.drop_table("folder_count")
    op.create_table(
        "folder_count",
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sqltypes.AutoString(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "scope"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name in _COUNTERS:
            op.execute(f"DROP TRIGGER {name}")
        for statement in ddl.TRIGGERS:
            if any(f"TRIGGER {name} " in statement for name in _COUNTERS):
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"INSERT INTO folder_count {ddl.RECOUNT}")


def _create_tables() -> None:
    _create_team_and_guests()
    _create_attributes()
    _create_inquiries()
    _create_notes()
    op.create_table(
        "thread_apart",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "other_id"),
    )
    op.create_index("ix_thread_apart_other", "thread_apart", ["other_id"])


def _create_team_and_guests() -> None:
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("surname", sqltypes.AutoString(), nullable=False),
        sa.Column("given", sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqltypes.AutoString(), nullable=False),
        sa.Column("nationality", sqltypes.AutoString(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("document", sqltypes.AutoString(), nullable=False),
        sa.Column("passport", sqltypes.AutoString(), nullable=False),
        sa.Column("passport_expiry", sa.Date(), nullable=True),
        sa.Column("street", sqltypes.AutoString(), nullable=False),
        sa.Column("postcode", sqltypes.AutoString(), nullable=False),
        sa.Column("city", sqltypes.AutoString(), nullable=False),
        sa.Column("country", sqltypes.AutoString(), nullable=False),
        sa.Column("tax_number", sqltypes.AutoString(), nullable=False),
        sa.Column("remarks", sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("archived_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_guest_name", "guest", ["folded", "id"], unique=False, sqlite_where=sa.text("merged_into IS NULL")
    )
    op.create_index("ix_guest_reference", "guest", ["reference"], unique=True, sqlite_where=sa.text("reference <> ''"))
    op.create_table(
        "undone",
        sa.Column("command", sqltypes.AutoString(), nullable=False),
        sa.Column("by_command", sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("command"),
    )
    op.create_table(
        "guest_email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_guest_email_address", "guest_email", ["folded"], unique=False)
    op.create_index("ix_guest_email_guest", "guest_email", ["guest_id", "position"], unique=False)
    op.create_table(
        "guest_phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_guest_phone_guest", "guest_phone", ["guest_id", "position"], unique=False)
    op.create_index("ix_guest_phone_number", "guest_phone", ["number"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sqltypes.AutoString(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_guest", "consent", ["guest_id", "channel", "id"], unique=False)


def _create_attributes() -> None:
    op.create_table(
        "attribute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attribute_folded", "attribute", ["folded"], unique=False)
    op.create_table(
        "guest_attribute",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attribute_id"], ["attribute.id"]),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guest_id", "attribute_id"),
    )
    op.create_index("ix_guest_attribute_attribute", "guest_attribute", ["attribute_id", "guest_id"], unique=False)


def _create_inquiries() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sqltypes.AutoString(), nullable=False),
        sa.Column("lost_reason", sqltypes.AutoString(), nullable=False),
        sa.Column("planned_end", sa.Date(), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("scope", sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=True),
        sa.Column("departure", sa.Date(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("nights", sa.Integer(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("children", sa.JSON(), nullable=False),
        sa.Column("room", sqltypes.AutoString(), nullable=False),
        sa.Column("destination", sqltypes.AutoString(), nullable=False),
        sa.Column("board", sqltypes.AutoString(), nullable=False),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("budget_currency", sqltypes.AutoString(), nullable=False),
        sa.Column("airport", sqltypes.AutoString(), nullable=False),
        sa.Column("preferences", sqltypes.AutoString(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("price_currency", sqltypes.AutoString(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["handler_id"], ["agent.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_inquiry_arrival",
        "inquiry",
        ["arrival", "departure"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    _index_inquiries()
    op.create_index(
        "ix_inquiry_period",
        "inquiry",
        ["period_from", "period_to"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("query", sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_view_agent", "saved_view", ["agent_id", "position"], unique=False)
    op.create_table(
        "inquiry_count",
        sa.Column("status", sqltypes.AutoString(), nullable=False),
        sa.Column("handler_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sqltypes.AutoString(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("status", "handler_id", "scope"),
    )
    op.create_table(
        "inquiry_guest",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
        ),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("inquiry_id", "guest_id"),
    )
    op.create_index("ix_inquiry_guest_guest", "inquiry_guest", ["guest_id"], unique=False)
    op.create_index("ix_inquiry_holder", "inquiry_guest", ["inquiry_id"], unique=True, sqlite_where=sa.text("holder"))
    op.create_table(
        "presence",
        sa.Column("session", sqltypes.AutoString(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("doing", sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index("ix_presence_conversation", "presence", ["conversation_id"], unique=False)


def _index_inquiries() -> None:
    kept, still_open = "removed_at IS NULL", "removed_at IS NULL AND closed_at IS NULL"
    due = sa.text("coalesce(planned_end, '9999-12-31')")
    coming = sa.text("coalesce(arrival, period_from, '9999-12-31')")
    made = (
        ("ix_inquiry_open", (due, "id"), still_open),
        ("ix_inquiry_open_handler", ("handler_id", due, "id"), still_open),
        ("ix_inquiry_open_handler_coming", ("handler_id", coming, "id"), still_open),
        ("ix_inquiry_open_coming", (coming, "id"), still_open),
        ("ix_inquiry_open_newest", ("id",), still_open),
        ("ix_inquiry_due", (due, "id"), kept),
        ("ix_inquiry_coming", (coming, "id"), kept),
        ("ix_inquiry_status", ("status", "id"), kept),
        ("ix_inquiry_status_due", ("status", due, "id"), kept),
        ("ix_inquiry_status_coming", ("status", coming, "id"), kept),
        ("ix_inquiry_handler", ("handler_id", "id"), kept),
        ("ix_inquiry_channel", ("channel", "id"), kept),
    )
    for name, columns, condition in made:
        op.create_index(name, "inquiry", list(columns), unique=False, sqlite_where=sa.text(condition))


def _create_notes() -> None:
    op.create_table(
        "internal_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("read_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["from_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["to_id"], ["agent.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_internal_conversation",
        "internal_message",
        ["conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("conversation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_internal_inquiry",
        "internal_message",
        ["inquiry_id", "id"],
        unique=False,
        sqlite_where=sa.text("inquiry_id IS NOT NULL"),
    )
    op.create_index(
        "ix_internal_guest",
        "internal_message",
        ["guest_id", "id"],
        unique=False,
        sqlite_where=sa.text("guest_id IS NOT NULL"),
    )
    op.create_index("ix_internal_to", "internal_message", ["to_id", "id"], unique=False)
    op.create_index(
        "ix_internal_unread",
        "internal_message",
        ["to_id", "id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL AND removed_at IS NULL"),
    )
    op.create_table(
        "memo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("edited_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_memo_conversation",
        "memo",
        ["conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("conversation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_memo_guest", "memo", ["guest_id", "id"], unique=False, sqlite_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index(
        "ix_memo_inquiry", "memo", ["inquiry_id", "id"], unique=False, sqlite_where=sa.text("inquiry_id IS NOT NULL")
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sqltypes.AutoString(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["done_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_reminder_conversation",
        "reminder",
        ["conversation_id", "id"],
        unique=False,
        sqlite_where=sa.text("conversation_id IS NOT NULL"),
    )
    op.create_index(
        "ix_reminder_guest", "reminder", ["guest_id", "id"], unique=False, sqlite_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_reminder_inquiry",
        "reminder",
        ["inquiry_id", "id"],
        unique=False,
        sqlite_where=sa.text("inquiry_id IS NOT NULL"),
    )
