"""How histories and undo speak of timers and of their corrections."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, IntakePause, TimerSession
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.conversations.snoozing import zone_in
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told, when
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_words import Facts
from crm_tui.mail.text import display_text

_S = columns(TimerSession)
_P = columns(IntakePause)
_A = columns(Agent)


def _named(connection: Connection, number: int) -> str:
    query = select(_S.started_at, _A.name).join(Agent, _A.id == _S.agent_id).where(_S.id == number)
    row = connection.execute(query).first()
    return f"{display_text(row.name)}, {when(row.started_at, zone_in(connection))}" if row is not None else ""


def _pause_named(connection: Connection, number: int) -> str:
    query = select(_P.paused_at, _A.name).join(Agent, _A.id == _P.agent_id).where(_P.id == number)
    row = connection.execute(query).first()
    return f"{display_text(row.name)}, {when(row.paused_at, zone_in(connection))}" if row is not None else ""


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    """Who is no manager any more takes no correction back either."""
    require(tx, Permission.CORRECT_TIME)


undo_registry.entity("timer_session", TimerSession, named=_named, settle=_settle)
undo_registry.entity("intake_pause", IntakePause, named=_pause_named, settle=_settle)


def _whose(side: Told) -> str:
    return history_words.agent_named(side.lookups, side.now.get("agent_id") or side.get("agent_id"))


def _reason(after: Told) -> str:
    note = str(after.now.get("note") or "") if "note" not in after else after.text("note", 200)
    return history_words.short(note, 200) or history_words.NOTHING


def _started(_before: Told, _after: Told) -> str:
    return _("timer started")


def _stopped(_before: Told, after: Told) -> str:
    return _("timer stopped at {at}").format(at=after.instant("stopped_at"))


def _capped(_before: Told, after: Told) -> str:
    return _("timer of {name} gave no sign of life; it ended at {at}").format(
        name=_whose(after), at=after.instant("stopped_at")
    )


def _moved(before: Told, after: Told, start: str, end: str) -> dict[str, str]:
    parts = []
    if start in after:
        parts.append(_("begins {before} → {after}").format(before=before.instant(start), after=after.instant(start)))
    if end in after:
        parts.append(_("ends {before} → {after}").format(before=before.instant(end), after=after.instant(end)))
    return {"name": _whose(after), "what": ", ".join(parts) or _("nothing"), "reason": _reason(after)}


def _corrected(before: Told, after: Told) -> str:
    told = _moved(before, after, "started_at", "stopped_at")
    return _("working time of {name} corrected: {what} ({reason})").format(**told)


def _pause_corrected(before: Told, after: Told) -> str:
    told = _moved(before, after, "paused_at", "resumed_at")
    return _("pause of {name} corrected: {what} ({reason})").format(**told)


def _pause_added(_before: Told, after: Told) -> str:
    told = {"start": after.instant("paused_at"), "end": after.instant("resumed_at")}
    return _("pause of {name} added: {start} to {end} ({reason})").format(
        name=_whose(after), reason=_reason(after), **told
    )


def _pause_removed(_before: Told, after: Told) -> str:
    return _("pause of {name} taken out ({reason})").format(name=_whose(after), reason=_reason(after))


def _added(_before: Told, after: Told) -> str:
    told = {"start": after.instant("started_at"), "end": after.instant("stopped_at")}
    return _("working time of {name} added: {start} to {end} ({reason})").format(
        name=_whose(after), reason=_reason(after), **told
    )


def _removed(_before: Told, after: Told) -> str:
    return _("working time of {name} taken out ({reason})").format(name=_whose(after), reason=_reason(after))


def _paused(_before: Told, _after: Told) -> str:
    return _("new tickets paused")


def _resumed(_before: Told, after: Told) -> str:
    return _("new tickets taken again from {at}").format(at=after.instant("resumed_at"))


history_words.says("timer_session", "start", _started)
history_words.says("timer_session", "stop", _stopped)
history_words.says("timer_session", "cap", _capped)
history_words.says("timer_session", "correct", _corrected)
history_words.says("timer_session", "add", _added)
history_words.says("timer_session", "remove", _removed)
history_words.says("intake_pause", "pause", _paused)
history_words.says("intake_pause", "resume", _resumed)
history_words.says("intake_pause", "correct", _pause_corrected)
history_words.says("intake_pause", "add", _pause_added)
history_words.says("intake_pause", "remove", _pause_removed)


def _counts_again(facts: Facts) -> str:
    return _("The working time of {what} counts again.").format(what=facts.what)


def _as_before(facts: Facts) -> str:
    return _("The working time of {what} is as it was before the correction.").format(what=facts.what)


def _not_any_more(facts: Facts) -> str:
    return _("The working time of {what} does not count any more.").format(what=facts.what)


undo_words.says("timer_session", "correct", did=_as_before)
undo_words.says("timer_session", "add", did=_not_any_more)
undo_words.says("timer_session", "remove", did=_counts_again)


def _pause_as_before(facts: Facts) -> str:
    return _("The pause of {what} is as it was before the correction.").format(what=facts.what)


def _no_pause_any_more(facts: Facts) -> str:
    return _("The pause of {what} does not count any more.").format(what=facts.what)


def _a_pause_again(facts: Facts) -> str:
    return _("The pause of {what} counts again.").format(what=facts.what)


undo_words.says("intake_pause", "correct", did=_pause_as_before)
undo_words.says("intake_pause", "add", did=_no_pause_any_more)
undo_words.says("intake_pause", "remove", did=_a_pause_again)
