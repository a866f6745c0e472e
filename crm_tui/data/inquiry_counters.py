"""How many inquiries there are, kept by triggers so that no way of writing one can forget them; for SQLite."""

from __future__ import annotations

_KEY = "{row}.status, coalesce({row}.handler_id, 0), {row}.scope"


def _count(row: str, sign: str) -> str:
    return (
        f"INSERT INTO inquiry_count (status, handler_id, scope, total) SELECT {_KEY.format(row=row)}, {sign}1 "
        f"WHERE {row}.removed_at IS NULL "
        "ON CONFLICT (status, handler_id, scope) DO UPDATE SET total = total + excluded.total;"
    )


_WATCHED = "status, handler_id, scope, removed_at"
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _WATCHED.split(", "))

TRIGGERS = (
    f"CREATE TRIGGER inquiry_count_insert AFTER INSERT ON inquiry BEGIN\n{_count('NEW', '+')}\nEND",
    f"CREATE TRIGGER inquiry_count_delete AFTER DELETE ON inquiry BEGIN\n{_count('OLD', '-')}\nEND",
    f"CREATE TRIGGER inquiry_count_update AFTER UPDATE OF {_WATCHED} ON inquiry WHEN {_CHANGED} BEGIN\n"
    f"{_count('OLD', '-')}\n{_count('NEW', '+')}\nEND",
)
RECOUNT = f"SELECT {_KEY.format(row='i')}, count(*) FROM inquiry i WHERE i.removed_at IS NULL GROUP BY 1, 2, 3"  # noqa: S608 -- constants only
"""What the triggers would have counted, from the rows themselves: `check` compares."""
