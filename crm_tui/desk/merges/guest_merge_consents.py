"""What becomes of consents when guests are merged: the more restrictive holds, for each channel (SPEC §6).

A consent is given afterwards only if both had given it. Who was never asked never said yes: never given counts as a no, and
a no beats a yes. What both said stays in the history of the consent; a further word, with the merge as its source, pins what
holds now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Consent
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.writing import zone

_N = columns(Consent)


def said_in(connection: Connection, guest_id: int) -> dict[str, bool]:
    """What a guest said last, by channel; a channel that nobody asked about is not in it."""
    query = select(_N.channel, _N.given).where(_N.guest_id == guest_id).order_by(_N.id)
    return {row.channel: bool(row.given) for row in connection.execute(query)}


def united(said: Sequence[Mapping[str, bool]], channel: str) -> bool:
    """Whether the consent holds for all of them together."""
    return all(one.get(channel, False) for one in said)


def pin(
    tx: Transaction, survivor: int, other: int, mine: Mapping[str, bool], theirs: Mapping[str, bool]
) -> dict[str, int]:
    """Write down what holds after a merge, wherever it is not what the main profile said last; channel to the new row.

    Args:
        mine, theirs: what both said before.
    """
    made = {}
    for channel in sorted({*mine, *theirs}):
        given = united([mine, theirs], channel)
        if channel in theirs or given != mine.get(channel, False):
            made[channel] = _write(tx, survivor, channel, given, other)
    return made


def _write(tx: Transaction, guest_id: int, channel: str, given: bool, other: int) -> int:
    row: dict[str, Any] = {
        "guest_id": guest_id,
        "channel": channel,
        "given": given,
        "day": tx.now.astimezone(zone(tx.connection)).date(),
        "source": _("merged with #{number}").format(number=other),
        "agent_id": tx.actor.id,
        "at": tx.now,
    }
    return new_id(tx.connection.execute(insert(Consent).values(**row)))


def newest(connection: Connection, guest_id: int, channel: str) -> int | None:
    """The number of what was said last about a channel."""
    query = select(_N.id).where(_N.guest_id == guest_id, _N.channel == channel).order_by(_N.id.desc()).limit(1)
    found: int | None = connection.execute(query).scalar()
    return found
