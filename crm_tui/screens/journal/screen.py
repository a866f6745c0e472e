"""The journal: who changed what and when, with what it was before and what it became (SPEC §13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.permissions import Permission, may, refusal
from crm_tui.desk.histories.journal_view import JournalEntry, JournalPage, JournalQuery, entity_word
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.journal.actions import ACTIONS
from crm_tui.screens.journal.filter import ENGINE, JournalFilter
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

PAGE = 60
WHEN, WIDE = 13, 110
"""Cells of the time, and from how many columns on names have more room."""
AHEAD = 10
"""Rows before the end at which the next page is asked for."""

_OPENS = frozenset({"conversation", "inquiry", "guest", "reservation"})


class JournalScreen(DeskScreen[None]):
    """A list, newest first, and the highlighted entry whole below it."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(ACTIONS)]

    def __init__(self) -> None:
        super().__init__()
        self.shown = JournalQuery()
        self._entries: dict[int, JournalEntry] = {}
        self._further: tuple[str, int] | None = None
        self._asking = self._read = False

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the newest."""
        if not may(self.shell.ctx, Permission.JOURNAL):
            self.title_line.show([*list_title(_("Journal").upper(), ""), (" · " + refusal(Permission.JOURNAL), "warn")])
            return
        query = self.shown

        def show(page: JournalPage) -> None:
            if query == self.shown:
                self._entries = {}
                self._take(page)

        self.ask(lambda ctx: desk.journal_view.page(ctx, query, limit=PAGE), show, topic="journal")

    def desk_changed(self, changes: Changes) -> None:  # noqa: ARG002 -- every change stands in the journal
        """Put what is new on top; what is shown stays."""
        query, newest = self.shown, max(self._entries, default=0)
        if not may(self.shell.ctx, Permission.JOURNAL):
            self._entries = {}
            self._paint()
            self.desk_ready()
            return

        def show(page: JournalPage) -> None:
            fresh = [one for one in page.entries if one.id not in self._entries]
            if query == self.shown and fresh:
                if len(fresh) == len(page.entries):
                    self._entries = {}
                    self._take(page)
                    return
                self._entries = {one.id: one for one in fresh} | self._entries
                self._paint()

        if newest:
            self.ask(lambda ctx: desk.journal_view.page(ctx, query, limit=PAGE), show, topic="journal")
        else:
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def _take(self, page: JournalPage) -> None:
        self._entries |= {one.id: one for one in page.entries}
        self._further = page.further
        self._asking, self._read = False, True
        self._paint()
        if not page.entries or self._near_end:
            self._more()  # few fitted among the rows looked at: look on

    def _more(self) -> None:
        if self._further is None or self._asking:
            return
        self._asking = True
        self._show_title()
        query, after = self.shown, self._further

        def show(page: JournalPage) -> None:
            if query == self.shown and after == self._further:
                self._take(page)

        def failed(error: Exception) -> None:
            self._asking = False
            self.shell.report(error)

        self.ask(
            lambda ctx: desk.journal_view.page(ctx, query, after, limit=PAGE), show, topic="further", failed=failed
        )

    def _paint(self) -> None:
        if not may(self.shell.ctx, Permission.JOURNAL):
            self.query_one(Rows).show([])
            return
        rows = [(one.id, self._row(one)) for one in self._entries.values()]
        self.query_one(Rows).show(rows)
        self._show_title()

    def _show_title(self) -> None:
        """How many there are, and how far back it was looked for them."""
        many, words = self._count(len(self._entries)), self._filter_words()
        if self._further and self._asking and words:
            day = datetime.fromisoformat(self._further[0]).astimezone(self.shell.zone)
            many += " · " + _("looked back to {day}…").format(day=f"{day:%d.%m.%Y}")
        self.title_line.show(list_title(_("Journal").upper(), many, filtered=words))

    @property
    def _near_end(self) -> bool:
        """Whether the entry under the cursor is one of the last that are known."""
        keys = list(self._entries)
        entry = self.entry
        return entry is not None and keys.index(entry.id) >= len(keys) - AHEAD

    def _count(self, many: int) -> str:
        if self._further and many:
            return ngettext("the newest entry", "the newest {n} entries", many).format(n=many)
        return ngettext("{n} entry", "{n} entries", many).format(n=many)

    def _nothing(self) -> str:
        if self._further:
            return _("Nothing fits yet; looking further back…")
        if self._filter_words():
            return _("Nothing fits this filter. f changes it, Esc shows all.")
        return _("Nothing was done yet. Whatever anybody changes at the desk stands here.")

    def _filter_words(self) -> str:
        now = self.shown
        number = f" {now.number}" if now.number else ""
        days = f"{now.first or '…'} – {now.last or '…'}" if now.first or now.last else ""
        agent = _("the desk by itself") if now.agent == ENGINE else now.agent
        thing = (entity_word(now.entity) if now.entity else "") + number
        return " · ".join(part for part in (agent, thing.strip(), now.action, days, now.words) if part)

    def _row(self, one: JournalEntry) -> Content:
        now, zone = self.shell.clock.now(), self.shell.zone
        when = moment(one.at, now, zone)
        if one.at.astimezone(zone).year != now.astimezone(zone).year:
            when = when.rpartition(" ")[0]  # the year matters more than the hour, which stands below
        who = 9 if self.size.width < WIDE else 14
        room = max(20, self.size.width - 2 - WHEN - who - 2)
        thing = min(38, room * 45 // 100)
        return Content.assemble(
            (fit(when, WHEN, right=True) + "  ", "$desk-muted"),
            Content(fit(self._person(one.who), who - 1)),
            " ",
            (fit(one.thing, thing - 1), "$primary"),
            " ",
            Content(fit(one.said, room - thing)),
        )

    @staticmethod
    def _person(who: str) -> str:
        return _("the desk") if who == ENGINE else who

    @property
    def entry(self) -> JournalEntry | None:
        """The highlighted one."""
        return self._entries.get(self.query_one(Rows).key or 0)

    @on(Rows.Moved)
    def _moved(self) -> None:
        entry = self.entry
        if entry is None:
            words = Content.styled(self._nothing() if self._read else "", "$desk-muted")
            self.query_one("#detail", Static).update(words, layout=False)
            return
        self.query_one("#detail", Static).update(self._whole(entry), layout=False)
        if self._near_end:
            self._more()
        self.refresh_bindings()

    def _whole(self, one: JournalEntry) -> Content:
        local = one.at.astimezone(self.shell.zone)
        lines: list[Content] = [
            Content.assemble((one.thing, "bold"), f"  {one.said}"),
            Content.styled(
                f"{local:%Y-%m-%d %H:%M:%S %Z} · {self._person(one.who)} · {one.entity} {one.action}", "$desk-muted"
            ),
        ]
        for each in one.differences:
            lines.append(
                Content.assemble(
                    (f"{each.name}: ", "$desk-muted"), each.before, (" → ", "bold"), (each.after, "$text-accent")
                )
            )
        return Content("\n").join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done with this line rests."""
        if action in ("filter", "history", "agent", "open") and not may(self.shell.ctx, Permission.JOURNAL):
            return False
        if action == "open":
            return True if self.is_mounted and self.entry is not None and self.entry.entity in _OPENS else None
        return True

    def _set(self, query: JournalQuery) -> None:
        self.shown = query
        self._further, self._asking = None, False
        self.desk_ready()

    def action_filter(self) -> None:
        """Ask for agent, thing, action, days, words."""

        def read(ctx: Context) -> tuple[list[str], list[tuple[str, str]]]:
            names = [one.name for one in desk.team.agents(ctx, everyone=True)]
            return names, desk.journal_view.entities(ctx)

        def ask(found: tuple[list[str], list[tuple[str, str]]]) -> None:
            self.app.push_screen(JournalFilter(self.shown, *found), lambda query: self._set(query) if query else None)

        self.ask(read, ask, topic="filter")

    def action_agent(self) -> None:
        """What one agent did."""
        entry = self.entry
        if self.shown.agent:
            self._set(replace(self.shown, agent=""))
        elif entry is not None:
            self._set(replace(self.shown, agent=entry.who))

    def action_history(self) -> None:
        """What was done to one thing."""
        entry = self.entry
        if self.shown.number:
            self._set(replace(self.shown, entity="", number=0))
        elif entry is not None:
            self._set(replace(self.shown, entity=entry.entity, number=entry.number))

    def action_back(self) -> None:
        """The filter goes first."""
        if self.shown != JournalQuery():
            self._set(JournalQuery())
        else:
            super().action_back()

    def action_open(self) -> None:
        """Go to the thing."""
        entry = self.entry
        if entry is None:
            return
        if entry.entity == "conversation":
            self.shell.open_conversation(entry.number)
        elif entry.entity == "inquiry":
            self.shell.open_inquiry(entry.number)
        elif entry.entity == "guest":
            self.shell.open_guest(entry.number)
        elif entry.entity == "reservation":
            self.app.push_screen(catalog.load(catalog.RESERVATION)(entry.number))

    def on_option_list_option_selected(self) -> None:
        """A click."""
        self.action_open()
