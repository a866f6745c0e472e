"""Which address an answer goes out from: the one the guest wrote to, also if it is an alias (SPEC §5)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import MessageText
from crm_tui.desk.correspondence.addresses import is_address

_X = columns(MessageText)


def sender_of(connection: Connection, kind: str, source_message_id: int | None, address: str, aliases: str) -> str:
    """The account's address, or its alias if a reply answers mail that came to that one only.

    Args:
        kind: of the draft: ``reply``, ``reply_all``, ``forward`` or ``new``.
        address, aliases: of the account it goes out from; aliases comma separated.
    """
    if kind not in ("reply", "reply_all") or source_message_id is None or not aliases.strip():
        return address
    details = connection.execute(select(_X.details).where(_X.message_id == source_message_id)).scalar() or {}
    named = {str(to).casefold() for key in ("to", "cc") for _name, to in details.get(key, ())}
    if address.casefold() in named:
        return address
    own = (part.strip() for part in aliases.split(","))
    return next((alias for alias in own if alias.casefold() in named and is_address(alias)), address)
