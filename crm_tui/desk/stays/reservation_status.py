"""How a reservation stands, and what follows when that changes (SPEC §7).

One that is cancelled leaves the watchlists: nothing is due of it and nobody has to be told of its flights. Its open reminders
may be closed with it. Of one that is completed the team may be reminded to ask the holder for feedback. Both are offered, and
done in the same command, so that one key takes all of it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Conversation, Guest, Inquiry, Reminder, Reservation, ReservationGuest
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays.reservations import write
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.vocabulary import ReservationStatus

_R = columns(Reservation)
_H = columns(ReservationGuest)
_G = columns(Guest)
_M = columns(Reminder)
_I = columns(Inquiry)
_C = columns(Conversation)

FEEDBACK_AFTER = 1
"""Days after a stay was completed on which the team is to ask for feedback."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What a change of status did.

    Attributes:
        changed: the numbers of the reservations that changed; the others stood so already.
        closed: how many reminders were closed with them.
        asked: how many reminders to ask for feedback were made.
    """

    status: str
    changed: tuple[int, ...]
    closed: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change of status would concern.

    Attributes:
        changing: how many reservations would change.
        codes: what the first of them are called.
        reminders: their open reminders that the agent may see, as titles.
        holders: how many of them have somebody who can be asked for feedback, and nobody is reminded to yet.
    """

    changing: int
    codes: tuple[str, ...]
    reminders: tuple[str, ...]
    holders: int


def consequences(ctx: Context, reservation_ids: Iterable[int], status: str) -> Consequences:
    """What :func:`set_status` would concern: asked before it, so that what is offered can be chosen.

    Raises:
        InvalidInput: there is no such status.
        NotFound: one of the reservations is not there.
    """
    word = named(status)
    with ctx.store.connect() as connection:
        rows = [row for row in _rows(connection, reservation_ids) if row.status != word]
        reminders = _open_reminders(connection, ctx.actor.scopes, [row.id for row in rows])
        titles = tuple(display_text(row.title) for row in reminders)
        codes = tuple(display_text(row.code) for row in rows[:5])
        return Consequences(len(rows), codes, titles, len(_to_ask(connection, rows)))


def set_status(
    ctx: Context,
    reservation_ids: Iterable[int],
    status: str,
    *,
    close_reminders: bool = False,
    ask_feedback: bool = False,
) -> StatusChange:
    """Let reservations stand so: option, confirmed, cancelled, completed or no-show; one command.

    Args:
        close_reminders: their open reminders that the agent may see are done.
        ask_feedback: with ``completed``, the team is reminded to ask each holder how it was.

    Raises:
        InvalidInput: there is no such status.
        NotFound: one of the reservations is not there; nothing was changed.
    """
    word = named(status)
    with ctx.write() as tx:
        rows = [row for row in _rows(tx.connection, reservation_ids) if row.status != word]
        for row in rows:
            write(tx, row, "status", {"status": word})
        ids = [row.id for row in rows]
        closed = _close(tx, ids) if close_reminders else 0
        asked = _ask(tx, rows) if ask_feedback and word == ReservationStatus.COMPLETED else 0
        return StatusChange(word, tuple(ids), closed, asked)


def named(status: str) -> str:
    """A status as it is stored, from how one types it: ``no show`` too.

    Raises:
        InvalidInput: there is no such status.
    """
    word = "-".join(status.replace("_", " ").replace("-", " ").split()).casefold()
    if word not in {str(one) for one in ReservationStatus}:
        raise InvalidInput(
            _("There is no status called “{given}”; there are: {names}.").format(
                given=display_text(status), names=", ".join(ReservationStatus)
            ),
            field="status",
        )
    return word


def _rows(connection: Connection, reservation_ids: Iterable[int]) -> list[Row[Any]]:
    found: dict[int, Row[Any]] = {}
    asked = list(dict.fromkeys(reservation_ids))
    for chunk in chunks(asked):
        query = select(table_of(Reservation)).where(_R.id.in_(chunk), _R.removed_at.is_(None))
        found |= {row.id: row for row in connection.execute(query)}
    for number in asked:
        if number not in found:
            raise NotFound(_("There is no reservation {number}.").format(number=number))
    return [found[number] for number in asked]


def _open_reminders(connection: Connection, scopes: str, reservation_ids: Sequence[int]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for chunk in chunks(reservation_ids):
        query = (
            select(table_of(Reminder))
            .outerjoin(Inquiry, _I.id == _M.inquiry_id)
            .outerjoin(Conversation, _C.id == _M.conversation_id)
            .where(_M.reservation_id.in_(chunk), _M.done_at.is_(None), _M.removed_at.is_(None))
            .where(_M.inquiry_id.is_(None) | scope.visible(_I.scope))
            .where(_M.conversation_id.is_(None) | scope.visible(_C.scope))
            .order_by(_M.due, _M.id)
        )
        found += connection.execute(query, {scope.BIND: scopes}).all()
    return found


def _close(tx: Transaction, reservation_ids: Sequence[int]) -> int:
    """Their open reminders are done; of a series no next one is made: what it was about is over."""
    rows = _open_reminders(tx.connection, tx.actor.scopes, reservation_ids)
    for row in rows:
        changed = {"done_at": tx.now, "done_by": tx.actor.id}
        tx.connection.execute(update(Reminder).where(_M.id == row.id).values(**changed, version=_M.version + 1))
        before = {name: plain(getattr(row, name)) for name in changed}
        tx.journal("reminder", row.id, "done", before, {k: plain(v) for k, v in changed.items()}, undoable=True)
    return len(rows)


def _to_ask(connection: Connection, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], int, str]]:
    """The reservations with their holders, who can be asked, and what the reminder would say: nobody erased, each once."""
    found: list[tuple[Row[Any], int, str]] = []
    of = {row.id: row for row in rows}
    for chunk in chunks(of):
        query = (
            select(_H.reservation_id, _G.id, _G.given, _G.surname)
            .join(Guest, _G.id == _H.guest_id)
            .where(_H.reservation_id.in_(chunk), _H.holder, _G.erased_at.is_(None))
            .order_by(_H.reservation_id)
        )
        for row in connection.execute(query):
            name, code = display_text(f"{row.given} {row.surname}".strip()), display_text(of[row.reservation_id].code)
            title = _("Ask {name} how it was ({code})").format(name=name, code=code)
            found.append((of[row.reservation_id], int(row.id), title))
        there = select(_M.reservation_id, _M.title).where(_M.reservation_id.in_(chunk), _M.removed_at.is_(None))
        known = {tuple(row) for row in connection.execute(there)}
        found = [one for one in found if (one[0].id, one[2]) not in known]
    return found


def _ask(tx: Transaction, rows: Sequence[Row[Any]]) -> int:
    """Nobody's in particular: whoever of the team comes to it."""
    due = tx.now.astimezone(zone(tx.connection)).date() + timedelta(days=FEEDBACK_AFTER)
    found = _to_ask(tx.connection, rows)
    for reservation, holder, title in found:
        row = {"title": title, "folded": fold_text(title), "due": due, "author_id": tx.actor.id}
        links = {"guest_id": holder, "reservation_id": reservation.id}
        made = new_id(tx.connection.execute(insert(Reminder).values(**row, **links, created_at=tx.now)))
        tx.journal("reminder", made, "create", None, {"title": title, "due": plain(due)}, undoable=True)
    return len(found)
