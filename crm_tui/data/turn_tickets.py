"""A ticket for every turn that waits at the desk, kept by the database itself, for SQLite (SPEC §10).

Triggers, so that no way of writing turns (a sync, a reply, a mark, a split, an undo) can forget one. A turn that was closed
before the desk ever saw it has no ticket: nobody had to work on it.
"""

from __future__ import annotations

from crm_tui.rules.vocabulary import Folder

_SPAM = f"(SELECT folder = '{Folder.SPAM}' FROM conversation WHERE id = NEW.conversation_id)"
_HAS_IT = "(SELECT assignee_id FROM conversation WHERE id = NEW.conversation_id)"
_PLAIN = "stage, channel, how, pinned, pending_note, reason, aside, gone, version"
_HANDS = ("how", "pinned", "assigned_at", "seen_at", "flagged_at", "why")
"""What is true of a ticket only as long as the same agent has it."""
_NOBODY = {"how": "''", "pinned": "0"}
_SAME = "ticket.agent_id IS excluded.agent_id"
_KEPT = ", ".join(
    f"{name} = CASE WHEN {_SAME} THEN ticket.{name} ELSE {_NOBODY.get(name, 'NULL')} END" for name in _HANDS
)
_MADE = (
    f"INSERT INTO ticket (message_id, turn_id, conversation_id, created_at, {_PLAIN}, agent_id) "
    "VALUES (NEW.opened_by, NEW.id, NEW.conversation_id, NEW.opened_at, '', '', '', 0, '', '', "
    f"coalesce({_SPAM}, 0), 0, 1, {_HAS_IT}) "
    "ON CONFLICT (message_id) DO UPDATE SET turn_id = excluded.turn_id, conversation_id = excluded.conversation_id, "
    f"created_at = excluded.created_at, aside = excluded.aside, {_KEPT}, agent_id = excluded.agent_id, "
    "done_at = NULL, done_by = NULL, reason = '', gone = 0"
)
"""A conversation that is reopened is with whose it was; whether it stays there, routing decides."""
_CLOSED = (
    "UPDATE ticket SET turn_id = NEW.id, conversation_id = NEW.conversation_id, created_at = NEW.opened_at, "
    "done_at = NEW.closed_at, done_by = NEW.agent_id, reason = NEW.reason, gone = 0 WHERE message_id = NEW.opened_by;\n"
    "UPDATE turn SET stage = coalesce((SELECT stage FROM ticket WHERE message_id = NEW.opened_by), stage) WHERE id = NEW.id"
)
_GIVEN = (
    "UPDATE ticket SET agent_id = NEW.assignee_id, pinned = NEW.assignee_id IS NOT NULL, "
    "how = CASE WHEN NEW.assignee_id IS NULL THEN '' ELSE 'manual' END, assigned_at = NULL, seen_at = NULL, "
    "flagged_at = NULL, why = NULL, pending_at = NULL, pending_by = NULL, pending_note = '', version = version + 1 "
    "WHERE conversation_id = NEW.id AND agent_id IS NOT NEW.assignee_id AND done_at IS NULL AND NOT gone"
)
"""Whoever is given a conversation has its ticket, whatever wrote it; routing writes the ticket first, and finds nothing here."""
_HELD = "NEW.agent_id IS NOT NULL AND coalesce(NEW.assigned_at, NEW.seen_at, NEW.done_at) IS NOT NULL"
_HAND = (
    "INSERT INTO ticket_hand (ticket_id, agent_id, at, seen_at) "
    "VALUES (NEW.id, NEW.agent_id, coalesce(NEW.assigned_at, NEW.created_at), NEW.seen_at) "
    "ON CONFLICT (ticket_id, agent_id) DO UPDATE SET seen_at = coalesce(seen_at, excluded.seen_at)"
)
_WATCHED = "conversation_id, opened_by, opened_at, closed_at, agent_id, reason"

TRIGGERS = (
    f"CREATE TRIGGER ticket_made AFTER INSERT ON turn WHEN NEW.closed_at IS NULL BEGIN\n{_MADE};\nEND",
    f"CREATE TRIGGER ticket_made_closed AFTER INSERT ON turn WHEN NEW.closed_at IS NOT NULL BEGIN\n{_CLOSED};\nEND",
    f"CREATE TRIGGER ticket_closed AFTER UPDATE OF {_WATCHED} ON turn WHEN NEW.closed_at IS NOT NULL BEGIN\n{_CLOSED};\nEND",
    f"CREATE TRIGGER ticket_reopened AFTER UPDATE OF {_WATCHED} ON turn WHEN NEW.closed_at IS NULL BEGIN\n{_MADE};\nEND",
    "CREATE TRIGGER ticket_gone AFTER DELETE ON turn BEGIN\n"
    "UPDATE ticket SET gone = 1 WHERE message_id = OLD.opened_by AND turn_id = OLD.id;\nEND",
    "CREATE TRIGGER ticket_aside AFTER UPDATE OF folder ON conversation "
    f"WHEN (OLD.folder = '{Folder.SPAM}') <> (NEW.folder = '{Folder.SPAM}') BEGIN\n"
    f"UPDATE ticket SET aside = NEW.folder = '{Folder.SPAM}' WHERE conversation_id = NEW.id;\nEND",
    "CREATE TRIGGER ticket_given AFTER UPDATE OF assignee_id ON conversation "
    f"WHEN OLD.assignee_id IS NOT NEW.assignee_id BEGIN\n{_GIVEN};\nEND",
    f"CREATE TRIGGER ticket_hand_made AFTER INSERT ON ticket WHEN {_HELD} BEGIN\n{_HAND};\nEND",
    "CREATE TRIGGER ticket_hand_changed AFTER UPDATE OF agent_id, assigned_at, seen_at, done_at ON ticket "
    f"WHEN {_HELD} BEGIN\n{_HAND};\nEND",
)

FILL = (
    f"INSERT INTO ticket (message_id, turn_id, conversation_id, created_at, {_PLAIN}, agent_id, assigned_at) "
    "SELECT t.opened_by, t.id, t.conversation_id, t.opened_at, '', '', "
    "CASE WHEN c.assignee_id IS NULL THEN '' ELSE 'manual' END, c.assignee_id IS NOT NULL, '', '', "
    f"c.folder = '{Folder.SPAM}', 0, 1, c.assignee_id, CASE WHEN c.assignee_id IS NULL THEN NULL ELSE t.opened_at END "
    "FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE t.closed_at IS NULL "
    "ON CONFLICT (message_id) DO NOTHING"
)
"""A ticket for each open turn of an older store; what was assigned stays with its agent, pinned."""

HANDS = (
    "INSERT INTO ticket_hand (ticket_id, agent_id, at) "
    "SELECT id, agent_id, coalesce(assigned_at, created_at) FROM ticket WHERE agent_id IS NOT NULL ON CONFLICT DO NOTHING"
)
"""Whoever has a ticket of an older store, got it."""

FIRST = (
    "UPDATE turn SET first = 1 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
    "(PARTITION BY conversation_id ORDER BY opened_at, id) AS place FROM turn) WHERE place = 1)"
)
"""Marks each conversation's first turn in an older store."""

WRONG = (
    "SELECT (SELECT count(*) FROM turn t LEFT JOIN ticket k ON k.message_id = t.opened_by AND NOT k.gone "
    "WHERE t.closed_at IS NULL AND (k.id IS NULL OR k.done_at IS NOT NULL OR k.turn_id <> t.id "
    "OR k.conversation_id <> t.conversation_id)) + "
    "(SELECT count(*) FROM ticket k LEFT JOIN turn t ON t.id = k.turn_id AND t.opened_by = k.message_id "
    "WHERE NOT k.gone AND (t.id IS NULL OR k.done_at IS NOT t.closed_at)) + "
    "(SELECT count(*) FROM ticket k JOIN conversation c ON c.id = k.conversation_id "
    "WHERE k.done_at IS NULL AND NOT k.gone AND k.agent_id IS NOT c.assignee_id)"
)
"""How many tickets are not as their turns say, or not with whom their conversation is: `check` asks."""
