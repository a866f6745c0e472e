"""Packages: named sets of guests made from a search or by hand (SPEC §1, §6).

A package stays as it is until somebody refreshes it; guests are put in and taken out one command at a time, and every
command can be taken back whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Agent, Guest, Mailing, Package, PackageGuest
from crm_tui.desk.client_base.guest_gone import present, refuse_erased
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.groups import package_search
from crm_tui.desk.groups.package_views import Difference, PackageView
from crm_tui.desk.histories import history_words
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.vocabulary import MailingState

if TYPE_CHECKING:
    from crm_tui.rules.guest_criteria import GuestCriteria

_P = columns(Package)
_X = columns(PackageGuest)
_G = columns(Guest)
_A = columns(Agent)
_M = columns(Mailing)

LONGEST_NAME = 80
UNDER_WAY = (MailingState.RUNNING, MailingState.PAUSED)


def listed(ctx: Context) -> list[PackageView]:
    """The packages, by name."""
    with ctx.store.connect() as connection:
        return [_view(connection, row) for row in connection.execute(_select().order_by(_P.folded, _P.id)).all()]


def get(ctx: Context, package_id: int) -> PackageView:
    """One package.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return _view(connection, require(connection, package_id))


def named(ctx: Context, name: str) -> PackageView:
    """The package of that number or name, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    wanted = fold_text(name.strip())
    found = listed(ctx)
    for one in found:
        if fold_text(one.name) == wanted:
            return one
    for one in found:
        if str(one.id) == name.strip():
            return one
    raise NotFound(_("There is no package called {name}.").format(name=display_text(name)))


def create(ctx: Context, name: str, criteria: GuestCriteria | None = None, ids: Collection[int] | None = None) -> int:
    """Make a package; returns its number.

    Args:
        criteria: the search it comes from, kept for :func:`refresh`; None: chosen by hand.
        ids: the guests; None: whomever the search finds.

    Raises:
        InvalidInput: the name is empty, too long or taken.
    """
    asked = package_search.stored(criteria)
    found = list(ids) if ids is not None else package_search.found(ctx, asked)
    with ctx.write() as tx:
        clean = _checked(tx.connection, name)
        guests = alive(tx.connection, found)
        if criteria is None:
            refuse_erased(tx.connection, guests)
        guests = present(tx.connection, guests)
        row = {"name": clean, "folded": fold_text(clean), "criteria": asked, "agent_id": tx.actor.id}
        made = new_id(tx.connection.execute(insert(Package).values(**row, created_at=tx.now, refreshed_at=tx.now)))
        _put_in(tx, made, guests)
        tx.journal("package", made, "create", after={"name": clean, "guests": len(guests)}, undoable=True)
        return made


def add(ctx: Context, package_id: int, ids: Collection[int]) -> int:
    """Put guests in; returns how many were not in it before.

    Raises:
        NotFound: there is no such package.
    """
    with ctx.write() as tx:
        require(tx.connection, package_id)
        inside = set(_inside(tx.connection, package_id))
        new = [one for one in alive(tx.connection, ids) if one not in inside]
        refuse_erased(tx.connection, new)
        if new:
            _put_in(tx, package_id, new)
            _changed(tx, package_id, "add", {"added": new, "gone": []})
        return len(new)


def take_out(ctx: Context, package_id: int, ids: Collection[int]) -> int:
    """Take guests out; returns how many were in it.

    Raises:
        NotFound: there is no such package.
    """
    with ctx.write() as tx:
        require(tx.connection, package_id)
        wanted = set(ids)
        old = [one for one in _inside(tx.connection, package_id) if one in wanted]
        if old:
            _leave(tx, package_id, old)
            _changed(tx, package_id, "take out", {"added": [], "gone": old})
        return len(old)


def refresh_preview(ctx: Context, package_id: int) -> Difference:
    """Who would come and who would go if the package were what its search finds now.

    Raises:
        InvalidInput: the package was chosen by hand.
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        row = require(connection, package_id)
        if not row.criteria:
            raise InvalidInput(
                _("{name} was chosen by hand: no search stands behind it.").format(name=display_text(row.name)),
                _("Put guests in and take them out instead."),
            )
        now = package_search.found(ctx, row.criteria)
        inside = set(_inside(connection, package_id))
        coming = [one for one in now if one not in inside]
        going = sorted(inside.difference(now))
        return Difference(_names(connection, coming), _names(connection, going), len(inside) - len(going), row.version)


def refresh(ctx: Context, package_id: int, shown: Difference, *, only_comers: bool = False) -> tuple[int, int]:
    """Take over a difference as it was shown; returns how many came and went.

    Args:
        only_comers: nobody goes, such as those who were put in by hand.

    Raises:
        Conflict: somebody changed the package since it was shown.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = require(tx.connection, package_id)
        if row.version != shown.version:
            raise Conflict(_("Somebody changed this package meanwhile."), _("Look at the difference again."))
        inside = set(_inside(tx.connection, package_id))
        new = [one for one in alive(tx.connection, [one for one, _name in shown.coming]) if one not in inside]
        old = [] if only_comers else [one for one, _name in shown.going if one in inside]
        _put_in(tx, package_id, new)
        _leave(tx, package_id, old)
        was = {"refreshed_at": row.refreshed_at.isoformat()}
        _changed(tx, package_id, "refresh", {"added": new, "gone": old, **was}, refreshed_at=tx.now)
        return len(new), len(old)


def rename(ctx: Context, package_id: int, version: int, name: str) -> None:
    """Call a package otherwise.

    Raises:
        Conflict: somebody changed it since ``version``.
        InvalidInput: the name is empty, too long or taken.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _at_version(tx.connection, package_id, version)
        clean = _checked(tx.connection, name, but=package_id)
        if clean == row.name:
            return
        changed = {"name": clean, "folded": fold_text(clean)}
        before = {"name": row.name, "folded": row.folded}
        tx.connection.execute(update(Package).where(_P.id == package_id).values(**changed, version=_P.version + 1))
        tx.journal("package", package_id, "rename", before, changed, undoable=True)


def remove(ctx: Context, package_id: int, version: int) -> None:
    """Put a package away. Its mailings stay on record, its guests stay as they are.

    Raises:
        Conflict: somebody changed it since ``version``, or a mailing to it is under way.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _at_version(tx.connection, package_id, version)
        query = select(_M.id).where(_M.package_id == package_id, _M.state.in_(UNDER_WAY))
        if tx.connection.execute(query).first() is not None:
            name = display_text(row.name)
            raise Conflict(_("A mailing to {name} is under way.").format(name=name), _("Stop it first."))
        tx.connection.execute(
            update(Package).where(_P.id == package_id).values(removed_at=tx.now, version=_P.version + 1)
        )
        after = {"removed_at": tx.now.isoformat()}
        tx.journal("package", package_id, "remove", {"removed_at": None}, after, undoable=True)


def of_guest(ctx: Context, guest_id: int) -> list[tuple[int, str]]:
    """The packages that a guest is in: number and name, by name."""
    query = select(_P.id, _P.name).join(PackageGuest, _X.package_id == _P.id)
    query = query.where(_X.guest_id == guest_id, _P.removed_at.is_(None)).order_by(_P.folded)
    with ctx.store.connect() as connection:
        return [(row.id, display_text(row.name)) for row in connection.execute(query)]


def require(connection: Connection, package_id: int) -> Row[Any]:
    """A package's row, with its size, author and number of mailings.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_select().where(_P.id == package_id)).first()
    if row is None:
        raise NotFound(_("There is no package {number}.").format(number=package_id))
    return row


def alive(connection: Connection, ids: Iterable[int]) -> list[int]:
    """Those of the guests who are in the client base, each once, in this order; merged ones as who took them over."""
    from crm_tui.desk.groups.package_search import survivors

    return survivors(connection, ids)


def _select() -> Any:
    size = (
        select(func.count())
        .select_from(PackageGuest)
        .join(Guest, _G.id == _X.guest_id)
        .where(_X.package_id == _P.id, _G.merged_into.is_(None))
        .scalar_subquery()
    )
    mailings = select(func.count()).where(_M.package_id == _P.id).scalar_subquery()
    return (
        select(*_P, _A.name.label("agent"), size.label("size"), mailings.label("mailings"))
        .outerjoin(Agent, _A.id == _P.agent_id)
        .where(_P.removed_at.is_(None))
    )


def _view(connection: Connection, row: Row[Any]) -> PackageView:
    criteria = dict(row.criteria or {})
    return PackageView(
        id=row.id,
        name=display_text(row.name),
        size=row.size,
        criteria=criteria,
        words=display_text(package_search.words(connection, criteria)),
        agent=display_text(row.agent or ""),
        created_at=row.created_at,
        refreshed_at=row.refreshed_at,
        mailings=row.mailings,
        version=row.version,
    )


def _at_version(connection: Connection, package_id: int, version: int) -> Row[Any]:
    row = require(connection, package_id)
    if row.version != version:
        raise Conflict(_("Somebody changed this package meanwhile; nothing was overwritten."), _("Look at it again."))
    return row


def _checked(connection: Connection, name: str, *, but: int = 0) -> str:
    clean = " ".join(display_text(name).split())
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    query = select(_P.id).where(_P.folded == fold_text(clean), _P.removed_at.is_(None), _P.id != but)
    if connection.execute(query).first() is not None:
        raise InvalidInput(_("There is a package called {name} already.").format(name=clean), field="name")
    return clean


def _inside(connection: Connection, package_id: int) -> list[int]:
    query = select(_X.guest_id).join(Guest, _G.id == _X.guest_id)
    query = query.where(_X.package_id == package_id, _G.merged_into.is_(None)).order_by(_X.guest_id)
    return list(connection.execute(query).scalars())


def _put_in(tx: Transaction, package_id: int, ids: Sequence[int]) -> None:
    if ids:
        rows = [{"package_id": package_id, "guest_id": one, "at": tx.now} for one in ids]
        tx.connection.execute(insert(PackageGuest).prefix_with("OR IGNORE", dialect="sqlite"), rows)


def _leave(tx: Transaction, package_id: int, ids: Sequence[int]) -> None:
    for chunk in chunks(ids):
        tx.connection.execute(delete(PackageGuest).where(_X.package_id == package_id, _X.guest_id.in_(chunk)))


def _changed(tx: Transaction, package_id: int, action: str, told: dict[str, Any], **values: Any) -> None:
    tx.connection.execute(update(Package).where(_P.id == package_id).values(**values, version=_P.version + 1))
    tx.journal("package", package_id, action, None, told, undoable=True)


def _names(connection: Connection, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[str, int, str]] = []
    for chunk in chunks(ids):
        query = select(_G.id, _G.folded, _G.given, _G.surname).where(_G.id.in_(chunk))
        found += [(row.folded, row.id, f"{row.given} {row.surname}") for row in connection.execute(query)]
    return tuple((number, display_text(name.strip())) for _folded, number, name in sorted(found))


def _take_back(tx: Transaction, step: undo.Row) -> None:
    """Undo of whatever moved guests: who came goes, who went comes; others who moved since stay as they are."""
    told = step.after or {}
    if tx.connection.execute(select(_P.id).where(_P.id == step.entity_id, _P.removed_at.is_(None))).first() is None:
        raise Conflict(_("This package is no longer there."))
    _leave(tx, step.entity_id, told["added"])
    _put_in(tx, step.entity_id, alive(tx.connection, told["gone"]))
    values: dict[str, Any] = {"version": _P.version + 1}
    if told.get("refreshed_at"):
        from datetime import datetime

        values["refreshed_at"] = datetime.fromisoformat(told["refreshed_at"])
    tx.connection.execute(update(Package).where(_P.id == step.entity_id).values(**values))


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_P.name).where(_P.id == number)).scalar() or "")


def _moved(_before: history_words.Told, after: history_words.Told) -> str:
    came, went = len(after.get("added") or ()), len(after.get("gone") or ())
    parts = [ngettext("{n} guest put in", "{n} guests put in", came).format(n=came)] if came or not went else []
    parts += [ngettext("{n} guest taken out", "{n} guests taken out", went).format(n=went)] if went else []
    return ", ".join(parts)


undo.entity("package", Package, named=_named)
for _action in ("add", "take out", "refresh"):
    undo.special("package", _action, _take_back)
    history_words.says("package", _action, _moved)
    undo.says("package", _action, did=lambda facts: _("The package {what} holds whom it held.").format(what=facts.what))
undo.says("package", "create", did=lambda facts: _("The package {what} is gone again.").format(what=facts.what))
undo.says("package", "remove", did=lambda facts: _("The package {what} is back.").format(what=facts.what))
undo.says("package", "rename", did=lambda facts: _("The package is called {what} again.").format(what=facts.what))
