"""How schedules are told in histories, and how a change of one is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update

from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import ScheduleLine
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.histories.history_words import NOTHING, Told, day, money, says, short
from crm_tui.desk.money.schedule_rows import rows_in
from crm_tui.desk.money.schedules import ACTIONS, touch
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_refusal import refuse
from crm_tui.desk.undoing.undo_registry import Row

_L = columns(ScheduleLine)


def _put_back(tx: Transaction, done: Row) -> None:
    """The lines as they were, those that went too; refused if they are not as the command left them."""
    number = done.entity_id
    before, after = _lines(done.before), _lines(done.after)
    now = [[one.kind, one.due.isoformat(), one.amount, one.reason, one.id] for one in rows_in(tx.connection, number)]
    kind = undo_registry.find_entity("reservation")
    if now != after and kind is not None:
        refuse(tx, kind, number, ("schedule",), [done])
    kept = {line[4] for line in before}
    gone = [line[4] for line in after if line[4] not in kept]
    if gone:
        tx.connection.execute(update(ScheduleLine).where(_L.id.in_(gone)).values(removed_at=tx.now))
    for position, (kind_of, due, amount, reason, line) in enumerate(before):
        values = {"kind": kind_of, "due": date.fromisoformat(due), "amount": amount, "reason": reason}
        change = update(ScheduleLine).where(_L.id == line)
        tx.connection.execute(change.values(**values, position=position, removed_at=None))
    touch(tx, number)


def _lines(side: Any) -> list[list[Any]]:
    return [list(one) for one in (side or {}).get("schedule") or ()]


def _line(line: Sequence[Any], currency: str) -> str:
    """A line as the journal keeps it; blacked-out ones too."""
    try:
        when = day(line[1])
    except ValueError:
        when = short(str(line[1]), 20)
    amount = money(line[2], currency) if isinstance(line[2], int) else NOTHING
    return _("{kind} {amount} by {day}").format(kind=_(LINES.get(str(line[0]), str(line[0]))), amount=amount, day=when)


def _changes(before: Told, after: Told) -> str:
    currency = str(after.now.get("currency") or "")
    was, became = _lines(before), _lines(after)
    parts = [_("without {line}").format(line=_line(one, currency)) for one in was if not _stands(one, became)]
    parts += [_line(one, currency) for one in became if not _stands(one, was)]
    return "; ".join(parts)


def _stands(line: Sequence[Any], others: Sequence[Sequence[Any]]) -> bool:
    return any(list(line[:3]) == list(one[:3]) for one in others)


def _changed(before: Told, after: Told) -> str:
    reasons = dict.fromkeys(str(one[3]) for one in _lines(after) if len(one) > 3 and one[3])
    said = short(str(after.get("reason") or "; ".join(reasons)))
    words = _("changed the schedule: {changes}").format(changes=_changes(before, after) or "…")
    return f"{words} ({said})" if said else words


def _made(before: Told, after: Told) -> str:
    return _("schedule by the terms: {changes}").format(changes=_changes(before, after) or "…")


for _action in ACTIONS:
    undo_registry.special("reservation", _action, _put_back)
    undo_words.says(
        "reservation", _action, did=lambda facts: _(N_("The schedule of {what} is as before.")).format(what=facts.what)
    )
says("reservation", "set schedule", _changed)
says("reservation", "generate", _made)
says("reservation", "regenerate", _made)
