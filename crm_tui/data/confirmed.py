"""When a reservation was first confirmed, kept by the database itself, for SQLite (SPEC §10: *a booking ever confirmed*).

A stay that was completed, or whose guest did not come, had been confirmed. What is cancelled later stays confirmed once; only
undo, which says that it never was, takes it back (:mod:`crm_tui.desk.stays.reservations`).
"""

from __future__ import annotations

from crm_tui.rules.vocabulary import BOOKED

_IN = "({})".format(", ".join(f"'{status}'" for status in BOOKED))
_WHEN = f"WHEN NEW.confirmed_at IS NULL AND NEW.status IN {_IN}"
_SET = "UPDATE reservation SET confirmed_at = {} WHERE id = NEW.id"

TRIGGERS = (
    f"CREATE TRIGGER confirmed_made AFTER INSERT ON reservation {_WHEN} BEGIN\n{_SET.format('NEW.created_at')};\nEND",
    f"CREATE TRIGGER confirmed_changed AFTER UPDATE OF status ON reservation {_WHEN} "
    f"BEGIN\n{_SET.format('NEW.updated_at')};\nEND",
)

_SAID = (
    "FROM journal j WHERE j.entity = 'reservation' AND j.entity_id = reservation.id AND j.action <> 'undo' "
    "AND j.command NOT IN (SELECT command FROM undone WHERE by_command NOT IN ('', '-')) AND "
)
_BECAME = f"(SELECT min(j.at) {_SAID} json_extract(j.after, '$.status') IN {_IN})"
_WAS = f"EXISTS (SELECT 1 {_SAID} json_extract(j.before, '$.status') IN {_IN})"
FILL = (
    f"UPDATE reservation SET confirmed_at = CASE WHEN {_WAS} THEN created_at "  # noqa: S608 -- words of this program
    f"WHEN status IN {_IN} THEN coalesce({_BECAME}, created_at) ELSE {_BECAME} END"
)
"""Of an older store: what stands so, and what the journal says of those that were cancelled since."""
