"""Saved views: searches that an agent named and can open with a letter (SPEC §3). Each agent has their own.

A view is a search of everything, as it is typed into the search box, or a list of guests: words, criteria and order
(:mod:`crm_tui.rules.guest_searches` says how the one is told from the other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import Conflict, CrmError, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import SavedView
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import ConversationRow, SavedViewView, SearchHit
from crm_tui.desk.conversations import folders
from crm_tui.desk.finding import search
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.guest_criteria import CriteriaFault
from crm_tui.rules.guest_searches import GuestQuery, is_of_guests, read, written

_V = columns(SavedView)

LONGEST_NAME = 60
LONGEST_QUERY = 1000
LONGEST_GUESTS = 4000
"""Characters of a search of guests as it is stored."""
ROWS = 200
_LOOKED_AT = 1000
"""Results of which :data:`ROWS` conversations are made: several mails of one are one row."""


@dataclass(frozen=True, slots=True)
class ViewHit:
    """A row of a view: what was found, and the conversation as it stands, if it has one."""

    hit: SearchHit
    conversation: ConversationRow | None


def listed(ctx: Context) -> list[SavedViewView]:
    """The actor's views in their order."""
    if ctx.actor.id is None:
        return []
    query = select(table_of(SavedView)).where(*_own(ctx.actor.id)).order_by(_V.position, _V.id)
    with ctx.store.connect() as connection:
        return [_view(connection, row) for row in connection.execute(query).all()]


def get(ctx: Context, view_id: int) -> SavedViewView:
    """One of the actor's views.

    Raises:
        NotFound: there is none.
    """
    found = [one for one in listed(ctx) if one.id == view_id]
    if not found:
        raise NotFound(_("There is no view {number}.").format(number=view_id))
    return found[0]


def named(ctx: Context, name: str) -> SavedViewView:
    """The actor's view of that name, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    views = listed(ctx)
    found = [one for one in views if fold_text(one.name) == fold_text(name.strip())]
    if not found:
        hint = _("Yours are: {names}.").format(names=", ".join(one.name for one in views)) if views else ""
        raise NotFound(_("There is no view called {name}.").format(name=display_text(name)), hint)
    return found[0]


def rows(ctx: Context, view: SavedViewView, *, limit: int = ROWS) -> list[ViewHit]:
    """What a view of everything shows, newest first: a row a conversation, inquiry or guest. One of guests has no such rows.

    Raises:
        QueryError: its query means nothing any more, as an agent or attribute was renamed.
    """
    if view.of_guests:
        return []
    hits: list[SearchHit] = []
    known: set[int] = set()
    for hit in search.search(ctx, view.query, limit=max(limit, _LOOKED_AT)):
        if hit.kind == "message":
            if hit.conversation in known:
                continue
            known.add(hit.conversation)
        hits.append(hit)
    hits = hits[:limit]
    standing = folders.rows_of(ctx, [hit.conversation for hit in hits if hit.conversation])
    return [ViewHit(hit, standing.get(hit.conversation)) for hit in hits]


def words(ctx: Context, query: GuestQuery) -> str:
    """What a view of guests would ask for, in words, with its order where that is not by name."""
    from crm_tui.desk.client_base.guest_lists import query_words_in

    with ctx.store.connect() as connection:
        return query_words_in(connection, query)


def guests_of(view: SavedViewView) -> GuestQuery:
    """The list of guests that a view shows.

    Raises:
        InvalidInput: it is no view of guests.
        CrmError: what is stored cannot be read.
    """
    if not view.of_guests:
        raise InvalidInput(_("“{name}” is no view of guests.").format(name=view.name), field="view")
    if view.criteria is None:
        raise CrmError(view.problem, _("Keep another search under its name, or put the view away."))
    return GuestQuery(view.criteria, view.order)


def create(ctx: Context, name: str, query: str | GuestQuery, *, key: str = "") -> int:
    """Keep a search under a name, with a letter if one is given; returns its id.

    Raises:
        Forbidden: nobody is at the desk whose view it could be.
        InvalidInput: name or letter are taken or cannot be; ``field`` says which.
        QueryError: something is wrong with the query.
    """
    agent = ctx.actor.id
    if agent is None:
        raise Forbidden(_("Only an agent has views."), _("Say who you are with --agent."))
    values = _checked(ctx, {"name": name, "query": query, "key": key})
    with ctx.write() as tx:
        others = _others(tx.connection, agent)
        _must_be_free(others, values)
        place = max((row.position for row in others), default=0) + 1
        row = {"agent_id": agent, "position": place, "created_at": tx.now, **values}
        made = new_id(tx.connection.execute(insert(SavedView).values(**row)))
        tx.journal("saved_view", made, "create", after=values, undoable=True)
        return made


def change(
    ctx: Context,
    view_id: int,
    version: int,
    *,
    name: str | None = None,
    query: str | GuestQuery | None = None,
    key: str | None = None,
) -> None:
    """Change what is not None of a view.

    Raises:
        Conflict: it was changed since ``version``, at another desk.
        InvalidInput, QueryError: as :func:`create`.
        NotFound: the actor has no such view.
    """
    given: dict[str, str | GuestQuery | None] = {"name": name, "query": query, "key": key}
    values = _checked(ctx, {field: value for field, value in given.items() if value is not None})
    with ctx.write() as tx:
        row = _at_version(tx, view_id, version)
        changed = {field: value for field, value in values.items() if value != getattr(row, field)}
        if not changed:
            return
        _must_be_free(_others(tx.connection, row.agent_id, but=view_id), changed)
        _set(tx, row, "change", changed)


def remove(ctx: Context, view_id: int, version: int) -> None:
    """Put a view away; the undo has it back.

    Raises:
        Conflict: it was changed since ``version``.
        NotFound: the actor has no such view.
    """
    with ctx.write() as tx:
        _at_version(tx, view_id, version)
        away = {"removed_at": tx.now, "version": _V.version + 1}
        tx.connection.execute(update(SavedView).where(_V.id == view_id).values(**away))
        after = {"removed_at": tx.now.isoformat()}
        tx.journal("saved_view", view_id, "remove", {"removed_at": None}, after, undoable=True)


def shift(ctx: Context, view_id: int, by: int) -> bool:
    """Move a view up (-1) or down (1) in the list; false if it is at the end already.

    Raises:
        NotFound: the actor has no such view.
    """
    with ctx.write() as tx:
        if tx.actor.id is None:
            raise NotFound(_("There is no view {number}.").format(number=view_id))
        order = sorted(_others(tx.connection, tx.actor.id), key=lambda row: (row.position, row.id))
        place = next((n for n, row in enumerate(order) if row.id == view_id), None)
        if place is None:
            raise NotFound(_("There is no view {number}.").format(number=view_id))
        if not 0 <= place + by < len(order):
            return False
        order.insert(place + by, order.pop(place))
        for position, row in enumerate(order, 1):
            if row.position != position:
                _set(tx, row, "order", {"position": position})
        return True


def _own(agent: int) -> tuple[Any, ...]:
    return (_V.agent_id == agent, _V.removed_at.is_(None))


def _others(connection: Connection, agent: int, *, but: int = 0) -> list[Any]:
    names = (_V.id, _V.agent_id, _V.name, _V.key, _V.position, _V.version)
    found: Any = connection.execute(select(*names).where(*_own(agent), _V.id != but)).all()
    return list(found)


def _at_version(tx: Transaction, view_id: int, version: int) -> Any:
    names = (_V.id, _V.agent_id, _V.name, _V.query, _V.key, _V.version)
    row: Any = tx.connection.execute(select(*names).where(_V.id == view_id, *_own(tx.actor.id or 0))).first()
    if row is None:
        raise NotFound(_("There is no view {number}.").format(number=view_id))
    if row.version != version:
        raise Conflict(_("This view was changed meanwhile; nothing was overwritten."), _("Look at it again."))
    return row


def _set(tx: Transaction, row: Any, action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(SavedView).where(_V.id == row.id).values(**changed, version=_V.version + 1))
    before = {field: getattr(row, field) for field in changed}
    tx.journal("saved_view", row.id, action, before, changed, undoable=True)


def _view(connection: Connection, row: Any) -> SavedViewView:
    found = SavedViewView(
        row.id, display_text(row.name), display_text(row.query), display_text(row.key), row.position, row.version
    )
    if not is_of_guests(row.query):
        return replace(found, words=found.query)
    found = replace(found, query="", of_guests=True)
    try:
        asked = read(row.query if len(row.query) <= 2 * LONGEST_GUESTS else "")  # nobody kept so much
    except CriteriaFault:
        problem = _("The search of “{name}” cannot be read.").format(name=found.name)
        return replace(found, words=problem, problem=problem)
    from crm_tui.desk.client_base.guest_lists import query_words_in

    words = query_words_in(connection, asked)
    return replace(found, criteria=asked.criteria, order=asked.order, words=words)


def _checked(ctx: Context, values: Mapping[str, str | GuestQuery]) -> dict[str, str]:
    """The values as they are stored."""
    texts = {field: value for field, value in values.items() if isinstance(value, str)}
    clean = {field: " ".join(display_text(value).split()) for field, value in texts.items()}
    if "name" in clean and not 1 <= len(clean["name"]) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    if len(clean.get("key", "")) > 1:
        raise InvalidInput(_("The key is one letter, digit or sign."), field="key")
    if "query" in clean:
        _check_query(clean["query"], LONGEST_QUERY, empty=not clean["query"] or search.check(ctx, clean["query"]).empty)
    asked = values.get("query")
    if isinstance(asked, GuestQuery):
        clean["query"] = _stored(asked)
    return clean


def _stored(asked: GuestQuery) -> str:
    try:
        stored = written(asked)
        _check_query(stored, LONGEST_GUESTS, empty=read(stored).empty)
    except CriteriaFault as fault:
        words = _("{value} cannot be asked for.").format(value=display_text(fault.given))
        raise InvalidInput(words, field="query") from None
    return stored


def _check_query(query: str, longest: int, *, empty: bool) -> None:
    if empty:
        raise InvalidInput(_("An empty search cannot be kept."), field="query")
    if len(query) > longest:
        raise InvalidInput(_("This search is too long to be kept."), field="query")


def _must_be_free(others: Sequence[Any], values: dict[str, str]) -> None:
    for row in others:
        if "name" in values and fold_text(row.name) == fold_text(values["name"]):
            raise InvalidInput(
                _("You have a view called {name} already.").format(name=display_text(row.name)), field="name"
            )
        if values.get("key") and row.key == values["key"]:
            raise InvalidInput(
                _("The key {key} opens {name}.").format(key=display_text(row.key), name=display_text(row.name)),
                _("Take another one, or none."),
                "key",
            )


def _settle(tx: Transaction, ids: Sequence[int]) -> None:
    """What the undo brings back must not stand beside another of the same name or letter.

    Raises:
        Conflict: it would.
    """
    names = (_V.id, _V.agent_id, _V.name, _V.key)
    for row in tx.connection.execute(select(*names).where(_V.id.in_(list(ids)), _V.removed_at.is_(None))).all():
        try:
            _must_be_free(_others(tx.connection, row.agent_id, but=row.id), {"name": row.name, "key": row.key})
        except InvalidInput as error:
            raise Conflict(error.message, _("Change that one first.")) from None


def _named(connection: Connection, number: int) -> str:
    name = connection.execute(select(_V.name).where(_V.id == number)).scalar()
    return display_text(name or "")


undo.entity("saved_view", SavedView, named=_named, settle=_settle)
