"""Taking an attribute off the list, and making one of two (SPEC §6). Both are one command that can be taken back whole.

The guests of a removed attribute keep their tag out of sight, so that taking the removal back costs nothing and loses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Attribute, Guest, GuestAttribute, Package, RetentionRule, SavedView
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_searches import is_of_guests, with_values

_A = columns(Attribute)
_T = columns(GuestAttribute)
_G = columns(Guest)
_SEARCHES: Mapping[str, tuple[Any, str]] = {
    "package": (Package, "criteria"),
    "retention_rule": (RetentionRule, "criteria"),
    "saved_view": (SavedView, "query"),
}
"""What keeps a search with attributes in it, and in which column, by the journal's word."""


def remove(ctx: Context, attribute_id: int, version: int) -> int:
    """Take an attribute off the list; returns how many guests were tagged with it. Undo brings it back to all of them.

    Raises:
        Forbidden: only an admin may change the list.
        Conflict: somebody changed it since ``version``.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _admin(tx)
        row = _at_version(tx.connection, attribute_id, version)
        tagged = len(_tagged(tx.connection, attribute_id))
        _put_away(tx, attribute_id)
        after = {"removed_at": tx.now.isoformat(), "guests": tagged}
        tx.journal("attribute", row.id, "remove", {"removed_at": None}, after, undoable=True)
        return tagged


def merge(ctx: Context, gone_id: int, kept_id: int, versions: tuple[int, int]) -> int:
    """Make one attribute of two: whoever has the first gets the second, once, and the first leaves the list.

    Searches that are kept with the first (those of packages, retention rules and saved views) ask for the second from then on.

    Args:
        versions: those of the two that the actor saw.

    Returns:
        How many guests got the second that did not have it.

    Raises:
        Forbidden: only an admin may change the list.
        Conflict: somebody changed one of them since.
        InvalidInput: they are the same.
        NotFound: one of them is not there.
    """
    if gone_id == kept_id:
        raise InvalidInput(_("An attribute cannot be merged with itself."), _("Choose another one."), "attribute")
    with ctx.write() as tx:
        _admin(tx)
        gone = _at_version(tx.connection, gone_id, versions[0])
        kept = _at_version(tx.connection, kept_id, versions[1])
        had = set(_tagged(tx.connection, kept_id))
        added = [one for one in _tagged(tx.connection, gone_id) if one not in had]
        rows = [{"guest_id": one, "attribute_id": kept_id, "at": tx.now} for one in added]
        if rows:
            tx.connection.execute(insert(GuestAttribute), rows)
        _put_away(tx, gone_id)
        tx.connection.execute(update(Attribute).where(_A.id == kept_id).values(version=_A.version + 1))
        after: dict[str, Any] = {"removed_at": tx.now.isoformat(), "into": kept_id, "into_name": kept.name}
        after |= {"added": added, "versions": [gone.version + 1, kept.version + 1]}
        after["searches"] = _ask_for_the_other(tx, gone_id, kept_id)
        tx.journal("attribute", gone_id, "merge", {"removed_at": None, "name": gone.name}, after, undoable=True)
        return len(added)


def _ask_for_the_other(tx: Transaction, gone: int, kept: int) -> list[list[Any]]:
    """Let the kept searches ask for the other one, also those that were put away and may come back.

    Returns:
        Those that were changed: word, number, search before.
    """
    changed: list[list[Any]] = []
    for word, (model, column) in _SEARCHES.items():
        found = columns(model)
        for number, search in tx.connection.execute(select(found.id, found[column])).all():
            other = exchanged(search, gone, kept)
            if other != search:
                _set_search(tx, word, number, search, other)
                changed.append([word, number, search])
    return changed


def _set_search(tx: Transaction, word: str, number: int, before: Any, after: Any) -> None:
    model, column = _SEARCHES[word]
    found = columns(model)
    change = {column: after, "version": found.version + 1}
    tx.connection.execute(update(model).where(found.id == number).values(**change))
    tx.journal(word, number, "criteria", {column: before}, {column: after})


def exchanged(search: Any, gone: int, kept: int) -> Any:
    """A kept search with one attribute's number in the place of another's, each once; one that does not ask for it as it is."""
    if isinstance(search, str):
        if not is_of_guests(search):
            return search
        return with_values(search, lambda values: exchanged(values, gone, kept) if isinstance(values, dict) else values)
    numbers = (search or {}).get("attributes")
    if not isinstance(numbers, list) or gone not in numbers:
        return search
    return {**search, "attributes": list(dict.fromkeys(kept if one == gone else one for one in numbers))}


def _put_away(tx: Transaction, attribute_id: int) -> None:
    tx.connection.execute(
        update(Attribute).where(_A.id == attribute_id).values(removed_at=tx.now, version=_A.version + 1)
    )


def _tagged(connection: Connection, attribute_id: int) -> list[int]:
    query = select(_T.guest_id).join(Guest, _G.id == _T.guest_id)
    query = query.where(_T.attribute_id == attribute_id, _G.merged_into.is_(None)).order_by(_T.guest_id)
    return list(connection.execute(query).scalars())


def _at_version(connection: Connection, attribute_id: int, version: int) -> Row[Any]:
    query = select(_A.id, _A.name, _A.version).where(_A.id == attribute_id, _A.removed_at.is_(None))
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(_("There is no attribute {number}.").format(number=attribute_id))
    if row.version != version:
        raise Conflict(_("Somebody changed this attribute meanwhile; nothing was overwritten."), _("Look at it again."))
    return row


def _admin(tx: Transaction) -> None:
    require(tx, Permission.LISTS, _("Only an administrator may change the list of attributes."))


def _part_again(tx: Transaction, step: undo.Row) -> None:
    """Undo of :func:`merge`: the first is back with its guests, and those who got the second by it lose it.

    Raises:
        Conflict: one of the two was changed since, or another attribute has the name.
    """
    _admin(tx)
    told = step.after or {}
    pair = {step.entity_id: told["versions"][0], told["into"]: told["versions"][1]}
    for number, version in pair.items():
        row = tx.connection.execute(select(_A.name, _A.version).where(_A.id == number)).one()
        if row.version != version:
            raise Conflict(_("The attribute “{name}” was changed since.").format(name=display_text(row.name)))
    _free(tx.connection, step.entity_id)
    for chunk in chunks(told["added"]):
        tx.connection.execute(delete(GuestAttribute).where(_T.attribute_id == told["into"], _T.guest_id.in_(chunk)))
    values = {"removed_at": None, "version": _A.version + 1}
    tx.connection.execute(update(Attribute).where(_A.id == step.entity_id).values(**values))
    tx.connection.execute(update(Attribute).where(_A.id == told["into"]).values(version=_A.version + 1))
    for word, number, before in told["searches"]:
        model, column = _SEARCHES[word]
        found = columns(model)
        now = tx.connection.execute(select(found[column]).where(found.id == number)).scalar()
        if now == exchanged(before, step.entity_id, told["into"]):  # what was changed since stays
            _set_search(tx, word, number, now, before)


def _free(connection: Connection, attribute_id: int) -> None:
    """Refuse where another attribute has taken the name of one that would come back.

    Raises:
        Conflict: so.
    """
    mine = select(_A.folded).where(_A.id == attribute_id).scalar_subquery()
    query = select(_A.name).where(_A.folded == mine, _A.removed_at.is_(None), _A.id != attribute_id)
    taken = connection.execute(query).scalar()
    if taken is not None:
        raise Conflict(_("There is another attribute called {name} by now.").format(name=display_text(taken)))


def _back_on_the_list(tx: Transaction, step: undo.Row) -> None:
    """Undo of :func:`remove`.

    Raises:
        Conflict: it is back already, or another attribute has the name.
    """
    _admin(tx)
    _free(tx.connection, step.entity_id)
    there = (_A.id == step.entity_id, _A.removed_at.is_not(None))
    if not tx.connection.execute(
        update(Attribute).where(*there).values(removed_at=None, version=_A.version + 1)
    ).rowcount:
        raise Conflict(_("This attribute is on the list again."))


def _said_merged(before: history_words.Told, after: history_words.Told) -> str:
    number = len(after.get("added") or ())
    words = ngettext("{name} became {other}; {n} guest got it", "{name} became {other}; {n} guests got it", number)
    return words.format(name=before.text("name"), other=after.text("into_name"), n=number)


def _said_removed(_before: history_words.Told, after: history_words.Told) -> str:
    number = int(after.get("guests") or 0)
    words = ngettext("taken off the list; {n} guest had it", "taken off the list; {n} guests had it", number)
    return words.format(n=number)


history_words.says("attribute", "merge", _said_merged)
history_words.says("attribute", "remove", _said_removed)
undo.special("attribute", "merge", _part_again)
undo.special("attribute", "remove", _back_on_the_list)
undo.says(
    "attribute", "merge", did=lambda facts: _("The attribute {what} is on the list again.").format(what=facts.what)
)
undo.says(
    "attribute", "remove", did=lambda facts: _("The attribute {what} is on the list again.").format(what=facts.what)
)
