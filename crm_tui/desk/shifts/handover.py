"""The handover between shifts (SPEC §9): a page of what is open, frozen when it is made, acknowledged line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Handover, HandoverLine
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import short
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.shifts import handover_lines
from crm_tui.desk.shifts.handover_lines import now_of
from crm_tui.desk.shifts.handover_standing import HIDEABLE, Standing, standings
from crm_tui.desk.shifts.handover_views import KINDS, HandoverView, Item, LineView, Sheet
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import HandoverKind

_H = columns(Handover)
_L = columns(HandoverLine)
_A = columns(Agent)

LONGEST_NOTE = 2_000
"""Letters of a line of a note, and of what is written to an acknowledged line."""
_OPEN = and_(_H.closed_at.is_(None), _H.removed_at.is_(None))


def draft(ctx: Context) -> Sheet:
    """What a handover made now would hold, notes aside: what is open, and what nobody acknowledged of the pages before."""
    sheet = handover_lines.gather(ctx)
    with ctx.store.connect() as connection:
        kept = [item for item, seen in _carried(connection, ctx) if seen]
    return Sheet((*kept, *sheet.items), sheet.left_out, sheet.more)


def make(ctx: Context, note: str = "") -> int:
    """Hand over: freeze what is open into a page; returns its number.

    Pages before it are closed with it: what nobody acknowledged of them is on the new one if it is still open, for whoever
    may see it.

    Args:
        note: what else the next shift must know; each line of it is acknowledged for itself.

    Raises:
        Conflict: nothing is open and nothing is noted.
        InvalidInput: a line of the note is too long.
    """
    notes = [Item(HandoverKind.NOTE, None, line) for line in _note_lines(note)]
    sheet = handover_lines.gather(ctx)
    with ctx.write() as tx:
        kept = [item for item, _seen in _carried(tx.connection, ctx)]  # a page may have been made this moment
        items = sorted((*notes, *kept, *sheet.items), key=lambda one: list(KINDS).index(one.kind))
        if not items:
            raise Conflict(
                _("Nothing is open: there is nothing to hand over."),
                _("Write a note if the next shift must know something."),
            )
        made = new_id(tx.connection.execute(insert(Handover).values(at=tx.now, author_id=tx.actor.id)))
        tx.journal("handover", made, "create", None, {"author_id": tx.actor.id}, undoable=True)
        _hand_on(tx, made)
        rows = [
            {"handover_id": made, "position": place, "kind": one.kind, "thing": one.thing, "text": one.text}
            for place, one in enumerate(items, 1)
        ]
        for chunk in chunks(rows):
            tx.connection.execute(insert(HandoverLine), chunk)
        return made


def acknowledge(ctx: Context, line_ids: Sequence[int], note: str = "") -> int:
    """Take lines over; returns how many. Those that somebody took already stay as they are.

    With the last line of a page the page is closed.

    Args:
        note: written to each of them.

    Raises:
        NotFound: one of them is not there, or the agent may not see it.
        InvalidInput: the note is too long.
    """
    words = _checked(note)
    with ctx.write() as tx:
        rows = _rows(tx.connection, ctx, line_ids)
        waiting = [row for row in rows if row.acknowledged_at is None]
        for row in waiting:
            _acknowledge(tx, row, words)
        for number in dict.fromkeys(row.handover_id for row in waiting):
            left = select(_L.id).where(_L.handover_id == number, _L.acknowledged_at.is_(None)).limit(1)
            if tx.connection.execute(left).first() is None:
                _close(tx, number)
        return len(waiting)


def open_pages(ctx: Context) -> list[HandoverView]:
    """The pages that are not acknowledged to the last line, the newest first."""
    return _views(ctx, _OPEN)


def open_counts(ctx: Context) -> tuple[int, int]:
    """How many pages are open, and how many lines of them that the agent sees nobody acknowledged: for the start screen."""
    with ctx.store.connect() as connection:
        return open_counts_in(connection, ctx)


def open_counts_in(connection: Connection, ctx: Context) -> tuple[int, int]:
    """:func:`open_counts` on a connection that reads more."""
    rows = _waiting(connection)
    hideable = [row for row in rows if row.kind in HIDEABLE]
    stand = _standings(connection, ctx, hideable)
    hidden = sum(not _stands(row, stand).seen_by(ctx.actor) for row in hideable)
    return len({row.handover_id for row in rows}), len(rows) - hidden


def get(ctx: Context, handover_id: int) -> HandoverView:
    """One page, open or closed.

    Raises:
        NotFound: there is none.
    """
    found = _views(ctx, _H.id == handover_id)
    if not found:
        raise NotFound(_("There is no handover {number}.").format(number=handover_id))
    return found[0]


def listed(ctx: Context, *, limit: int = 50) -> list[HandoverView]:
    """The last pages, the newest first."""
    return _views(ctx, _H.removed_at.is_(None), limit)


# Reading


def _lines_query() -> Select[Any]:
    return (
        select(table_of(HandoverLine), _A.name.label("agent"))
        .join(Handover, _H.id == _L.handover_id)
        .outerjoin(Agent, _A.id == _L.acknowledged_by)
        .where(_H.removed_at.is_(None))
        .order_by(_L.handover_id.desc(), _L.position, _L.id)
    )


def _views(ctx: Context, condition: Any, limit: int | None = None) -> list[HandoverView]:
    pages = (
        select(table_of(Handover), _A.name.label("author"))
        .outerjoin(Agent, _A.id == _H.author_id)
        .where(condition, _H.removed_at.is_(None))
        .order_by(_H.id.desc())
        .limit(limit)
    )
    with ctx.store.connect() as connection:
        found = connection.execute(pages).all()
        rows: dict[int, list[Row[Any]]] = {page.id: [] for page in found}
        for chunk in chunks(sorted(rows)):
            for row in connection.execute(_lines_query().where(_L.handover_id.in_(chunk))):
                rows[row.handover_id].append(row)
        everything = [row for lines in rows.values() for row in lines]
        stand = _standings(connection, ctx, everything)
        return [_view(page, rows[page.id], stand, ctx.actor) for page in found]


def _standings(connection: Connection, ctx: Context, rows: Sequence[Row[Any]]) -> dict[tuple[str, int], Standing]:
    return standings(connection, [(row.kind, row.thing) for row in rows], now_of(ctx, zone(connection)))


def _stands(row: Row[Any], stand: dict[tuple[str, int], Standing]) -> Standing:
    return Standing() if row.thing is None else stand[row.kind, row.thing]


def _view(
    page: Row[Any], rows: Sequence[Row[Any]], stand: dict[tuple[str, int], Standing], actor: Actor
) -> HandoverView:
    lines = [_line(row, _stands(row, stand)) for row in rows if _stands(row, stand).seen_by(actor)]
    author = display_text(page.author or "")
    return HandoverView(page.id, page.at, author, page.closed_at, tuple(lines), len(rows) - len(lines))


def _line(row: Row[Any], standing: Standing) -> LineView:
    return LineView(
        id=row.id,
        handover=row.handover_id,
        kind=row.kind,
        thing=row.thing,
        text=display_text(row.text),
        note=display_text(row.note),
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=display_text(row.agent or ""),
        settled=standing.settled,
        where=standing.where,
        at=standing.at,
    )


def _rows(connection: Connection, ctx: Context, line_ids: Sequence[int]) -> list[Row[Any]]:
    """The lines, in the order of their page; all of them, and none that the actor may not see."""
    found: dict[int, Row[Any]] = {}
    for chunk in chunks(sorted(set(line_ids))):
        found |= {row.id: row for row in connection.execute(_lines_query().where(_L.id.in_(chunk)))}
    stand = _standings(connection, ctx, list(found.values()))
    for number in line_ids:
        if number not in found or not _stands(found[number], stand).seen_by(ctx.actor):
            raise NotFound(_("There is no line {number} of a handover.").format(number=number))
    return [found[number] for number in dict.fromkeys(line_ids)]


def _waiting(connection: Connection) -> Sequence[Row[Any]]:
    """The lines of open pages that nobody acknowledged, those of the newest page first."""
    return connection.execute(_lines_query().where(_OPEN, _L.acknowledged_at.is_(None))).all()


def _carried(connection: Connection, ctx: Context) -> list[tuple[Item, bool]]:
    """What of the pages before is on the next one by itself, and whether the agent sees it.

    Notes are, and what is still open but hidden from the agent; the rest is there if it is still open.
    """
    rows = _waiting(connection)
    stand = _standings(connection, ctx, rows)
    found: dict[tuple[str, int | str], tuple[Item, bool]] = {}
    for row in rows:
        standing = _stands(row, stand)
        seen = standing.seen_by(ctx.actor)
        if row.kind == HandoverKind.NOTE or not (seen or standing.settled):
            found.setdefault((row.kind, row.thing or row.text), (Item(row.kind, row.thing, row.text), seen))
    return list(found.values())


# Writing


def _note_lines(note: str) -> list[str]:
    return [_checked(line) for line in storable(note).splitlines() if line.strip()]


def _checked(note: str) -> str:
    clean = " ".join(storable(note).split())
    if len(clean) > LONGEST_NOTE:
        raise InvalidInput(
            _("This is too long: at most {limit} letters fit here.").format(limit=LONGEST_NOTE), field="note"
        )
    return clean


def _hand_on(tx: Transaction, made: int) -> None:
    """Close the pages before a new one."""
    before = and_(_OPEN, _H.id != made)
    for row in tx.connection.execute(_lines_query().where(before, _L.acknowledged_at.is_(None))).all():
        _acknowledge(tx, row, _("handed on"))
    for number in tx.connection.execute(select(_H.id).where(before).order_by(_H.id)).scalars().all():
        _close(tx, number)


def _acknowledge(tx: Transaction, row: Row[Any], note: str) -> None:
    values = {"acknowledged_at": tx.now, "acknowledged_by": tx.actor.id} | ({"note": note} if note else {})
    tx.connection.execute(update(HandoverLine).where(_L.id == row.id).values(**values, version=_L.version + 1))
    before = {name: plain(getattr(row, name)) for name in values}
    after = {name: plain(value) for name, value in values.items()}
    tx.journal("handover line", row.id, "acknowledge", before, after, undoable=True)


def _close(tx: Transaction, number: int) -> None:
    tx.connection.execute(update(Handover).where(_H.id == number).values(closed_at=tx.now, version=_H.version + 1))
    tx.journal("handover", number, "close", {"closed_at": None}, {"closed_at": plain(tx.now)}, undoable=True)


# Words


def _named(_connection: Connection, number: int) -> str:
    return _("handover {number}").format(number=number)


def _line_named(connection: Connection, number: int) -> str:
    return short(str(connection.execute(select(_L.text).where(_L.id == number)).scalar() or ""), 40)


undo_registry.entity("handover", Handover, named=_named)
undo_registry.entity("handover line", HandoverLine, named=_line_named)

history_words.says("handover", "create", lambda _b, _a: _("handed over"))
history_words.says("handover", "close", lambda _b, _a: "")
history_words.says(
    "handover line",
    "acknowledge",
    lambda _b, after: _("took over: {text}").format(text=short(str(after.now.get("text") or ""))),
)


def _acknowledged(facts: undo_words.Facts) -> str:
    return ngettext("{what} waits again.", "{what} wait again.", facts.count).format(what=facts.what)


undo_words.says("handover line", "acknowledge", did=_acknowledged)
undo_words.says(
    "handover", "create", did=lambda _facts: _("The handover is taken back; the page before is open again.")
)
