"""Working time, a week at a time: the team over the sessions of whom the cursor is on. An agent sees their own (SPEC §10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.working.timer_views import PauseView, SessionView, TimerView, Timesheet
from crm_tui.rules.days import DayFault
from crm_tui.rules.periods import Period, named_period, read_period
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine, ask_reason
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.working.actions import CORRECT, WEEK
from crm_tui.screens.working.form import SessionForm
from crm_tui.screens.working.rows import SIGNS, SpanRow, SpanRowView, WeekRow, WeekRowView, head, span_rows
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.days import short_span
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.times import hours_minutes

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

CORRECTING = frozenset({"edit", "add", "remove"})
TOUCHED = frozenset({"timer_session", "intake_pause", "agent", "property"})
_WEEK = timedelta(days=7)


class Read(NamedTuple):
    """What the store says of a week."""

    sheets: Sequence[Timesheet]
    sessions: Sequence[SessionView]
    pauses: Sequence[PauseView]
    mine: TimerView


def read(ctx: Context, period: Period) -> Read:
    """A week. Blocks."""
    return Read(
        desk.timer_corrections.timesheets(ctx, period),
        desk.timer_corrections.sessions(ctx, period),
        desk.timer_corrections.pauses(ctx, period),
        desk.timers.state(ctx),
    )


class WorkingScreen(Today, DeskScreen[None]):
    """Go-to W."""

    DEFAULT_CSS = """
    WorkingScreen {
        #working-title, #spans-title, #mine { background: $surface; }
        #team { height: auto; max-height: 45%; min-height: 1; }
        #spans-title { border-top: solid $desk-line; height: 2; }
    }
    """
    BINDINGS = bindings(WEEK, CORRECT)

    def __init__(self) -> None:
        super().__init__()
        self._week: Period | None = None
        self._found: Read | None = None

    def body(self) -> ComposeResult:
        """The team's week over one agent's sessions."""
        background = self.shell.background
        self.title_line, self.head_line = Line(id="working-title"), Line(id="head")
        self.spans_title, self.mine_line = Line(id="spans-title"), Line(id="mine")
        self.team: RecordList[WeekRow] = RecordList(WeekRowView(), background, markable=False, id="team")
        self.list: RecordList[SpanRow] = RecordList(
            SpanRowView(lambda: self.shell.zone, self.today), background, markable=False, id="list"
        )
        yield self.title_line
        yield self.head_line
        yield self.team
        yield self.spans_title
        yield self.list
        yield self.mine_line

    @property
    def week(self) -> Period:
        """The week that is shown; at first the one that holds today."""
        if self._week is None:
            self._week = named_period("week", self.today())
        return self._week

    def on_mount(self) -> None:
        """The team has the focus."""
        self.team.focus(scroll_visible=False)
        self._titles()
        super().on_mount()

    def on_resize(self) -> None:
        """Other widths of the days."""
        self._titles()

    def desk_ready(self) -> None:
        """Read the week."""
        week = self.week
        self.ask(lambda ctx: read(ctx, week), self._show, topic="week")

    def desk_changed(self, changes: Changes) -> None:
        """A timer or the team changed."""
        if changes.everything or changes.ids.keys() & TOUCHED:
            self.desk_ready()

    def minute_passed(self) -> None:
        """Time that runs goes on."""
        if self.today() in self.week:
            self.desk_ready()

    def _show(self, found: Read) -> None:
        self._found = found
        rows = [WeekRow(one.agent_id, one) for one in found.sheets]
        self.team.set_source(ListSource(rows), keep=self.team.current)
        self.team.styles.height = max(1, len(rows))
        self._titles()
        self._show_spans()

    @on(RecordList.Highlighted, "#team")
    @on(RecordList.Loaded, "#team")
    def _other_agent(self) -> None:
        self._show_spans()

    def _show_spans(self) -> None:
        found, sheet = self._found, self._sheet
        if found is None or sheet is None:
            return
        rows = span_rows(found.sessions, found.pauses, sheet.agent_id)
        self.list.set_source(ListSource(rows), keep=self.list.current)
        many = sum(1 for row in rows if row.session is not None)
        count = ngettext("{n} session", "{n} sessions", many).format(n=many)
        self.spans_title.show(list_title(sheet.agent, count))
        self.refresh_bindings()

    @property
    def _sheet(self) -> Timesheet | None:
        current = self.team.current
        if current is not None:
            return current.sheet
        return self._found.sheets[0] if self._found is not None and self._found.sheets else None

    def _titles(self) -> None:
        today = self.today()
        words = short_span(self.week.start, self.week.end, today)
        total = sum(one.working_seconds for one in self._found.sheets) if self._found is not None else 0
        parts = list_title(_("Working time").upper(), words)
        if self._found is not None and len(self._found.sheets) > 1:
            parts.append((" · " + _("{time} together").format(time=hours_minutes(total)), "muted"))
        self.title_line.show(parts)
        self.head_line.show(head(list(self.week.days()), today, self.team.size.width or self.size.width))
        if self._found is not None:
            self.mine_line.show([(" ", ""), *_mine(self._found.mine)])

    # What is done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What a role may not do is not offered."""
        if action in CORRECTING:
            ctx = self.shell.ctx
            if ctx is None or ctx.readonly or not may(ctx, Permission.CORRECT_TIME):
                return False
            if action != "add":
                row = self.list.current if self.is_mounted else None
                return True if row is not None else None
        return True

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [(sign, _(words)) for sign, words in SIGNS.items()]

    @on(RecordList.Highlighted, "#list")
    def _other_session(self) -> None:
        self.refresh_bindings()

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        if event.list is self.team:
            self.list.focus()
        elif self.check_action("edit", ()):
            self.action_edit()

    def action_next_pane(self) -> None:
        """The other list."""
        (self.team if self.list.has_focus else self.list).focus()

    def action_earlier(self) -> None:
        """The week before."""
        self._turn(Period(self.week.start - _WEEK, self.week.end - _WEEK))

    def action_later(self) -> None:
        """The week after, up to this one."""
        if self.week.end < self.today():
            self._turn(Period(self.week.start + _WEEK, self.week.end + _WEEK))

    def action_day(self) -> None:
        """Ask for the week that is wanted, by its name or a day of it."""
        today = self.today()

        def chosen(text: str | None) -> None:
            if text is not None:
                self._turn(_week_of(text, today))

        def judge(text: str) -> tuple[str, str]:
            try:
                week = _week_of(text, today)
            except DayFault:
                return "", _("This is no day and no week.")
            return short_span(week.start, week.end, today), ""

        hint = _("last week, 24.6., 2026-06-24")
        self.app.push_screen(AskLine(_("Which week? Its name, or a day of it"), hint=hint, judge=judge), chosen)

    def _turn(self, week: Period) -> None:
        self._week = week
        self._titles()
        self.desk_ready()

    def action_edit(self) -> None:
        """Correct the session or pause under the cursor."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(SessionForm(row.span, (), row.span.agent, self.shell.zone), self._done)

    def action_add(self) -> None:
        """Add a session, for the agent under the cursor unless another is chosen."""
        found, sheet = self._found, self._sheet
        if found is not None and sheet is not None:
            names = [one.agent for one in found.sheets]
            self.app.push_screen(SessionForm(None, names, sheet.agent, self.shell.zone), self._done)

    def _done(self, sentence: str | None) -> None:
        if sentence:
            self.shell.tell(sentence)
        self.desk_ready()

    def action_remove(self) -> None:
        """Take the session or pause under the cursor out, with a reason."""
        row = self.list.current
        if row is None:
            return
        one, told = row.span, {"time": hours_minutes(row.span.seconds), "name": row.span.agent}
        if row.pause is None:
            words = _("{time} taken out of the working time of {name} · z brings it back")
            title, remove = _("Why are {time} of {name} taken out?"), "timer_corrections"
        else:
            words = _("A pause of {time} taken out for {name} · z brings it back")
            title, remove = _("Why is a pause of {time} of {name} taken out?"), "pause_corrections"
        said = words.format(**told)

        def given(reason: str | None) -> None:
            if reason is not None:
                self.ask(
                    lambda ctx: getattr(desk, remove).remove(ctx, one.id, one.version, reason),
                    lambda _answer: self._done(said),
                )

        self.app.push_screen(ask_reason(title.format(**told)), given)


def _week_of(text: str, today: date) -> Period:
    """The week that holds the first day of what is meant; none that is still to come.

    Raises:
        DayFault: nothing is meant.
    """
    return named_period("week", min(read_period(text, today).start, today))


def _mine(view: TimerView) -> list[tuple[str, str]]:
    """One's own timer in a sentence, with the keys."""
    if not view.running:
        return [("■ ", "muted"), (_("Your timer does not run: ^o starts it."), "muted")]
    if view.intake:
        return [("▶ ", "good"), (_("Your timer runs: ^o stops it, ^n takes no new tickets for a while."), "muted")]
    return [("‖ ", "warn"), (_("Your timer runs, new tickets are paused: ^n takes them again."), "muted")]
