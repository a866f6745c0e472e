"""The codes that feedback and costs of quality are filed under: the admin's list (SPEC §11).

What is filed carries the name of its code: a code that is renamed is renamed there too, one that is taken off stays there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Feedback, QualityCode, QualityCost
from crm_tui.desk.common import permissions
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.common.storable import storable
from crm_tui.desk.quality import quality_words as quality_words
from crm_tui.desk.quality.quality_views import CodeView
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing import undo_registry
from crm_tui.mail.text import display_text, fold_text

_C = columns(QualityCode)
_F = columns(Feedback)
_Q = columns(QualityCost)

LONGEST_NAME = 60
_FILED: tuple[tuple[str, Any, Any], ...] = (("feedback", Feedback, _F), ("costs", QualityCost, _Q))
"""What is filed under codes: the word for it in the journal, its table."""


def listed(ctx: Context) -> list[CodeView]:
    """The codes one can choose from, by name, and how much that counts is filed under each."""
    with ctx.store.connect() as connection:
        uses: dict[str, int] = {}
        for _word, table, names in _FILED:
            query = select(names.code, func.count()).where(names.removed_at.is_(None)).group_by(names.code)
            for code, count in connection.execute(query.select_from(table_of(table))):
                uses[code] = uses.get(code, 0) + count
        found = [
            CodeView(row.id, display_text(row.name), uses.get(row.name, 0), row.version) for row in _all(connection)
        ]
    return sorted(found, key=lambda one: (fold_text(one.name), one.id))


def named(ctx: Context, name: str) -> CodeView:
    """The code of that name, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    wanted, found = fold_text(name.strip()), listed(ctx)
    for one in found:
        if fold_text(one.name) == wanted:
            return one
    raise NotFound(_("There is no code “{name}” on the list.").format(name=display_text(name)), hint_in(found))


def add(ctx: Context, name: str) -> int:
    """Put a code on the list; returns its id.

    Raises:
        Forbidden: only an admin may change the list.
        InvalidInput: the name is empty, too long or taken.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        return add_in(tx, name)


def add_in(tx: Transaction, name: str) -> int:
    """:func:`add` within a transaction that does more."""
    clean = _checked(tx.connection, name)
    position = tx.connection.execute(select(func.coalesce(func.max(_C.position), 0) + 1)).scalar_one()
    made = new_id(tx.connection.execute(insert(QualityCode).values(name=clean, position=position)))
    tx.journal("quality code", made, "create", None, {"name": clean}, undoable=True)
    return made


def rename(ctx: Context, code_id: int, version: int, name: str) -> None:
    """Call a code otherwise; what is filed under it is filed under the new name.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden, InvalidInput: as :func:`add`.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        row = _require(tx.connection, code_id, version)
        clean = _checked(tx.connection, name, but=code_id)
        if clean == row.name:
            return
        filed = {word: _ids(tx.connection, table, names, row.name) for word, table, names in _FILED}
        _call(tx, code_id, clean, filed)
        tx.journal("quality code", code_id, "rename", {"name": row.name}, {"name": clean, **filed}, undoable=True)


def remove(ctx: Context, code_id: int, version: int | None = None) -> None:
    """Take a code off the list; what is filed under it stays so.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden: only an admin may change the list.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        permissions.require(tx, Permission.QUALITY)
        row = _require(tx.connection, code_id, version)
        changed = {"removed_at": tx.now}
        tx.connection.execute(update(QualityCode).where(_C.id == row.id).values(**changed, version=_C.version + 1))
        tx.journal("quality code", row.id, "remove", {"removed_at": None}, {"removed_at": plain(tx.now)}, undoable=True)


def filed_under(tx: Transaction, given: str, before: str = "") -> str:
    """The code that a word means, as the list writes it.

    While the list is empty every word is taken. Later an administrator's own word comes on the list with what it is written
    for; others choose. What was filed under a code keeps it when the code is taken off.

    Args:
        before: what it is filed under.

    Raises:
        InvalidInput: it is not on the list; ``field`` is ``code``.
    """
    word = clean_name(given)
    if not word or word == before:
        return word
    names = [str(row.name) for row in _all(tx.connection)]
    for name in names:
        if fold_text(name) == fold_text(word):
            return name
    if not names:
        return word
    if permissions.may(tx.actor, Permission.QUALITY):
        add_in(tx, word)
        return word
    raise InvalidInput(
        _("There is no code “{name}” on the list.").format(name=display_text(word)), _hint(names), field="code"
    )


def clean_name(given: str) -> str:
    """A name as it is stored.

    Raises:
        InvalidInput: it is too long.
    """
    word = " ".join(display_text(storable(given)).split())
    if len(word) > LONGEST_NAME:
        raise InvalidInput(
            _("This is too long: at most {limit} letters fit here.").format(limit=LONGEST_NAME), field="code"
        )
    return word


def hint_in(found: Sequence[CodeView]) -> str:
    """What there is to choose from."""
    return _hint([one.name for one in found])


def _hint(names: Sequence[str]) -> str:
    if not names:
        return _("The list of codes is empty; an administrator fills it.")
    told = ", ".join(display_text(name) for name in sorted(names, key=fold_text)[:12])
    return _("There are: {names}. An administrator can add more.").format(
        names=told + (" …" if len(names) > 12 else "")
    )


def _all(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(table_of(QualityCode)).where(_C.removed_at.is_(None))).all()


def _require(connection: Connection, code_id: int, version: int | None) -> Row[Any]:
    row = connection.execute(select(table_of(QualityCode)).where(_C.id == code_id, _C.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no code {number}.").format(number=code_id))
    if version is not None and row.version != version:
        raise Conflict(_("Somebody changed this code meanwhile; nothing was overwritten."), _("Look at it again."))
    return row


def _checked(connection: Connection, name: str, *, but: int = 0) -> str:
    clean = " ".join(display_text(storable(name)).split())
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    if any(fold_text(row.name) == fold_text(clean) and row.id != but for row in _all(connection)):
        raise InvalidInput(_("There is a code called “{name}” already.").format(name=clean), field="name")
    return clean


def _ids(connection: Connection, table: Any, names: Any, code: str) -> list[int]:
    query = select(names.id).select_from(table_of(table)).where(names.code == code).order_by(names.id)
    return list(connection.execute(query).scalars())


def _call(tx: Transaction, code_id: int, name: str, filed: dict[str, list[int]], was: str | None = None) -> None:
    """Give a code and what is filed under it a name; ``was`` leaves what is filed under another one alone."""
    tx.connection.execute(update(QualityCode).where(_C.id == code_id).values(name=name, version=_C.version + 1))
    for word, table, names in _FILED:
        for chunk in chunks(filed[word]):
            change = update(table).where(names.id.in_(chunk))
            if was is not None:
                change = change.where(names.code == was)
            tx.connection.execute(change.values(code=name, version=names.version + 1))


def _unrename(tx: Transaction, row: undo_registry.Row) -> None:
    before, after = dict(row.before or {}), dict(row.after or {})
    now = tx.connection.execute(
        select(_C.name).where(_C.id == row.entity_id, _C.removed_at.is_(None))
    ).scalar()  # fmt: skip
    if now != after["name"]:
        raise Conflict(_("The code was changed since; nothing was taken back."))
    _checked(tx.connection, before["name"], but=row.entity_id)
    filed = {word: list(after.get(word, ())) for word, _table, _names in _FILED}
    _call(tx, row.entity_id, before["name"], filed, was=after["name"])


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    permissions.require(tx, Permission.QUALITY)


undo_registry.entity("quality code", QualityCode, named=quality_words.code_named, settle=_settle)
undo_registry.special("quality code", "rename", _unrename)
