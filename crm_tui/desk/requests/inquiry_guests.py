"""The guests of an inquiry and its holder: exactly one, a person (SPEC §1, §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.holders import INQUIRIES
from crm_tui.desk.requests.inquiry_rows import row_in, view_in
from crm_tui.desk.requests.inquiry_views import InquiryView


def add(ctx: Context, inquiry_id: int, guest_id: int) -> InquiryView:
    """Add a guest; the first person becomes the holder. One who is there already stays as they are.

    Raises:
        NotFound: there is no such inquiry or guest.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        holders.add_in(tx, INQUIRIES, inquiry_id, guest_id)
        return view_in(tx.connection, inquiry_id, ctx.actor)


def add_new(ctx: Context, inquiry_id: int, values: Mapping[str, Any]) -> InquiryView:
    """Make a guest and add it, as one command.

    Raises:
        InvalidFields: a field of the guest is not usable.
        NotFound: there is no such inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        holders.add_in(tx, INQUIRIES, inquiry_id, guests.create_in(tx, values))
        return view_in(tx.connection, inquiry_id, ctx.actor)


def remove(ctx: Context, inquiry_id: int, guest_id: int, new_holder: int | None = None) -> InquiryView:
    """Take a guest out; the client base keeps them.

    Args:
        new_holder: who is the holder instead, if it was the holder who goes.

    Raises:
        InvalidInput: the holder goes and other persons stay, so say who follows; ``field`` is ``holder``.
        NotFound: the guest is not in the inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        holders.remove_in(tx, INQUIRIES, inquiry_id, guest_id, new_holder)
        return view_in(tx.connection, inquiry_id, ctx.actor)


def set_holder(ctx: Context, inquiry_id: int, guest_id: int) -> InquiryView:
    """Make a guest of the inquiry its holder.

    Raises:
        InvalidInput: it is a company.
        NotFound: the guest is not in the inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        holders.set_holder_in(tx, INQUIRIES, inquiry_id, guest_id)
        return view_in(tx.connection, inquiry_id, ctx.actor)
