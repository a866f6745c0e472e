"""Exactly one person is the holder of an inquiry or a reservation (SPEC §1): what the database itself holds to, for SQLite.

At most one: a unique index on the guests that are marked. Never a company: triggers. At least one as soon as a person is
among the guests: each person's row refers, deferred to the commit, to the row that names the holder, which triggers keep. So
a command may take one holder away and set another in any order, and no way of writing can leave the guests without one.
"""

from __future__ import annotations

OWNERS = ("inquiry", "reservation")
_COMPANY = "a company cannot be the holder"


def _refuse(name: str, when: str, condition: str) -> str:
    return f"CREATE TRIGGER holder_{name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{_COMPANY}'); END"


def _lead(owner: str) -> str:
    """Note of a guest's row whether a holder must be there for it."""
    person = "(SELECT g.kind = 'person' FROM guest g WHERE g.id = NEW.guest_id)"
    return (
        f"UPDATE {owner}_guest SET led_by = CASE WHEN {person} THEN NEW.{owner}_id END "
        f"WHERE {owner}_id = NEW.{owner}_id AND guest_id = NEW.guest_id;"
    )


def _keep(owner: str) -> str:
    return (
        f"INSERT INTO {owner}_holder ({owner}_id, guest_id) SELECT NEW.{owner}_id, NEW.guest_id WHERE NEW.holder "
        f"ON CONFLICT ({owner}_id) DO UPDATE SET guest_id = excluded.guest_id;"
    )


def _forget(owner: str) -> str:
    return f"DELETE FROM {owner}_holder WHERE OLD.holder AND {owner}_id = OLD.{owner}_id AND guest_id = OLD.guest_id;"


def _of(owner: str) -> tuple[str, ...]:
    company = "NEW.holder AND (SELECT g.kind FROM guest g WHERE g.id = NEW.guest_id) IS NOT 'person'"
    table = f"{owner}_guest"
    return (
        _refuse(f"{owner}_new", f"INSERT ON {table}", company),
        _refuse(f"{owner}_set", f"UPDATE OF holder, guest_id ON {table}", company),
        f"CREATE TRIGGER holder_{owner}_added AFTER INSERT ON {table} BEGIN\n{_lead(owner)}\n{_keep(owner)}\nEND",
        f"CREATE TRIGGER holder_{owner}_changed AFTER UPDATE OF holder, guest_id, {owner}_id ON {table} BEGIN\n"
        f"{_forget(owner)}\n{_lead(owner)}\n{_keep(owner)}\nEND",
        f"CREATE TRIGGER holder_{owner}_gone AFTER DELETE ON {table} BEGIN\n{_forget(owner)}\nEND",
    )


def _holds(owner: str) -> str:
    return f"EXISTS (SELECT 1 FROM {owner}_guest WHERE guest_id = NEW.id AND holder)"


def _led(owner: str) -> str:
    """The rows of a guest who became a person or a company."""
    return (
        f"UPDATE {owner}_guest SET led_by = CASE WHEN NEW.kind = 'person' THEN {owner}_id END WHERE guest_id = NEW.id;"
    )


TRIGGERS = (
    *(statement for owner in OWNERS for statement in _of(owner)),
    _refuse(
        "kind",
        "UPDATE OF kind ON guest",
        f"NEW.kind IS NOT 'person' AND ({' OR '.join(_holds(one) for one in OWNERS)})",
    ),
    "CREATE TRIGGER holder_kind_changed AFTER UPDATE OF kind ON guest WHEN NEW.kind IS NOT OLD.kind BEGIN\n"
    + "\n".join(_led(one) for one in OWNERS)
    + "\nEND",
)
