"""Saying why a command is not taken back: who changed what since, and when (SPEC §13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn

from sqlalchemy import select

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal, Undone
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.undoing.undo_registry import Entity, Row
from crm_tui.desk.undoing.undo_words import capital
from crm_tui.mail.text import display_text

_J = columns(Journal)
_U = columns(Undone)

LOOKED_AT = 200
"""How many later journal rows of a thing are searched for the one that changed it."""

_WRITTEN = {"memo": N_("wrote a memo"), "internal": N_("wrote an internal message")}


class Next(StrEnum):
    """What becomes of a command that was refused; the values are those of ``Undone.by_command``."""

    PASSED = ""
    """It is passed over for good: what it touched was changed since."""
    ASIDE = "-"
    """It is passed over as long as what it touched is hidden from the agent."""
    STAYS = "stays"
    """The next undo tries it again: the reason will pass. Never stored."""


class Refused(Conflict):
    """Something is not as the command left it; nothing was taken back.

    Attributes:
        command: the one that was refused.
        next: what the next undo does with it.
    """

    def __init__(self, message: str, hint: str = "", command: str = "", next: Next = Next.PASSED) -> None:
        super().__init__(message, hint)
        self.command = command
        self.next = next


def hint() -> str:
    """What the next undo does after a refusal."""
    return _("Nothing was taken back; the next undo goes on to the one before.")


def refuse(tx: Transaction, kind: Entity, number: int, changed: Iterable[str], rows: Sequence[Row]) -> NoReturn:
    """Refuse because a thing has changed.

    Raises:
        Refused: always.
    """
    culprit = last_change(tx, kind.name, number, set(changed), rows)
    name = _called(tx, kind, number)
    if culprit is None:
        message = _("{name} has changed since.").format(name=name)
        raise Refused(capital(message), hint(), rows[0].command)
    if (culprit.entity, culprit.action) == ("internal", "read"):
        raise Refused(_("{who} has read it already.").format(who=display_text(culprit.actor)), hint(), rows[0].command)
    facts = {
        "who": display_text(culprit.actor),
        "name": name,
        "what": _what(tx, culprit),
        "when": _when(tx, culprit.at),
    }
    if culprit.agent_id == tx.actor.id:
        message = _("You changed {name} since, {when}: {what}.").format(**facts)
    elif culprit.agent_id is None:
        message = _("{name} has changed since, {when}: {what}.").format(**facts)
    else:
        message = _("{who} changed {name} since, {when}: {what}.").format(**facts)
    raise Refused(capital(message), hint(), rows[0].command)


def refuse_use(tx: Transaction, kind: Entity, number: int, culprit: Any, rows: Sequence[Row]) -> NoReturn:
    """Refuse because a thing that would go is in use.

    Args:
        culprit: the journal row of what uses it; None if that is not to be named.

    Raises:
        Refused: always.
    """
    name = _called(tx, kind, number)
    if culprit is None:
        message = _("{name} is in use elsewhere by now.").format(name=name)
        raise Refused(capital(message), hint(), rows[0].command)
    facts = {
        "who": display_text(culprit.actor),
        "name": name,
        "what": _what(tx, culprit),
        "when": _when(tx, culprit.at),
    }
    if culprit.entity in _WRITTEN:
        facts["what"] = _(_WRITTEN[culprit.entity])
    if culprit.agent_id == tx.actor.id:
        message = _("You worked with {name} since, {when}: {what}.").format(**facts)
    else:
        message = _("{who} worked with {name} since, {when}: {what}.").format(**facts)
    raise Refused(capital(message), hint(), rows[0].command)


def _called(tx: Transaction, kind: Entity, number: int) -> str:
    name = kind.named(tx.connection, number)
    return name if kind.name == "inquiry" else f"“{name}”"


def _what(tx: Transaction, culprit: Any) -> str:
    from crm_tui.desk.histories import history_words
    from crm_tui.desk.histories.history_entries import told

    history_words.load()
    return _("took a change back") if culprit.action == "undo" else told(tx.connection, culprit)


def _when(tx: Transaction, at: datetime) -> str:
    """The time of day; the day with it if it is another one."""
    from crm_tui.desk.histories.history_entries import zone_of
    from crm_tui.desk.histories.history_words import when

    zone = zone_of(tx.connection)
    local, now = at.astimezone(zone), tx.now.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.date() else when(at, zone)


def hidden(rows: Sequence[Row]) -> NoReturn:
    """Refuse because something went out of the actor's sight: not even its name is told.

    Raises:
        Refused: always.
    """
    raise Refused(_("Some of what this touched is no longer there for you."), hint(), rows[0].command, Next.ASIDE)


def last_change(tx: Transaction, entity: str, number: int, names: set[str], rows: Sequence[Row]) -> Any:
    """The newest journal row after the command's that tells of one of the columns (of any, without names)."""
    query = (
        select(_J.id, _J.at, _J.actor, _J.agent_id, _J.entity, _J.entity_id, _J.action, _J.before, _J.after)
        .where(_J.entity == entity, _J.entity_id == number, _J.id > rows[0].id)
        .order_by(_J.id.desc())
        .limit(LOOKED_AT)
    )
    later = tx.connection.execute(query).all()
    for row in later:
        if not names or names & {*(row.after or {}), *(row.before or {})}:
            return row
    return None


def last_by_others(tx: Transaction, entity: str, numbers: Sequence[int], rows: Sequence[Row]) -> Any:
    """The newest journal row of these things that another agent left after the command and did not take back."""
    query = (
        select(_J.id, _J.entity_id)
        .outerjoin(Undone, (_U.command == _J.command) & _U.by_command.not_in((Next.PASSED, Next.ASIDE)))
        .where(_J.entity == entity, _J.entity_id.in_(numbers), _J.id > rows[0].id, _J.action != "undo")
        .where(_J.agent_id.is_not(None), _J.agent_id != tx.actor.id, _U.command.is_(None))
        .order_by(_J.id.desc())
        .limit(1)
    )
    return tx.connection.execute(query).first()
