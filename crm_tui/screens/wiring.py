"""The desk's life beside its screens: open the store, follow changes, run the engine, tick the header, leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_tui.base import locked as notes
from crm_tui.base import opened
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import Changes, ListQuery
from crm_tui.desk.shifts.internal_views import Others
from crm_tui.rules.vocabulary import Doing
from crm_tui.screens import catalog, hands, undoing
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.facts import DeskFacts, read_facts
from crm_tui.screens.keeping import SnapshotKeeper
from crm_tui.screens.presence import Beacon, attended
from crm_tui.screens.timing import Timekeeper

if TYPE_CHECKING:
    from textual.geometry import Size

    from crm_tui.desk.common.context import Context
    from crm_tui.widgets.header import DeskStatus

STOP_SECONDS = 3
"""How long leaving waits for the engine; what it does is safe to be killed at any point."""

WARM_SECONDS = 0.3
"""How long after opening the modules of reading and searching are loaded."""

LOOK_SECONDS = 0.2
"""How often the store is asked whether another connection wrote: microseconds each."""


def _warm(ctx: Context) -> None:
    """Do once what the first Enter, search and undo do, so that nobody waits for their modules."""
    from crm_tui import desk

    for row in desk.folders.page(ctx, ListQuery(), limit=1).rows:
        desk.reading.conversation(ctx, row.id)
    desk.search.search(ctx, "a", limit=1, live=True)
    desk.undo.last(ctx)


def _ignored(_error: Exception) -> None:
    """Warming up is not worth a word; whoever needs it will be told."""


class DeskLife:
    """Owns the threads that outlive screens.

    Args:
        app: the DeskApp (which stands above this module); told on its event loop only.
        opener: opens the store.
        engine: has ``run(ctx, stop, told)`` or is ``None``.
    """

    def __init__(self, app: Any, opener: Callable[[], Context], engine: Any) -> None:
        self.app, self._opener, self._engine = app, opener, engine
        self.snapshots = SnapshotKeeper(app)
        self.beacon = Beacon()
        self.timekeeper = Timekeeper(app, self.beacon.session)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._minute = -1
        self._asking = False

    # Opening

    def begin(self) -> None:
        """Open the store in a thread; the first frame is on the screen by now."""
        self.app.set_interval(1, self.tick)
        self.app.background.submit(self.app, self._open, self._opened, self._not_opened)

    def _open(self, opener: Callable[[], Context] | None = None) -> tuple[Context, DeskFacts, int]:
        ctx = (opener or self._opener)()
        from crm_tui import desk
        from crm_tui.screens.failures import log_to

        log_to(self.app.home.log)
        opened.clear(self.app.home)
        return ctx, read_facts(ctx), desk.changes.last(ctx)

    def _opened(self, answer: tuple[Context, DeskFacts, int]) -> None:
        ctx, facts, last = answer
        self.app.ctx = ctx
        self.take_over(facts)
        self.app.status = replace(
            self.app.status, opening=False, agent=ctx.actor.name if ctx.actor.id else "", readonly=ctx.readonly
        )
        for screen in self.app.desk_screens():
            screen.tell_header()
            screen.desk_ready()
        self.snapshots.soon()
        self._start("follow", self._follow, ctx, last)
        if not ctx.readonly:
            self._start("presence", self.beacon.run, ctx)
            self._start("timer", self.timekeeper.run, ctx)
        self.app.set_timer(
            WARM_SECONDS, lambda: self.app.background.submit(self.app, lambda: _warm(ctx), None, _ignored)
        )
        if self._engine is not None and not ctx.readonly:
            self._start("engine", self._run_engine, ctx)
            self._ask_passwords(ctx)
        if not facts.property and catalog.exists(catalog.SETUP):
            self.app.push_screen(catalog.load(catalog.SETUP)())
        self.app.opened_behind()

    def _ask_passwords(self, ctx: Context) -> None:
        """Accounts whose password is in memory only need it once a start: without it they stay without mail."""

        def missing() -> Any:
            from crm_tui.screens.accounts import session

            return session.missing(ctx, self.app)

        def ask(accounts: Any) -> None:
            if accounts:
                from crm_tui.screens.accounts import session

                session.ask_for(self.app, accounts)

        self.app.background.submit(self.app, missing, ask, self.app.report)

    def _not_opened(self, error: Exception) -> None:
        """A store that cannot be opened ends the desk with its sentence: there is nothing to work on."""
        from crm_tui.desk.common.context import WhoAreYou
        from crm_tui.desk.staff.sign_in import NeedsPin
        from crm_tui.screens.failures import log_bug, sentence

        if isinstance(error, WhoAreYou) and error.again is not None:
            again = error.again
            self.forget()
            self.app.choose_who(list(error.names), lambda name, secret: hands.named(again, name, secret), leave=True)
            return
        if isinstance(error, NeedsPin) and error.again is not None:
            self.forget()
            self.app.ask_pin(error.name, lambda secret: hands.with_pin(error, secret))
            return
        if not isinstance(error, CrmError):
            log_bug(error)
        self.app.exit(return_code=1, message=sentence(error, self.app.home.log))

    def take_hands(self, work: Callable[[], Context], refused: Callable[[Exception], None]) -> None:
        """Let whoever signs in have the desk: the first one, or the next one on the same desk.

        Args:
            work: the desk in their hands; raises what refuses it. Runs in a thread.
        """
        before = self.app.ctx

        def signed_in() -> tuple[Context, DeskFacts, int]:
            if before is None:
                return self._open(work)
            from crm_tui import desk

            ctx = work()
            if ctx.actor.id != before.actor.id:
                hands.stop_timer(before, self.beacon.session)
            return ctx, read_facts(ctx), desk.changes.last(ctx)

        def done(answer: tuple[Context, DeskFacts, int]) -> None:
            if before is None:
                self._opened(answer)
                self.app.rise()
            elif answer[0].actor.id == before.actor.id:
                self.app.rise()
            else:
                self.app.call_next(self._change_hands, answer[0], answer[1])

        self.app.background.submit(self.app, signed_in, done, refused, "sign in")

    async def _change_hands(self, ctx: Context, facts: DeskFacts) -> None:
        """Another agent has the desk: nothing of what the one before saw or half wrote is left on it."""
        from crm_tui.widgets.forms.form import shelf

        app = self.app
        await app.make_modes_anew()  # drafts are saved by the one who wrote them while they close
        shelf(app).clear()
        self.beacon.become(ctx)
        notes.forget(ctx.home, app.ctx.actor.id or 0)
        app.forget_remarks()
        app.ctx, app.others = ctx, Others()
        app.status = replace(app.status, agent=ctx.actor.name, readonly=ctx.readonly, unread=0, held=0, timer=None)
        self.forget()
        self.take_over(facts)
        app.rise("start")

    def forget(self) -> None:
        """Nobody knows who will sit here the next time either: nothing is kept to be painted then, nor shown now."""
        self.app.snapshot, self.app.counts = None, {}
        self.snapshots.forget()
        for screen in self.app.desk_screens():
            screen.forget_snapshot()

    def take_over(self, facts: DeskFacts) -> None:
        """Shell and left pane show these facts."""
        app = self.app
        app.pinned = facts.pin
        if facts.pin and app.who:
            self.snapshots.forget()  # the next one who opens it may be another
        before = app.status
        app.counts, app.accounts, app.views = facts.counts, facts.accounts, facts.views
        app.zone = ZoneInfo(facts.zone)
        app.status = replace(
            app.status,
            property=facts.property,
            accounts=len(facts.accounts),
            synced_at=facts.synced_at,
            trouble=sum(account.state in {"auth failed", "sending failed", "failed"} for account in facts.accounts),
            unread=facts.waiting.unread,
            held=facts.waiting.held,
        )
        if not before.opening:
            self._tell_news(before)

    def _tell_news(self, before: DeskStatus) -> None:
        """What came for the agent since; a reply that is held while it is being sent is told where it is sent."""
        app, now = self.app, self.app.status
        if now.held > before.held and attended(app.screen_stack).doing != Doing.REPLYING:
            app.tell(
                _("Your reply is held: something is new in its conversation. The outbox (g o) shows what."),
                warning=True,
            )
        elif now.unread > before.unread:
            app.tell(_("A colleague wrote to you: g n shows it."))

    # Following

    def _start(self, name: str, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name=f"desk-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _follow(self, ctx: Context, last: int) -> None:
        """Post one coalesced change at a time to the event loop, whoever made it."""
        from crm_tui import desk

        version, others, told = -1, Others(), ""
        while not self._stop.wait(LOOK_SECONDS):
            try:
                stirred, version = desk.changes.stirred(ctx, version)
                if stirred or (others.until is not None and ctx.clock.now() >= others.until):
                    before, others = others, desk.presence.everyone(ctx, self.beacon.session)
                    if others != before:
                        self.app.call_later(self._met, others)
                if not stirred:
                    continue
                ctx = held = self.app.ctx or ctx  # setting the desk up puts it into its first agent's hands
                changes = desk.changes.since(ctx, last)
                if changes.everything or changes.ids.keys() & {"agent", "department"}:
                    ctx, told = self._renewed(ctx)
                facts = read_facts(ctx)
            except Exception as error:
                self.app.call_later(self.app.report, error)
                self._stop.wait(5)
                continue
            if not changes:
                self.app.call_later(self._looked, ctx, facts)
                continue
            last = changes.last
            if ctx.actor != held.actor:
                changes = replace(changes, everything=True)  # what may be seen is another now
                self.app.call_later(self._became, held, ctx, told)
            self.app.call_later(self._changed, changes, facts, ctx)

    def _renewed(self, ctx: Context) -> tuple[Context, str]:
        """The desk as the team stands now, and what the agent must be told about it."""
        from crm_tui import desk

        fresh = desk.team.renewed(ctx)
        departments = [(one.id, one.name) for one in desk.departments.listed(fresh)]
        return fresh, desk.team.changes_of(ctx.actor, fresh.actor, departments)

    def _became(self, held: Context, ctx: Context, told: str) -> None:
        """The agent's own role, department or place in the team changed while the desk is open."""
        if self.app.ctx is not held:
            return
        self.app.ctx = ctx
        self.app.status = replace(self.app.status, agent=ctx.actor.name, readonly=ctx.readonly)
        if told:
            self.app.tell(told, warning=True)

    def _met(self, others: Others) -> None:
        """Another desk opened or left something: lists keep their rows, only what tells of it is painted."""
        self.app.others = others
        for screen in self.app.desk_screens():
            screen.others_changed()

    def _looked(self, whose: Context, facts: DeskFacts) -> None:
        """Nothing is new, but the accounts were looked at: only the header tells that."""
        if self._is_another(whose):
            return
        self.take_over(facts)
        for screen in self.app.desk_screens():
            screen.tell_header()

    def _is_another(self, whose: Context | None) -> bool:
        """Whether the desk changed hands since something was read for an agent."""
        return whose is not None and self.app.ctx is not None and whose.actor.id != self.app.ctx.actor.id

    def _changed(self, changes: Changes, facts: DeskFacts, whose: Context | None = None) -> None:
        if not self._is_another(whose):
            self.take_over(facts)
        for screen in self.app.desk_screens():
            screen.tell_header()
        self.timekeeper.changed(changes)
        self.app.changed(changes)
        self.snapshots.soon()

    def _run_engine(self, ctx: Context) -> None:
        try:
            self._engine.run(ctx, self._stop, lambda text: self.app.call_later(self._syncing, text))
        except Exception as error:
            self.app.call_later(self.app.report, error)

    def _syncing(self, text: str) -> None:
        self.app.status = replace(self.app.status, syncing=text)
        for screen in self.app.desk_screens():
            screen.tell_header()

    def sync_now(self) -> None:
        """Wake the engine."""
        if self._engine is None:
            self.app.tell(_("Mail is fetched by another process here."), warning=True)
            return
        self._engine.wake()
        self.app.tell(_("Fetching mail…"))

    def tick(self) -> None:
        """Keep clock and relative times right."""
        app = self.app
        self.timekeeper.tick()
        if not app._screen_stack:
            return  # the desk is being left
        app.lock_if_idle()
        minute = int(app.clock.now().timestamp() // 60)
        if isinstance(app.screen, DeskScreen):
            app.screen.tell_header()
        if minute != self._minute:
            if self._minute >= 0:
                self.timekeeper.minute_passed()
                for screen in app.desk_screens():
                    screen.minute_passed()
            self._minute = minute

    # Leaving

    def quit(self) -> None:
        """Ask if something would be lost, then leave."""
        from crm_tui.widgets.dialogs import Answer, Ask

        unsaved = [screen.unsaved for screen in self.app.desk_screens() if screen.unsaved]
        if not unsaved:
            self.app.exit(0)
        elif not self._asking:
            self._asking = True
            answers = (Answer("no", "n", _("Go on")), Answer("yes", "y", _("Close it"), danger=True))
            self.app.push_screen(Ask(_("Close the desk?"), " ".join(unsaved), answers), self._answered)

    def _answered(self, answer: str | None) -> None:
        self._asking = False
        if answer == "yes":
            self.app.exit(0)

    def end(self) -> None:
        """Stop the threads and close the store."""
        self._stop.set()
        self.beacon.stop()
        self.timekeeper.stop()
        self.app.background.close()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)
        opened.clear(self.app.home, mine=True)

    # Acting

    def undo(self) -> None:
        """Take the agent's newest command back, of this session or one before."""
        undoing.undo(self.app, self._changed)

    def check_size(self, size: Size) -> None:
        """Cover the desk while the terminal is too small."""
        from crm_tui.screens.dialogs.small import TooSmall, too_small

        app = self.app
        covered = isinstance(app.screen, TooSmall) if app.screen_stack else False
        if too_small(size) and not covered and app.screen_stack:
            app.push_screen(TooSmall())
        elif covered and not too_small(size):
            app.pop_screen()
