"""The things that are given to guests, with the value of one: the admin's list (SPEC §11).

What was given carries name and value of its day: another price changes nothing that was entered before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _, language
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Compensation, QualityItem
from crm_tui.desk.common import permissions
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.common.storable import storable
from crm_tui.desk.money.money_typed import property_currency
from crm_tui.desk.quality import quality_words as quality_words
from crm_tui.desk.quality.quality_views import ItemView
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing import undo_registry
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.money import LARGEST, AmountFault, Money, decimal_sign, read, typed_units

_I = columns(QualityItem)
_K = columns(Compensation)

LONGEST_NAME = 60


def listed(ctx: Context) -> list[ItemView]:
    """The items one can choose from, by name, and how often each was given."""
    given = select(_K.item_id, func.count().label("uses")).group_by(_K.item_id).subquery()
    query = (
        select(table_of(QualityItem), func.coalesce(given.c.uses, 0).label("uses"))
        .outerjoin(given, given.c.item_id == _I.id)
        .where(_I.removed_at.is_(None))
    )
    with ctx.store.connect() as connection:
        found = [
            ItemView(row.id, display_text(row.name), Money(row.value, row.currency), row.uses, row.version)
            for row in connection.execute(query)
        ]
    return sorted(found, key=lambda one: (fold_text(one.name), one.id))


def named(ctx: Context, name: str) -> ItemView:
    """The item of that name, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    wanted = fold_text(name.strip())
    for one in listed(ctx):
        if fold_text(one.name) == wanted:
            return one
    with ctx.store.connect() as connection:
        raise unknown(connection, name)


def add(ctx: Context, name: str, value: str | int, currency: str = "") -> int:
    """Put an item on the list; returns its id.

    Args:
        value: of one: an amount as the agent types it, with or without its currency, or minor units.
        currency: ISO code; empty: that of the amount, or the property's.

    Raises:
        Forbidden: only an admin may change the list.
        InvalidInput: the name is empty, too long or taken, or the value is no amount.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        clean = _checked(tx.connection, name)
        worth = _worth(tx.connection, value, currency)
        position = tx.connection.execute(select(func.coalesce(func.max(_I.position), 0) + 1)).scalar_one()
        row = {"name": clean, "value": worth.amount, "currency": worth.currency}
        made = new_id(tx.connection.execute(insert(QualityItem).values(**row, position=position)))
        tx.journal("quality item", made, "create", None, row, undoable=True)
        return made


def change(
    ctx: Context, item_id: int, version: int, *, name: str | None = None, value: str | int | None = None
) -> None:
    """Another name, another value. What was given before keeps both.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden, InvalidInput: as :func:`add`.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        row = _require(tx.connection, item_id, version)
        wanted: dict[str, Any] = {}
        if name is not None:
            wanted["name"] = _checked(tx.connection, name, but=item_id)
        if value is not None:
            worth = _worth(tx.connection, value, "", row.currency)
            wanted |= {"value": worth.amount, "currency": worth.currency}
        changed = {key: new for key, new in wanted.items() if new != getattr(row, key)}
        if changed:
            _update(tx, row, "change", changed)


def remove(ctx: Context, item_id: int, version: int | None = None) -> None:
    """Take an item off the list; what was given of it stays written.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden: only an admin may change the list.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        _update(tx, _require(tx.connection, item_id, version), "remove", {"removed_at": tx.now})


def require(connection: Connection, wanted: int | str) -> Row[Any]:
    """An item that is on the list, by number or name.

    Raises:
        InvalidInput: there is none, or it was taken off; ``field`` is ``items``.
    """
    query = select(table_of(QualityItem)).where(_I.removed_at.is_(None))
    if isinstance(wanted, int):
        row = connection.execute(query.where(_I.id == wanted)).first()
    else:
        word = fold_text(wanted.strip())
        row = next((one for one in connection.execute(query) if fold_text(one.name) == word), None)
    if row is None:
        raise unknown(connection, wanted)
    return row


def unknown(connection: Connection, wanted: int | str) -> InvalidInput:
    """Why something cannot be given: it never was on the list, or is not any more."""
    gone = select(_I.name).where(_I.removed_at.is_not(None)).order_by(_I.removed_at.desc())
    if isinstance(wanted, int):
        old = connection.execute(gone.where(_I.id == wanted)).scalar()
    else:
        word = fold_text(wanted.strip())
        old = next((name for name in connection.execute(gone).scalars() if fold_text(name) == word), None)
    if old is not None:
        words = _("“{name}” was taken off the list of items.").format(name=display_text(old))
    elif isinstance(wanted, int):
        words = _("There is no item {number} on the list.").format(number=wanted)
    else:
        words = _("There is no item “{name}” on the list.").format(name=display_text(wanted))
    names = connection.execute(select(_I.name).where(_I.removed_at.is_(None))).scalars().all()
    told = ", ".join(display_text(name) for name in sorted(names, key=fold_text)[:12])
    hint = (
        _("There are: {names}. An administrator can add more.").format(names=told + (" …" if len(names) > 12 else ""))
        if names
        else _("The list of items is empty; an administrator fills it.")
    )
    return InvalidInput(words, hint, field="items")


def units(text: str, currency: str, name: str, field: str = "items") -> int:
    """Minor units, nothing or more, of a value in an item's currency, as the agent types it.

    Raises:
        InvalidInput: it is no amount, below nothing, too precise, too large, or in another currency.
    """
    try:
        number, written = read(text)
        if written and written != currency:
            raise InvalidInput(
                _("This is in {given}, but “{name}” is kept in {currency}.").format(
                    given=written, name=display_text(name), currency=currency
                ),
                _("Change it into {currency} first.").format(currency=currency),
                field,
            )
        return typed_units(number, currency, decimal_sign(language()))
    except AmountFault as fault:
        raise InvalidInput(sentence(Fault(field, fault.kind, fault.given)), field=field) from None


def checked_units(value: int, field: str) -> int:
    """Minor units that were given as a number.

    Raises:
        InvalidInput: they are below nothing or too many.
    """
    if not 0 <= value <= LARGEST:
        raise InvalidInput(sentence(Fault(field, "negative" if value < 0 else "large", str(value))), field=field)
    return value


def _worth(connection: Connection, value: str | int, currency: str, kept: str = "") -> Money:
    """Value and currency of an item; without a word for it the currency is kept, or the property's."""
    usual = currency or kept or property_currency(connection)
    if isinstance(value, int):
        return Money(checked_units(value, "value"), usual)
    try:
        number, written = read(value)
        code = written or usual
        return Money(typed_units(number, code, decimal_sign(language())), code)
    except AmountFault as fault:
        raise InvalidInput(sentence(Fault("value", fault.kind, fault.given)), field="value") from None


def _require(connection: Connection, item_id: int, version: int | None) -> Row[Any]:
    row = connection.execute(select(table_of(QualityItem)).where(_I.id == item_id, _I.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no item {number} on the list.").format(number=item_id))
    if version is not None and row.version != version:
        raise Conflict(_("Somebody changed this item meanwhile; nothing was overwritten."), _("Look at it again."))
    return row


def _update(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(QualityItem).where(_I.id == row.id).values(**changed, version=_I.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("quality item", row.id, action, before, after, undoable=True)


def _checked(connection: Connection, name: str, *, but: int = 0) -> str:
    clean = " ".join(display_text(storable(name)).split())
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    query = select(_I.id, _I.name).where(_I.removed_at.is_(None), _I.id != but)
    if any(fold_text(row.name) == fold_text(clean) for row in connection.execute(query)):
        raise InvalidInput(_("There is an item called “{name}” already.").format(name=clean), field="name")
    return clean


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    permissions.require(tx, Permission.QUALITY)


undo_registry.entity("quality item", QualityItem, named=quality_words.item_named, settle=_settle)
