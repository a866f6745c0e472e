"""The timer of this desk: what its keys do, its signs of life, and what the header tells of it (SPEC §10).

A desk gives a sign of life every minute while its person is there: while a key was pressed within ``timer_idle_minutes``.
A desk that was left alone, or killed, gives none; its session then ends where it was last heard of. Leaving the desk stops
the session.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.desk.working.timer_views import TimerView
from crm_tui.rules.working_time import BEAT
from crm_tui.widgets.times import duration

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

LOG = logging.getLogger("crm_tui.timer")

CONCERNED = frozenset({"timer_session", "intake_pause"})
"""What the journal calls that which changes a timer."""

Answer = tuple[TimerView, str]


class Timekeeper:
    """Keeps this desk's session.

    Args:
        app: the DeskApp (which stands above this module); told on its event loop only.
        session: names this desk; the same as its presence.
        beat: seconds between two signs of life.
        monotonic: a clock in seconds that nobody sets.
    """

    def __init__(
        self,
        app: Any,
        session: str,
        *,
        beat: float = BEAT.total_seconds(),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.session = app, session
        self.view: TimerView | None = None
        self._beat_seconds, self._monotonic = beat, monotonic
        self._pressed = monotonic()
        self._woken = threading.Event()
        self._stopped = False
        self._lost = False
        self._whose: int | None = None

    # On the event loop

    def tick(self) -> None:
        """Another agent may have this desk since the last look: what the header told was of somebody else."""
        ctx = self.app.ctx
        if ctx is None or ctx.actor.id == self._whose:
            return
        known, self._whose = self._whose is not None, ctx.actor.id
        if known:
            self._lost, self.view = False, None
            self.app.status = replace(self.app.status, timer=None)
            self.look()

    def pressed(self) -> None:
        """A key was pressed, or the mouse: somebody is there."""
        before, self._pressed = self._pressed, self._monotonic()
        if self._pressed - before > self._beat_seconds:
            self._woken.set()  # whoever comes back finds the timer as it is
        if self._lost and self.view is not None and self.view.capped_at is not None:
            self._lost = False
            at = self.view.capped_at.astimezone(self.app.zone)
            words = _("Your timer stopped at {time}: nobody was at this desk. ^o starts it again.")
            self.app.tell(words.format(time=f"{at:%H:%M}"), warning=True)

    def changed(self, changes: Changes) -> None:
        """Something in the store changed; maybe a timer."""
        if changes.everything or changes.ids.keys() & CONCERNED:
            self.look()

    def minute_passed(self) -> None:
        """At midnight another day is counted; and a session elsewhere may have fallen silent."""
        view, now = self.view, self.app.clock.now()
        if view is None or not (view.running or view.working_seconds):
            return
        zone = self.app.zone
        if view.others or view.at.astimezone(zone).date() != now.astimezone(zone).date():
            self.look()

    def look(self) -> None:
        """Ask how the timer stands, and show it."""
        self._submit(lambda ctx: (self._state(ctx), ""), topic="timer")

    def toggle(self) -> None:
        """Start the timer here, or stop it."""
        self._lost = False
        self._submit(self._toggled)

    def toggle_intake(self) -> None:
        """Take no new tickets for a while, or take them again."""
        self._submit(self._intake_toggled)

    def _submit(self, work: Callable[[Context], Answer], topic: str = "") -> None:
        ctx = self.app.ctx
        if ctx is None or ctx.actor.id is None:
            if not topic and ctx is not None:
                self.app.tell(_("Nobody in particular uses this desk: there is no timer."), warning=True)
            return

        def answered(answer: Answer) -> None:
            self.show(answer[0], ctx)
            if answer[1]:
                self.app.tell(answer[1])

        self.app.background.submit(self.app, lambda: work(ctx), answered, self.app.report, topic, in_order=not topic)

    def show(self, view: TimerView, whose: Context) -> None:
        """The header tells how the timer stands."""
        ctx = self.app.ctx
        if ctx is None or ctx.actor.id != whose.actor.id:
            return
        before, self.view = self.view, view
        if before is not None and before.here and not view.here and view.capped_at is not None:
            self._lost = True
        self.app.status = replace(self.app.status, timer=view)
        for screen in self.app.desk_screens():
            screen.tell_header()

    # In threads

    def _state(self, ctx: Context) -> TimerView:
        from crm_tui import desk

        found: TimerView = desk.timers.state(ctx, self.session)
        return found

    def _toggled(self, ctx: Context) -> Answer:
        from crm_tui import desk

        if not self._state(ctx).here:
            desk.timers.start(ctx, self.session)
            return self._state(ctx), _("Your timer runs: new tickets may come to you · ^o stops it, ^n pauses them")
        desk.timers.stop(ctx, self.session)
        view = self._state(ctx)
        if view.running:
            return view, _("The timer of this desk stopped; another of yours still runs.")
        today = duration(timedelta(seconds=view.working_seconds))
        return view, _("Your timer stopped: {time} today. No new tickets come to you.").format(time=today)

    def _intake_toggled(self, ctx: Context) -> Answer:
        from crm_tui import desk

        before = self._state(ctx)
        if not before.running:
            return before, _("Your timer does not run: ^o starts it.")
        if before.intake:
            desk.timers.pause(ctx)
            return self._state(ctx), _("No new tickets come to you; your time goes on · ^n takes them again")
        desk.timers.resume(ctx)
        return self._state(ctx), _("New tickets may come to you again.")

    def stop(self) -> None:
        """The desk is being left: end :meth:`run`, and this desk's session with it."""
        self._stopped = True
        self._woken.set()

    def run(self, ctx: Context) -> None:
        """Give signs of life until stopped. Blocks: for a thread of its own."""
        held = ctx
        while not self._stopped:
            try:
                ctx = self.app.ctx or ctx
                if ctx.actor.id != held.actor.id:
                    self._leave(held)  # another agent sits here now
                    held = ctx
                self.app.call_later(self.show, self._live(ctx), ctx)
            except CrmError as error:  # a full disk or a long write: the next beat tells as much
                LOG.info("timer: %s", error)
            except Exception:
                LOG.exception("timer: unexpected failure")
            self._woken.wait(self._beat_seconds)
            self._woken.clear()
        self._leave(held)

    def _live(self, ctx: Context) -> TimerView:
        from crm_tui import desk

        view = self._state(ctx)
        if view.here and self._there(ctx):
            desk.timers.beat(ctx, self.session)
            view = self._state(ctx)
        return view

    def _there(self, ctx: Context) -> bool:
        """Whether somebody is at this desk."""
        return self._monotonic() - self._pressed < 60 * ctx.settings.timer_idle_minutes

    def _leave(self, ctx: Context) -> None:
        from crm_tui import desk

        try:
            if ctx.actor.id is not None and not ctx.readonly and self._state(ctx).here:
                desk.timers.stop(ctx, self.session)
        except Exception as error:
            LOG.warning("timer not stopped: %s", error)
