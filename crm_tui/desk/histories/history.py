"""The history of a conversation, an inquiry, a guest or a reservation: comments and changes together (SPEC §4).

It is read from the journal, the messages and what agents wrote; one entry is what one command did, and a command that was
taken back is marked so. The places of entries (:func:`keys`) cost little and are read at once; the entries themselves
(:func:`entries`) only for what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.histories import history_things, history_words
from crm_tui.desk.histories.history_entries import make
from crm_tui.desk.histories.history_things import Things
from crm_tui.desk.histories.history_views import HistoryEntry, HistoryKey, Show
from crm_tui.desk.histories.history_words import Told, says

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.desk.common.context import Actor, Context

__all__ = [
    "HistoryEntry",
    "HistoryKey",
    "Show",
    "Told",
    "entries",
    "keys",
    "of_conversation",
    "of_guest",
    "of_inquiry",
    "of_reservation",
    "says",
]

PAGE = 100
"""How many entries one page has unless it is said otherwise."""


def _of_reservation(connection: Connection, actor: Actor, number: int) -> Things:
    from crm_tui.desk.stays.reservation_history import (
        of_reservation,  # only where one is asked for: it knows many tables
    )

    return of_reservation(connection, actor, number)


_THINGS: dict[str, Callable[[Connection, Actor, int], Things]] = {
    "conversation": history_things.of_conversation,
    "inquiry": history_things.of_inquiry,
    "guest": history_things.of_guest,
    "reservation": _of_reservation,
}


def keys(ctx: Context, kind: str, number: int, *, show: str = Show.ALL, newest_first: bool = False) -> list[HistoryKey]:
    """The places of all entries of a thing's history, in order.

    Args:
        kind: conversation, inquiry, guest or reservation.
        show: see :class:`~crm_tui.desk.histories.history_views.Show`.

    Raises:
        NotFound: there is none that the actor may see.
    """
    with ctx.store.connect() as connection:
        return history_things.keys(connection, _things(connection, ctx, kind, number, show), newest_first=newest_first)


def entries(ctx: Context, kind: str, number: int, places: Sequence[HistoryKey]) -> list[HistoryEntry]:
    """The entries at these places, in their order; one that is not there any more is left out.

    Raises:
        NotFound: there is no such thing that the actor may see.
    """
    history_words.load()
    with ctx.store.connect() as connection:
        return make(connection, kind, _things(connection, ctx, kind, number), places)


def of_conversation(
    ctx: Context,
    number: int,
    *,
    newest_first: bool = False,
    show: str = Show.ALL,
    after: HistoryKey | None = None,
    limit: int | None = PAGE,
) -> list[HistoryEntry]:
    """A page of a conversation's history: mail, memos, internal messages, reminders, sending, and every change.

    Args:
        after: the ``key`` of the last entry of the page before.
        limit: how many entries; None: all.

    Raises:
        NotFound: there is none that the actor may see.
    """
    return _page(ctx, "conversation", number, newest_first, show, after, limit)


def of_inquiry(
    ctx: Context,
    number: int,
    *,
    newest_first: bool = False,
    show: str = Show.ALL,
    after: HistoryKey | None = None,
    limit: int | None = PAGE,
) -> list[HistoryEntry]:
    """A page of an inquiry's history: its own, its guests' and that of its conversations, as in :func:`of_conversation`."""
    return _page(ctx, "inquiry", number, newest_first, show, after, limit)


def of_guest(
    ctx: Context,
    number: int,
    *,
    newest_first: bool = False,
    show: str = Show.ALL,
    after: HistoryKey | None = None,
    limit: int | None = PAGE,
) -> list[HistoryEntry]:
    """A page of a guest's history: the profile, what was written on it, and the inquiries; without mail."""
    return _page(ctx, "guest", number, newest_first, show, after, limit)


def of_reservation(
    ctx: Context,
    number: int,
    *,
    newest_first: bool = False,
    show: str = Show.ALL,
    after: HistoryKey | None = None,
    limit: int | None = PAGE,
) -> list[HistoryEntry]:
    """A page of a reservation's history: its own, its guests', money, flights, notes and mail, as in :func:`of_conversation`."""
    return _page(ctx, "reservation", number, newest_first, show, after, limit)


def _page(
    ctx: Context,
    kind: str,
    number: int,
    newest_first: bool,
    show: str,
    after: HistoryKey | None,
    limit: int | None,
) -> list[HistoryEntry]:
    history_words.load()
    with ctx.store.connect() as connection:
        things = _things(connection, ctx, kind, number, show)
        places = history_things.keys(connection, things, newest_first=newest_first, after=after, limit=limit)
        return make(connection, kind, things, places)


def _things(connection: Connection, ctx: Context, kind: str, number: int, show: str = Show.ALL) -> Things:
    if kind not in _THINGS or show not in set(Show):
        known: Iterable[Any] = (*_THINGS, *Show)
        raise InvalidInput(_("There is no such history; known are: {names}.").format(names=", ".join(known)))
    return _THINGS[kind](connection, ctx.actor, number).only(show)
