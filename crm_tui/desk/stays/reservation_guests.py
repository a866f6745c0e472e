"""The guests of a reservation and its holder: exactly one, a person (SPEC §1, §7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.holders import RESERVATIONS
from crm_tui.desk.stays.reservation_rows import row_in, view_in
from crm_tui.desk.stays.reservation_views import ReservationView


def add(ctx: Context, reservation_id: int, guest_id: int) -> ReservationView:
    """Add a guest; the first person becomes the holder. One who is there already stays as they are.

    Raises:
        NotFound: there is no such reservation or guest.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        holders.add_in(tx, RESERVATIONS, reservation_id, guest_id)
        return view_in(tx.connection, reservation_id, ctx.actor)


def add_new(ctx: Context, reservation_id: int, values: Mapping[str, Any]) -> ReservationView:
    """Make a guest and add it, as one command.

    Raises:
        InvalidFields: a field of the guest is not usable.
        NotFound: there is no such reservation.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        holders.add_in(tx, RESERVATIONS, reservation_id, guests.create_in(tx, values))
        return view_in(tx.connection, reservation_id, ctx.actor)


def remove(ctx: Context, reservation_id: int, guest_id: int, new_holder: int | None = None) -> ReservationView:
    """Take a guest out; the client base keeps them.

    Args:
        new_holder: who is the holder instead, if it was the holder who goes.

    Raises:
        InvalidInput: the holder goes and other persons stay, so say who follows; ``field`` is ``holder``.
        NotFound: the guest is not in the reservation.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        holders.remove_in(tx, RESERVATIONS, reservation_id, guest_id, new_holder)
        return view_in(tx.connection, reservation_id, ctx.actor)


def set_holder(ctx: Context, reservation_id: int, guest_id: int) -> ReservationView:
    """Make a guest of the reservation its holder.

    Raises:
        InvalidInput: it is a company.
        NotFound: the guest is not in the reservation.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        holders.set_holder_in(tx, RESERVATIONS, reservation_id, guest_id)
        return view_in(tx.connection, reservation_id, ctx.actor)
