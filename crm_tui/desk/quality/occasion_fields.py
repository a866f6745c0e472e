"""What feedback and costs of quality have in common: their texts, whose they are, and how a change is stored (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, update
from sqlmodel import SQLModel

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.storable import storable
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays import reservation_rows


def texts_of(given: Mapping[str, Any], longest: Mapping[str, int]) -> dict[str, Any]:
    """Texts as they are kept: on one line, but the comment.

    Args:
        longest: the fields that there are, and how many letters each may have.

    Raises:
        InvalidInput: one is too long; ``field`` names it.
        TypeError: there is no such field.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in longest:
            raise TypeError(f"there is no text {name!r}")
        text = storable(str(value or "")).strip()
        found[name] = text if name == "comment" else " ".join(text.split())
        if len(found[name]) > longest[name]:
            words = _("This is too long: at most {limit} letters fit here.").format(limit=longest[name])
            raise InvalidInput(words, field=name)
    return found


def subjects_in(tx: Transaction, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of guest and stay, where they are named.

    Raises:
        NotFound: there is no such guest or stay.
    """
    given: dict[str, Any] = {}
    if "guest" in values:
        number = values["guest"]
        if number is not None:
            guests.require(tx.connection, number, archived=True)
            number = survivor_in(tx.connection, number)
            refuse_erased(tx.connection, [number])
        given["guest_id"] = number
    if "reservation" in values:
        stay = values["reservation"]
        given["reservation_id"] = reservation_rows.row_in(tx.connection, stay).id if stay is not None else None
    return given


def require_known(row: Mapping[str, Any]) -> None:
    """Refuse what is of nobody.

    Raises:
        InvalidInput: neither guest nor room is known.
    """
    if row["guest_id"] is None and not row["room"]:
        raise InvalidInput(
            _("Whose is it? Neither guest nor room is known."), _("Name the guest, or the room."), "room"
        )


def change_in(
    tx: Transaction,
    model: type[SQLModel],
    entity: str,
    row: Row[Any],
    action: str,
    changed: Mapping[str, Any],
    items: tuple[Any, Any] | None = None,
) -> None:
    """Store changed columns, with the journal.

    Args:
        entity: what the journal calls it.
        items: what was given before and after, where that changed with it.
    """
    cells = columns(model)
    tx.connection.execute(update(model).where(cells.id == row.id).values(**changed, version=cells.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    if items is not None:
        before["items"], after["items"] = items
    tx.journal(entity, row.id, action, before, after, undoable=True)
