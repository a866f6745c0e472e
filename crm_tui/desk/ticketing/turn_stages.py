"""At which stage a guest stood as a turn closed (SPEC §10), told in the transaction that closes it: figures never depend on
whether the engine had looked at the ticket before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks, placeholders
from crm_tui.data.columns import columns
from crm_tui.data.tables import Ticket

if TYPE_CHECKING:
    from crm_tui.desk.ticketing.stages import Standing

_T = columns(Ticket)

_MADE = (
    "SELECT k.id, k.conversation_id, k.stage, k.channel, c.counterpart_address, "
    "coalesce(c.inquiry_id, c.reservation_id) IS NOT NULL AS of_more "
    "FROM ticket k JOIN conversation c ON c.id = k.conversation_id "
    "WHERE k.conversation_id IN ({}) AND k.done_at IS NULL AND NOT k.gone AND k.stage = ''"
)


class TurnStages:
    """Gives the tickets of conversations whose turns are written their stage and channel.

    Args:
        now: as of which stages are told.
        fresh: conversations that are being made: they have neither tickets nor reservations.
    """

    def __init__(self, connection: Connection, now: datetime, fresh: Collection[int] = ()) -> None:
        self._connection, self._now, self._fresh = connection, now, fresh

    def before_closing(self, conversation_ids: Sequence[int], still_open: Iterable[int]) -> None:
        """Tickets whose turns are about to close: the database copies their stage into the turn.

        Args:
            still_open: the messages that open the turns that stay open.
        """
        opened_by = set(still_open)
        known = [number for number in conversation_ids if number not in self._fresh]
        self._set(row for row in self._open_tickets(known) if row.message_id not in opened_by)

    def of_closed(self, turns: Iterable[dict[str, Any]]) -> None:
        """Turns that were answered before they came here: no ticket tells of them, only the reservations of then. Sets their
        ``stage``; empty where none is known."""
        rows = list(turns)
        for row in rows:
            row["stage"] = ""
        closed = [row for row in rows if row["closed_at"] is not None and row["conversation_id"] not in self._fresh]
        if closed:
            from crm_tui.desk.ticketing import past_stages

            known = past_stages.told(self._connection, [(row["conversation_id"], row["closed_at"]) for row in closed])
            for row, stage in zip(closed, known, strict=True):
                row["stage"] = stage

    def after_opening(self, conversation_ids: Sequence[int]) -> None:
        """Tickets that were just made. A first sync makes them by the thousand: of a conversation that nobody has done anything
        with yet, the address alone tells."""
        from crm_tui.desk.ticketing import stages

        plain: dict[int, Standing] = {}
        tickets: list[Any] = []
        known: list[Any] = []
        for chunk in chunks(conversation_ids):
            for row in self._connection.exec_driver_sql(_MADE.format(placeholders(chunk)), tuple(chunk)):
                if row.of_more:
                    known.append(row)
                else:
                    tickets.append(row)
                    plain[row.conversation_id] = stages.of_address(row.counterpart_address)
        self._set(known)
        stages.set_in(self._connection, tickets, plain)

    def _open_tickets(self, conversation_ids: Sequence[int]) -> list[Any]:
        names = (_T.id, _T.message_id, _T.conversation_id, _T.stage, _T.channel)
        found: list[Any] = []
        for chunk in chunks(conversation_ids):
            query = select(*names).where(_T.conversation_id.in_(chunk), _T.done_at.is_(None), ~_T.gone)
            found += self._connection.execute(query)
        return found

    def _standing(self, conversation_ids: Iterable[int]) -> dict[int, Standing]:
        wanted = sorted(set(conversation_ids))
        if not wanted:
            return {}
        from crm_tui.desk.correspondence.writing import zone
        from crm_tui.desk.ticketing import stages

        return stages.of(self._connection, wanted, self._now.astimezone(zone(self._connection)).date())

    def _set(self, tickets: Iterable[Any]) -> None:
        rows = list(tickets)
        if rows:
            from crm_tui.desk.ticketing import stages

            stages.set_in(self._connection, rows, self._standing(row.conversation_id for row in rows))
