"""Why a ticket is where it is, in one sentence (SPEC §10 *Why me?*), and what histories tell of tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.histories.history_words import Told, says
from crm_tui.desk.undoing import undo_words
from crm_tui.desk.undoing.undo_words import Facts
from crm_tui.mail.text import display_text
from crm_tui.rules.routing import By, Waits


def why_with(why: Mapping[str, Any] | None, how: str, names: Mapping[int, str], agent: int | None = None) -> str:
    """Why its agent has a ticket.

    Args:
        why: as stored with it (:meth:`crm_tui.rules.routing.Why.plain`).
        how: how it came to them, where nothing else is known.
        names: of the agents, safe to show.
        agent: who has it.
    """
    by = str((why or {}).get("by") or how or By.LAST)
    facts = {name: value for name, value in (why or {}).items() if isinstance(value, int)}
    if by in (By.ONLY, By.LEAST, By.LONGEST, By.FIRST):
        return _by_load(by, facts)
    if by == By.LAST:
        return _("The guest wrote again; it goes to whose conversation it was.")
    if by == By.MOVED:
        giver, other = names.get(facts.get("giver", 0), _("another")), names.get(agent or 0, _("who has it"))
        return _("Evened out: {giver} had {had}, {name} had {load}.").format(
            giver=giver, had=facts.get("had", 0), name=other, load=facts.get("load", 0)
        )
    if by == By.CLAIMED:
        return _("Taken by hand.")
    who = names.get(facts.get("who", 0), "")
    return _("Given by {name}.").format(name=who) if who else _("Given by hand.")


def _by_load(by: str, facts: Mapping[str, int]) -> str:
    load, among, others = facts.get("load", 0), facts.get("among", 0), facts.get("next", 0)
    if by == By.ONLY:
        return _("Nobody else could take it.")
    if by == By.LEAST:
        return _("The least to do of {among} who could take it: {load}; the next had {next}.").format(
            among=among, load=load, next=others
        )
    if by == By.LONGEST:
        return _("Of those with the least to do ({load}), the longest without a new one.").format(load=load)
    return _("Of those with the least to do ({load}), the first in the team.").format(load=load)


def why_waiting(waits: Waits, stage: str, channel: str) -> str:
    """Why a ticket is in the queue; stage and channel in words."""
    if waits is Waits.NOBODY_WORKS:
        return _("In the queue: nobody's timer runs.")
    if waits is Waits.ALL_PAUSED:
        return _("In the queue: everybody who could take it has paused intake.")
    if waits is Waits.NOT_TAKEN:
        return _("In the queue: nobody who works takes “{stage}” by {channel}, or may see it.").format(
            stage=stage, channel=display_text(channel)
        )
    return _("In the queue: it is about to be given out.")


def _went(_before: Told, _after: Told) -> str:
    """Told by the conversation's row beside it."""
    return ""


def _pended(_before: Told, after: Told) -> str:
    if note := after.text("pending_note"):
        return _("waits for a manager: {note}").format(note=note)
    return _("waits for a manager")


def _flagged(_before: Told, _after: Told) -> str:
    return _("its agent stopped working")


for _action in ("assign", "move", "queue", "open", "stage", "done", "unite"):
    says("ticket", _action, _went)
says("ticket", "pending", _pended, whole=lambda _before, after: str(after.get("pending_note") or ""))
says("ticket", "resume", lambda _before, _after: _("does not wait for a manager any more"))
says("ticket", "flag", _flagged)
says("ticket", "unflag", lambda _before, _after: _("its agent works again"))


def _back(facts: Facts) -> str:
    return ngettext("{what} is in the hands it was in.", "{what} are in the hands they were in.", facts.count).format(
        what=facts.what
    )


def _not_pending(facts: Facts) -> str:
    words = ngettext("{what} does not wait for a manager.", "{what} do not wait for a manager.", facts.count)
    return words.format(what=facts.what)


def _pending_again(facts: Facts) -> str:
    words = ngettext("{what} waits for a manager again.", "{what} wait for a manager again.", facts.count)
    return words.format(what=facts.what)


undo_words.says("ticket", "assign", did=_back)
undo_words.says("ticket", "pending", did=_not_pending)
undo_words.says("ticket", "resume", did=_pending_again)
