"""Writing down when somebody worked: correct a session, or add one. Managers only; the store asks again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.working.timer_views import PauseView, SessionView
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import Choice, ChoiceField, FixedField, PickField, TextField
from crm_tui.widgets.times import hours_minutes

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


SESSION, PAUSE = "session", "pause"


class SessionForm(FormScreen):
    """Begin, end, reason: of a session, or of a pause of new tickets.

    Args:
        session: the session or pause that is corrected; None adds one.
        agents: the names of those who may have worked.
        agent: who is chosen at first.
        zone: of the property.
    """

    def __init__(
        self, session: SessionView | PauseView | None, agents: Sequence[str], agent: str, zone: tzinfo
    ) -> None:
        super().__init__()
        self._session, self._agents, self._agent = session, tuple(agents), agent
        self._shown = {
            "started": _written(session.started, zone) if session else "",
            "stopped": _written(session.stopped, zone) if session and session.stopped else "",
        }
        name = session.agent if session else agent
        words = (
            _("Correct a pause of {name}") if isinstance(session, PauseView) else _("Correct working time of {name}")
        )
        self.title_words = words.format(name=name) if session else _("Add working time or a pause")
        self.keep = "" if session else "working-time"

    def rows(self) -> list[Widget]:
        """Who, from when, until when, why."""
        names = self._agents
        who: Widget = (
            FixedField("agent", _("Agent"), self._agent)
            if self._session
            else PickField("agent", _("Agent"), lambda: [Choice(one, one) for one in names], self._agent)
        )
        until = _("An hour alone is on the same day, or the day after.")
        if self._session is not None and self._session.stopped is None:
            until += " " + _("Empty: it runs on.")
        kinds = (Choice(SESSION, _("working time")), Choice(PAUSE, _("a pause of new tickets")))
        what: list[Widget] = [] if self._session else [ChoiceField("what", _("What"), kinds, SESSION)]
        return [
            who,
            *what,
            TextField("started", _("Began"), self._shown["started"], required=True,
                      help=_("Like 8:15, yesterday 22:00, fri 9:00, 2026-07-01 08:15.")),
            TextField("stopped", _("Ended"), self._shown["stopped"], help=until),
            TextField("reason", _("Reason"), required=True, max_length=200,
                      help=_("Everybody who sees the session reads it.")),
        ]  # fmt: skip

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Write it down; what was not touched stays to the second."""
        one = self._session
        typed = {name: "" if values[name] == self._shown[name] else values[name] for name in self._shown}
        started, stopped = desk.timer_corrections.read_times(ctx, typed["started"], typed["stopped"], one)
        reason: str = values["reason"]
        if one is None:
            assert stopped is not None, "without a session before, an end that is missing is refused"
            return _added(ctx, values["what"], values["agent"], (started, stopped), reason)
        if isinstance(one, PauseView):
            pause: PauseView = desk.pause_corrections.correct(ctx, one.id, one.version, started, stopped, reason)
            words = _("Pause of {name} corrected: {time} · z takes it back")
            return words.format(time=hours_minutes(pause.seconds), name=pause.agent)
        saved: SessionView = desk.timer_corrections.correct(ctx, one.id, one.version, started, stopped, reason)
        words = _("Working time of {name} corrected: {time} · z takes it back")
        return words.format(time=hours_minutes(saved.seconds), name=saved.agent)


def _added(ctx: Context, what: str, agent: str, times: tuple[datetime, datetime], reason: str) -> str:
    if what == PAUSE:
        pause: PauseView = desk.pause_corrections.add(ctx, agent, *times, reason)
        words = _("A pause of {time} added for {name} · z takes it back")
        return words.format(time=hours_minutes(pause.seconds), name=pause.agent)
    made: SessionView = desk.timer_corrections.add(ctx, agent, *times, reason)
    words = _("{time} added to the working time of {name} · z takes it back")
    return words.format(time=hours_minutes(made.seconds), name=made.agent)


def _written(at: datetime, zone: tzinfo) -> str:
    """An instant as the form reads it again, in any language."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
