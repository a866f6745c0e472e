"""What was given: the lines of a complaint's resolution and of a cost of quality, frozen at entry (SPEC §11).

The journal tells them as ``items`` of what they belong to, so that undo puts them back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Compensation
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.quality import quality_items
from crm_tui.desk.quality.quality_views import Given, GivenView
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing.undo_columns import put_back
from crm_tui.desk.undoing.undo_registry import Row, find_entity
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.quality import MOST, Line, QuantityFault, quantity, too_much

_K = columns(Compensation)

MOST_LINES = 50
"""Different things that can be given at once."""
FEEDBACK, COST = "feedback_id", "cost_id"
"""The columns that tell what a line belongs to."""
_FROZEN = ("item_id", "name", "quantity", "value", "currency", "at")

Items = Sequence[Given | tuple[Any, ...]]
"""What is given: :class:`Given`, or tuples of its first fields."""


def of(connection: Connection, owner: str, ids: Iterable[int]) -> dict[int, tuple[GivenView, ...]]:
    """What was given, by the number of what it belongs to.

    Args:
        owner: :data:`FEEDBACK` or :data:`COST`.
    """
    found: dict[int, list[GivenView]] = {}
    query = select(table_of(Compensation)).order_by(_K[owner], _K.position, _K.id)
    for chunk in chunks(ids):
        for row in connection.execute(query.where(_K[owner].in_(chunk))):
            view = GivenView(
                row.id, row.item_id, display_text(row.name), row.quantity, Money(row.value, row.currency), row.at
            )
            found.setdefault(getattr(row, owner), []).append(view)
    return {number: tuple(lines) for number, lines in found.items()}


def told(connection: Connection, owner: str, number: int) -> list[dict[str, Any]]:
    """The lines as the journal tells them."""
    query = select(*(_K[name] for name in _FROZEN)).where(_K[owner] == number).order_by(_K.position, _K.id)
    return [{name: plain(row[name]) for name in _FROZEN} for row in connection.execute(query).mappings()]


def read(tx: Transaction, owner: str, number: int | None, items: Items, at: datetime) -> list[dict[str, Any]]:
    """What is given, checked; rows without their owner.

    Args:
        number: what they belong to; None while it is not stored yet.
        at: the day on which what is new was given.

    Raises:
        InvalidInput: an item is not on the list, a quantity or value is none; ``field`` is ``items``.
    """
    if len(items) > MOST_LINES:
        raise InvalidInput(
            _("At most {limit} different things can be given at once.").format(limit=MOST_LINES), field="items"
        )
    query = select(table_of(Compensation)).where(_K[owner] == (number or 0))
    stored: dict[int, Any] = {row.id: row for row in tx.connection.execute(query)}
    return [_line(tx, Given(*one), stored, at) | {"position": place} for place, one in enumerate(items)]


def put(tx: Transaction, owner: str, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make these the lines of it; a line that stays keeps its number, so that another desk's form still means it."""
    kept = [row["id"] for row in rows if "id" in row]
    tx.connection.execute(delete(Compensation).where(_K[owner] == number, _K.id.not_in(kept)))
    for row in rows:
        if "id" in row:
            tx.connection.execute(update(Compensation).where(_K.id == row["id"]).values(**row))
        else:
            tx.connection.execute(insert(Compensation).values({**row, owner: number}))


def move_day(tx: Transaction, number: int, at: datetime) -> None:
    """What a cost of quality gave was given on another day."""
    tx.connection.execute(update(Compensation).where(_K.cost_id == number).values(at=at))


def _line(tx: Transaction, given: Given, stored: dict[int, Any], at: datetime) -> dict[str, Any]:
    line: dict[str, Any]
    old = stored.pop(given.line, None) if given.line is not None else None
    if old is not None:
        line = {"id": old.id} | {name: getattr(old, name) for name in _FROZEN}
    else:
        item = quality_items.require(tx.connection, given.item)
        line = {"item_id": item.id, "name": item.name, "value": item.value, "currency": item.currency, "at": at}
    line["quantity"] = checked_quantity(given.quantity, str(line["name"]))
    if isinstance(given.value, int):
        line["value"] = quality_items.checked_units(given.value, "items")
    elif given.value is not None and given.value.strip():
        line["value"] = quality_items.units(given.value, line["currency"], str(line["name"]))
    if too_much(Line(line["quantity"], line["value"], line["currency"])):
        raise InvalidInput(_("That is more than can be stored."), field="items")
    return line


def checked_quantity(given: int | str, name: str) -> int:
    """How many of something are given.

    Raises:
        InvalidInput: no whole number above nothing, or too many; ``field`` is ``items``.
    """
    try:
        return quantity(given)
    except QuantityFault as fault:
        told = {"given": display_text(fault.given)[:40] or "–", "name": display_text(name), "most": MOST}
        words = {
            "number": _("How many of “{name}”? “{given}” is no whole number."),
            "fraction": _("Only whole numbers of “{name}” can be given, not {given}."),
            "negative": _("Less than nothing of “{name}” cannot be given: {given}."),
            "zero": _("None of “{name}” was given: take the line out, or say how many."),
            "large": _("{given} of “{name}” are too many; at most {most} at once."),
        }
        raise InvalidInput(words[fault.kind].format(**told), field="items") from None


# Undo


def undone(owner: str) -> Any:
    """Takes changes back that tell of ``items`` beside the columns: for :func:`~crm_tui.desk.undoing.undo_registry.special_many`."""

    def take_back(tx: Transaction, rows: Sequence[Row]) -> None:
        kind = find_entity(rows[0].entity)
        assert kind is not None
        for row in rows:
            if row.before is not None and "items" in row.before:
                _restore(tx, owner, row)
        put_back(tx, kind, [_without_items(row) for row in rows])

    return take_back


def _restore(tx: Transaction, owner: str, row: Row) -> None:
    if told(tx.connection, owner, row.entity_id) != list((row.after or {}).get("items", ())):
        raise Conflict(_("What was given was changed since; nothing was taken back."))
    lines = [
        {**line, "at": datetime.fromisoformat(line["at"]), "position": place}
        for place, line in enumerate((row.before or {})["items"])
    ]
    put(tx, owner, row.entity_id, lines)


def _without_items(row: Row) -> Row:
    def columns_of(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return None if values is None else {name: value for name, value in values.items() if name != "items"}

    return Row(
        row.id,
        row.at,
        row.command,
        row.entity,
        row.entity_id,
        row.action,
        columns_of(row.before),
        columns_of(row.after),
    )
