"""The triggers as the baseline made them: a migration does not change with the program."""

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
            f"INSERT INTO folder_count (key, total, unanswered, unread) SELECT {key.format(row=row)}, {sign}1, "
            f"{sign}({row}.waiting_since IS NOT NULL), {sign}({row}.unread_count > 0) WHERE {where} "
            "ON CONFLICT (key) DO UPDATE SET total = total + excluded.total, "
            "unanswered = unanswered + excluded.unanswered, unread = unread + excluded.unread;"
        )
    return "\n".join(statements)


_WATCHED = "folder, account_id, starred, snoozed, last_out_at, waiting_since, unread_count, merged_into"
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _WATCHED.split(", "))

TRIGGERS = (
    f"CREATE TRIGGER count_insert AFTER INSERT ON conversation BEGIN\n{_count('NEW', '+')}\nEND",
    f"CREATE TRIGGER count_delete AFTER DELETE ON conversation BEGIN\n{_count('OLD', '-')}\nEND",
    f"CREATE TRIGGER count_update AFTER UPDATE OF {_WATCHED} ON conversation WHEN {_CHANGED} BEGIN\n"
    f"{_count('OLD', '-')}\n{_count('NEW', '+')}\nEND",
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN "
    "SELECT RAISE(ABORT, 'the journal cannot be edited'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN "
    "SELECT RAISE(ABORT, 'the journal cannot be edited'); END",
)
