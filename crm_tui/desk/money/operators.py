"""Tour operators: their names, whom to ask, how long before a flight it is watched (SPEC §1). Only admins change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Operator, Reservation, Term
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import NOTHING, Told, short
from crm_tui.desk.money import money_typed, terms
from crm_tui.desk.money.money_views import OperatorView
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.inquiry_checks import Fault

_O = columns(Operator)
_R = columns(Reservation)
_T = columns(Term)

FIELDS = {
    "name": N_("name"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "watch_days": N_("days that flights are watched"),
}
LONGEST = {"name": 120, "email": 254, "phone": 60}
LONGEST_WATCH = 30


def listed(ctx: Context) -> list[OperatorView]:
    """All operators by name."""
    with ctx.store.connect() as connection:
        counted = (
            select(_R.operator_id, func.count().label("n")).where(_R.removed_at.is_(None)).group_by(_R.operator_id)
        )
        many = {row.operator_id: row.n for row in connection.execute(counted)}
        own: dict[int, list[Any]] = {}
        lines = select(table_of(Term)).where(_T.removed_at.is_(None), _T.operator_id.is_not(None))
        for row in connection.execute(lines.order_by(_T.position, _T.id)):
            own.setdefault(row.operator_id, []).append(terms.view(row))
        rows = connection.execute(select(table_of(Operator)).where(_O.removed_at.is_(None)).order_by(_O.folded))
        return [_view(row, many.get(row.id, 0), own.get(row.id, ())) for row in rows]


def get(ctx: Context, operator_id: int) -> OperatorView:
    """One operator.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return _whole(connection, operator_id)


def find(ctx: Context, name: str) -> OperatorView:
    """The operator of that name, whatever its case and accents; or of that number.

    Raises:
        NotFound: there is none.
    """
    folded = _folded(display_text(name))
    with ctx.store.connect() as connection:
        query = select(_O.id).where(_O.removed_at.is_(None))
        found = connection.execute(query.where(_O.folded == folded)).scalar()
        if found is None and name.isascii() and name.isdigit() and len(name) < 10:
            found = connection.execute(query.where(_O.id == int(name))).scalar()
        if found is None:
            raise NotFound(_("There is no operator called {name}.").format(name=display_text(name)))
        return _whole(connection, int(found))


def create(ctx: Context, values: Mapping[str, Any]) -> int:
    """Put an operator on the list; returns its number.

    Args:
        values: name, email, phone, watch_days.

    Raises:
        Forbidden: only an admin may.
        InvalidInput: a field is not usable, or the name is taken; ``field`` says which.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        clean = _checked(tx.connection, {"name": "", **values})
        made = new_id(tx.connection.execute(insert(Operator).values(**clean, created_at=tx.now)))
        told = {name: clean[name] for name in FIELDS if clean.get(name) not in (None, "")}
        tx.journal("operator", made, "create", None, told, undoable=True)
        return made


def set(ctx: Context, operator_id: int, version: int, values: Mapping[str, Any]) -> OperatorView:  # noqa: A001
    """Change an operator.

    Raises:
        Forbidden, InvalidInput: as :func:`create`.
        Conflict: somebody changed it since ``version``.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        row = _row(tx.connection, operator_id)
        if row.version != version:
            raise Conflict(
                _("Somebody changed this operator meanwhile; nothing was overwritten."), _("Look at it again.")
            )
        clean = _checked(tx.connection, values, row.id)
        changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
        if changed:
            _change(tx, row, "change", changed)
        return _whole(tx.connection, operator_id)


def remove(ctx: Context, operator_id: int) -> None:
    """Take an operator off the list; its reservations keep its name and their schedules.

    Raises:
        Forbidden: only an admin may.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        _change(tx, _row(tx.connection, operator_id), "remove", {"removed_at": tx.now})


def _change(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(Operator).where(_O.id == row.id).values(**changed, version=_O.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    tx.journal(
        "operator", row.id, action, before, {name: plain(value) for name, value in changed.items()}, undoable=True
    )


def _checked(connection: Connection, values: Mapping[str, Any], own: int = 0) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for name, value in values.items():
        if name == "watch_days":
            clean[name] = _days(value)
        elif name in LONGEST:
            clean[name] = money_typed.line(str(value or ""), name, LONGEST[name])
        else:
            raise InvalidInput(sentence(Fault(name, "unknown", name)), field=name)
    if "name" in clean:
        clean["folded"] = _folded(clean["name"])
        if not clean["folded"]:
            raise InvalidInput(_("An operator needs a name."), field="name")
        taken = select(_O.id).where(_O.folded == clean["folded"], _O.id != own, _O.removed_at.is_(None))
        if connection.execute(taken).first() is not None:
            raise InvalidInput(
                _("There is an operator called {name} already.").format(name=clean["name"]), field="name"
            )
    if clean.get("email") and "@" not in clean["email"]:
        raise InvalidInput(_("“{given}” is no e-mail address.").format(given=clean["email"]), field="email")
    return clean


def _days(value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise InvalidInput(sentence(Fault("watch_days", "number", text)), field="watch_days")
    if int(text) > LONGEST_WATCH:
        raise InvalidInput(sentence(Fault("watch_days", "many", text, LONGEST_WATCH)), field="watch_days")
    return int(text)


def _folded(name: str) -> str:
    return " ".join(fold_text(name).split())


def _row(connection: Connection, operator_id: int) -> Row[Any]:
    row = connection.execute(select(table_of(Operator)).where(_O.id == operator_id, _O.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no operator {number}.").format(number=operator_id))
    return row


def _whole(connection: Connection, operator_id: int) -> OperatorView:
    row = _row(connection, operator_id)
    many = select(func.count()).where(_R.operator_id == operator_id, _R.removed_at.is_(None))
    own = [terms.view(one) for one in terms.rows_in(connection, operator_id)]
    return _view(row, int(connection.execute(many).scalar_one()), own)


def _view(row: Row[Any], reservations: int, own: Sequence[Any]) -> OperatorView:
    name, email, phone = (display_text(one) for one in (row.name, row.email, row.phone))
    return OperatorView(row.id, name, email, phone, row.watch_days, reservations, row.version, tuple(own))


def _must_be_admin(tx: Transaction) -> None:
    require(tx, Permission.OPERATORS)


# Undo and history


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_O.name).where(_O.id == number)).scalar() or "")


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    _must_be_admin(tx)


undo_registry.entity("operator", Operator, named=_named, settle=_settle)


def _changed(before: Told, after: Told) -> str:
    parts = []
    for name, word in FIELDS.items():
        if name in after:
            old, new = (NOTHING if side.get(name) in (None, "") else short(str(side[name])) for side in (before, after))
            parts.append(_("{field}: {before} → {after}").format(field=_(word), before=old, after=new))
    return ", ".join(parts)


history_words.says("operator", "create", lambda _b, after: _("new operator “{name}”").format(name=after.text("name")))
history_words.says("operator", "change", _changed)
history_words.says("operator", "remove", lambda _b, _a: _("took the operator off the list"))


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("operator", "create", did=_again(N_("The operator {what} is off the list again.")))
undo_words.says("operator", "change", did=_again(N_("The operator {what} is as before.")))
undo_words.says("operator", "remove", did=_again(N_("The operator {what} is on the list again.")))
