"""The one history of a guest: mail, inquiries, reservations, payments, events, memos, reminders and changes (SPEC §6).

The places of entries (:func:`keys`) cost little and can be read for as many as are shown first; the entries themselves
(:func:`entries`) are made only for what is shown. What hangs on guests who were merged into this one is its own. Inquiries
and conversations that are hidden from the agent, and all that hangs on them, are not there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.client_base import guest_entries, guest_places
from crm_tui.desk.client_base.guest_history_views import KINDS, EntryKind, GuestEntry, Place
from crm_tui.desk.client_base.guest_whole import whole
from crm_tui.desk.common.context import Context

__all__ = ["KINDS", "EntryKind", "GuestEntry", "Place", "entries", "keys", "kinds_named", "page"]

PAGE = 100
"""How many entries one page has unless it is said otherwise."""


def keys(
    ctx: Context,
    guest_id: int,
    kinds: Collection[EntryKind] = KINDS,
    *,
    newest_first: bool = True,
    limit: int | None = None,
) -> list[Place]:
    """The places of a guest's entries, in order.

    Args:
        kinds: only these.
        limit: how many, the newest; None: all.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        found = guest_places.places(connection, ctx.actor, everyone, kinds, limit)
    return found if newest_first else found[::-1]


def entries(ctx: Context, guest_id: int, places: Sequence[Place]) -> list[GuestEntry]:
    """The entries at these places, in their order; one that is not there any more is left out.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        return guest_entries.make(connection, ctx.actor, everyone, places)


def page(
    ctx: Context,
    guest_id: int,
    kinds: Collection[EntryKind] = KINDS,
    *,
    limit: int = PAGE,
) -> list[GuestEntry]:
    """The newest entries of a guest's history.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        places = guest_places.places(connection, ctx.actor, everyone, kinds, limit)
        return guest_entries.make(connection, ctx.actor, everyone, places)


def kinds_named(names: Sequence[str]) -> tuple[EntryKind, ...]:
    """Kinds by their names; none named: all of them.

    Raises:
        InvalidInput: there is no such kind.
    """
    known = {kind.value: kind for kind in KINDS}
    for name in names:
        if name not in known:
            raise InvalidInput(
                _("There is no kind of entry called {name}.").format(name=name),
                _("Known are: {names}.").format(names=", ".join(known)),
                "kind",
            )
    return tuple(known[name] for name in names) or KINDS
