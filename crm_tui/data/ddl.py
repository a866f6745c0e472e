"""What SQLModel cannot declare: the full-text index, the kept counters and the journal's lock, for SQLite.

Counters are kept by triggers, so that no way of writing a conversation can forget them.
"""

FULL_TEXT = (
    "CREATE VIRTUAL TABLE message_search USING fts5("
    "subject, sender, recipients, body, files, content='', columnsize=0, "
    'tokenize="unicode61 remove_diacritics 0")'
)

# Settings that the index keeps: a batch of a thousand mails is flushed as one segment instead of one a megabyte, and
# segments wait until there are eight alike before they are merged. Storing costs a third less; finding costs the same.
FULL_TEXT_SETTINGS = (
    "INSERT INTO message_search (message_search, rank) VALUES ('hashsize', 8388608)",
    "INSERT INTO message_search (message_search, rank) VALUES ('automerge', 8)",
)

# key, condition on the row: every counter a conversation counts under.
_COUNTED = (
    ("{row}.folder", "NOT {row}.snoozed"),
    ("'account:' || {row}.account_id", "NOT {row}.snoozed AND {row}.account_id IS NOT NULL"),
    ("'Starred'", "{row}.starred"),
    ("'Snoozed'", "{row}.snoozed"),
    ("'Sent'", "{row}.last_out_at IS NOT NULL"),
)


def _count(row: str, sign: str) -> str:
    statements = []
    for key, condition in _COUNTED:
        where = f"{condition} AND {{row}}.merged_into IS NULL".format(row=row)
        statements.append(
            f"INSERT INTO folder_count (key, scope, total, unanswered, unread) SELECT {key.format(row=row)}, "
            f"{row}.scope, {sign}1, {sign}({row}.waiting_since IS NOT NULL), {sign}({row}.unread_count > 0) "
            f"WHERE {where} ON CONFLICT (key, scope) DO UPDATE SET total = total + excluded.total, "
            "unanswered = unanswered + excluded.unanswered, unread = unread + excluded.unread;"
        )
    return "\n".join(statements)


_WATCHED = "folder, account_id, starred, snoozed, last_out_at, waiting_since, unread_count, merged_into, scope"
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _WATCHED.split(", "))
_FACTS = "id, at, agent_id, actor, command, entity, entity_id, action, undoable, version"
_OTHERWISE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FACTS.split(", "))

TRIGGERS = (
    f"CREATE TRIGGER count_insert AFTER INSERT ON conversation BEGIN\n{_count('NEW', '+')}\nEND",
    f"CREATE TRIGGER count_delete AFTER DELETE ON conversation BEGIN\n{_count('OLD', '-')}\nEND",
    f"CREATE TRIGGER count_update AFTER UPDATE OF {_WATCHED} ON conversation WHEN {_CHANGED} BEGIN\n"
    f"{_count('OLD', '-')}\n{_count('NEW', '+')}\nEND",
    # But for the erasure of a person (SPEC §6): then what a row says may be blacked out, and nothing else of it.
    f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal WHEN {_OTHERWISE} "
    "OR NOT EXISTS (SELECT 1 FROM erasure WHERE finished_at IS NULL) BEGIN "
    "SELECT RAISE(ABORT, 'the journal cannot be edited'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN "
    "SELECT RAISE(ABORT, 'the journal cannot be edited'); END",
)

# What the triggers would have counted, from the rows themselves: `check` compares. Built of constants only.
RECOUNT = " UNION ALL ".join(
    f"SELECT {key.format(row='c')} AS key, c.scope AS scope, count(*) AS total, total(c.waiting_since IS NOT NULL) AS unanswered, "
    f"total(c.unread_count > 0) AS unread FROM conversation c "
    f"WHERE {condition.format(row='c')} AND c.merged_into IS NULL GROUP BY 1, 2"
    for key, condition in _COUNTED
)
