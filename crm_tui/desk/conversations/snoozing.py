"""Snoozing: out of sight until an instant, or until the guest answers; the wake reason; once more by one key (SPEC §3).

Mail of a guest wakes either kind (:func:`crm_tui.desk.conversations.summary.refresh`); automatic mail wakes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Journal, Property
from crm_tui.desk.common.context import ENGINE, Context, Transaction
from crm_tui.desk.conversations.changing import AWAKE, change, chosen, rows_of
from crm_tui.desk.undoing.undo_words import Facts, says
from crm_tui.rules.snoozing import again
from crm_tui.rules.vocabulary import SnoozeFor, WokenBy

_C = columns(Conversation)
_J = columns(Journal)


def snooze(ctx: Context, conversation_ids: Iterable[int], *, until: datetime | None) -> int:
    """Put conversations to sleep; returns how many. What woke them before is dealt with.

    Args:
        until: when they wake (aware); None: when the guest answers.

    Raises:
        InvalidInput: that instant is past.
        NotFound: there is no such conversation, or the actor may not see it.
    """
    with ctx.write() as tx:
        rows = chosen(tx, conversation_ids)
        if until is not None and until <= tx.now:
            raise InvalidInput(_("That time is past; nothing was snoozed."), _("Give a later one."), "until")
        return change(tx, rows, "snooze", lambda _row: _asleep(until))


def _asleep(until: datetime | None) -> Mapping[str, Any]:
    return {
        "snoozed": True,
        "snoozed_until": until.astimezone(UTC) if until is not None else None,
        "snooze_for": (SnoozeFor.REPLY if until is None else SnoozeFor.DATE).value,
        "wake_reason": "",
    }


def unsnooze(ctx: Context, conversation_ids: Iterable[int]) -> int:
    """Wake conversations now; they stand where they stood. Returns how many slept.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
    """
    with ctx.write() as tx:
        asleep = [row for row in chosen(tx, conversation_ids) if row.snoozed]
        return change(tx, asleep, "unsnooze", lambda _row: AWAKE)


def snooze_again(ctx: Context, conversation_ids: Iterable[int]) -> int:
    """Snooze conversations that woke as they were snoozed before: until a reply, or for as long; returns how many.

    Raises:
        InvalidInput: none of them woke from a snooze that nobody has dealt with yet.
        NotFound: there is no such conversation, or the actor may not see it.
    """
    with ctx.write() as tx:
        woken = [row for row in chosen(tx, conversation_ids) if row.wake_reason and not row.snoozed]
        if not woken:
            raise InvalidInput(_("Nothing here came back from a snooze."), _("s snoozes it."), "conversation")
        zone = zone_in(tx.connection)
        return change(tx, woken, "snooze", lambda row: _asleep(_until_again(tx, row, zone)))


def _until_again(tx: Transaction, row: Any, zone: ZoneInfo) -> datetime | None:
    if row.snooze_for != SnoozeFor.DATE:
        return None
    query = select(_J.at, _J.after).where(
        _J.entity == "conversation", _J.entity_id == row.id, _J.action == "snooze", _J.after.is_not(None)
    )
    for last in tx.connection.execute(query.order_by(_J.id.desc()).limit(10)):
        if last.after.get("snoozed_until"):
            return again(last.at, datetime.fromisoformat(last.after["snoozed_until"]), tx.now, zone)
    return again(tx.now - timedelta(days=1), tx.now, tx.now, zone)  # snoozed by an older program: for a day


def wake_due(ctx: Context) -> int:
    """Wake what slept until an instant that is reached now; returns how many. For the engine, at any pace.

    What is awake is never woken again, and what became due while nothing ran is woken now, the latest due on top.
    """
    asleep = (_C.snoozed, _C.snooze_for == SnoozeFor.DATE.value, _C.snoozed_until <= ctx.clock.now())
    query = select(_C.id).where(*asleep).order_by(_C.snoozed_until, _C.id)
    with ctx.store.connect() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0
    with ctx.acting_as(ENGINE).write() as tx:
        due = list(tx.connection.execute(query).scalars())
        found = rows_of(tx.connection, due)
        return sum(_wake(tx, [found[number]], place) for place, number in enumerate(due))


def _wake(tx: Transaction, rows: Sequence[Any], place: int) -> int:
    """On top of its folder, above those that were due before it."""
    at = tx.now + timedelta(microseconds=place)

    def values(row: Any) -> Mapping[str, Any]:
        woken = {"woken_at": at, "listed_at": max(row.last_at, at), "wake_reason": WokenBy.TIME.value}
        return {"snoozed": False, "snoozed_until": None, **woken}

    return change(tx, rows, "wake", values)


def zone(ctx: Context) -> ZoneInfo:
    """The property's zone, in which days are meant; UTC before the desk is set up."""
    with ctx.store.connect() as connection:
        return zone_in(connection)


def zone_in(connection: Connection) -> ZoneInfo:
    """:func:`zone` on a connection that reads more."""
    return ZoneInfo(connection.execute(select(columns(Property).timezone).limit(1)).scalar() or "UTC")


def _awake(facts: Facts) -> str:
    return ngettext("{what} is awake again.", "{what} are awake again.", facts.count).format(what=facts.what)


says("conversation", "snooze", did=_awake)
