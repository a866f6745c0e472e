"""Sessions and pauses as corrections write them: found by version, changed with the journal (SPEC §10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import SQLModel

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import IntakePause, TimerSession
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.requests.inquiry_rows import plain


@dataclass(frozen=True, slots=True)
class Kind:
    """Sessions or pauses.

    Attributes:
        entity: what the journal calls them.
        absent: said of a number that is none's, with ``{number}``; ``changed``: of one that is not as it was read.
    """

    model: type[SQLModel]
    entity: str
    absent: str
    changed: str

    def missing(self, number: int) -> NotFound:
        """There is none of that number."""
        return NotFound(_(self.absent).format(number=number))


SESSIONS = Kind(
    TimerSession,
    "timer_session",
    N_("There is no session {number}."),
    N_("This session changed meanwhile; nothing was overwritten."),
)
PAUSES = Kind(
    IntakePause,
    "intake_pause",
    N_("There is no pause {number}."),
    N_("This pause changed meanwhile; nothing was overwritten."),
)


def row_in(tx: Transaction, kind: Kind, number: int, version: int) -> Row[Any]:
    """The row as it stands.

    Raises:
        NotFound: there is none, or it was taken out.
        Conflict: it is not of that version any more.
    """
    cells = columns(kind.model)
    query = select(table_of(kind.model)).where(cells.id == number, cells.removed_at.is_(None))
    row = tx.connection.execute(query).first()
    if row is None:
        raise kind.missing(number)
    if row.version != version:
        raise Conflict(_(kind.changed), _("Look at it again."))
    return row


def add_in(tx: Transaction, kind: Kind, values: Mapping[str, Any], **unsaid: Any) -> int:
    """Write a new one; ``unsaid`` are columns that the journal need not keep. Returns its number."""
    made = new_id(tx.connection.execute(insert(kind.model).values(**values, **unsaid)))
    told = {name: plain(value) for name, value in values.items()}
    tx.journal(kind.entity, made, "add", None, told, undoable=True)
    return made


def change_in(tx: Transaction, kind: Kind, row: Row[Any], action: str, changed: Mapping[str, Any]) -> None:
    """Store what is different now."""
    cells = columns(kind.model)
    kept = {name: value for name, value in changed.items() if value != getattr(row, name)}
    values = {**kept, "version": cells.version + 1}
    tx.connection.execute(update(table_of(kind.model)).where(cells.id == row.id).values(**values))
    before = {name: plain(getattr(row, name)) for name in kept}
    after = {name: plain(value) for name, value in kept.items()}
    tx.journal(kind.entity, row.id, action, before, after, undoable=True)
