"""The top line: whose desk it is, who uses it, how fresh the mail is, what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.working.timer_views import TimerView
from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import clock, hours_minutes, synced

NARROW = 100
"""Below so many columns the timer is told in fewer words."""

IN_STEP = timedelta(minutes=5)
"""So long after an account was last looked at, with success, the mail counts as in step."""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """What the header tells.

    Attributes:
        opening: the store is not open yet.
        syncing: what the engine does right now, a few words; empty if it waits.
        trouble: accounts that need a person; takes the place of the sync time.
        unread: internal messages that the agent has not read.
        held: replies of the agent that are held.
        timer: how the agent's timer stands; None until that is known.
    """

    property: str = ""
    agent: str = ""
    opening: bool = True
    readonly: bool = False
    accounts: int = 0
    syncing: str = ""
    synced_at: datetime | None = None
    trouble: int = 0
    unread: int = 0
    held: int = 0
    timer: TimerView | None = None


class HeaderLine(Line):
    """The header of every screen."""

    DEFAULT_CSS = "HeaderLine { dock: top; background: $panel; }"

    def tell(self, status: DeskStatus, now: datetime, zone: tzinfo) -> None:
        """Show the status; painted only if a word of it changed."""
        left: list[Part] = [(" " + (status.property or "crm_tui"), "title")]
        if status.agent:
            left.append((" · " + status.agent, ""))
        if status.timer is not None:
            for words, style in timer_parts(status.timer, now, short=self.size.width < NARROW):
                left.append((" · ", ""))
                left.append((words, style))
        if status.readonly:
            left.append((" · " + _("read only"), "warn"))
        if status.held:
            left.append((" · ‖ " + ngettext("{n} held", "{n} held", status.held).format(n=status.held), "warn"))
        if status.unread:
            left.append((f" · ✉ {status.unread}", "accent strong"))
        known = status.property or not status.opening  # before, nobody knows whose hour it is
        self.show(left, [_sync_part(status, now), ("  " + clock(now, zone) + " " if known else " ", "")])


def timer_parts(view: TimerView, now: datetime, *, short: bool) -> list[Part]:
    """What is told of a timer: ``▶ working 3:12`` and ``intake on``; nothing before it was started that day."""
    passed = max(0, int((now - view.at).total_seconds())) if view.running else 0
    time = hours_minutes(view.working_seconds + passed)
    if view.running:
        found: list[Part] = [(f"▶ {time}" if short else "▶ " + _("working {time}").format(time=time), "good")]
        if view.intake:
            return [*found, (_("intake on"), "")]
        return [*found, ("‖ " + (_("paused") if short else _("intake paused")), "warn")]
    if view.capped_at is not None:
        return [("■ " + _("timer stopped"), "warn")]
    return [("■ " + _("worked {time}").format(time=time), "muted")] if view.working_seconds >= 60 else []


def _sync_part(status: DeskStatus, now: datetime) -> Part:
    if status.opening:
        return (_("opening…"), "muted")
    if status.trouble:
        text = ngettext("✕ {n} account needs you", "✕ {n} accounts need you", status.trouble)
        return (text.format(n=status.trouble), "bad")
    if status.syncing:
        return ("↻ " + status.syncing, "accent")
    if status.synced_at is not None:
        if now - status.synced_at < IN_STEP:
            return ("✔ " + _("in step"), "muted")
        return (synced(status.synced_at, now), "warn")
    return (_("not synced yet") if status.accounts else _("no mail account"), "muted")
