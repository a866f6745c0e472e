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

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

PAGE = 60
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
        self._asking = False

    def body(self) -> ComposeResult:
        yield Static("", id="title")
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the newest."""
        if not may(self.shell.ctx, Permission.JOURNAL):
            self._title(refusal(Permission.JOURNAL), "$text-warning")
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
        self._asking = False
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
        count, words = len(self._entries), self._filter_words()
        many = ngettext("{n} entry", "{n} entries", count).format(n=count) + ("+" if self._further else "")
        back = ""
        if self._further and self._asking and words:
            day = datetime.fromisoformat(self._further[0]).astimezone(self.shell.zone)
            back = _("looked back to {day}…").format(day=f"{day:%d.%m.%Y}")
        if not count:
            many = "" if back else _("nothing here: x shows everything") if words else _("nothing was done yet")
        self._title(" · ".join(part for part in (many, back, words) if part))

    @property
    def _near_end(self) -> bool:
        """Whether the entry under the cursor is one of the last that are known."""
        keys = list(self._entries)
        entry = self.entry
        return entry is not None and keys.index(entry.id) >= len(keys) - AHEAD

    def _title(self, words: str, style: str = "dim") -> None:
        self.query_one("#title", Static).update(Content.assemble((_("Journal"), "bold"), (f"  {words}", style)))

    def _filter_words(self) -> str:
        now = self.shown
        number = f" {now.number}" if now.number else ""
        days = f"{now.first or '…'} – {now.last or '…'}" if now.first or now.last else ""
        agent = _("the desk by itself") if now.agent == ENGINE else now.agent
        thing = (entity_word(now.entity) if now.entity else "") + number
        return " · ".join(part for part in (agent, thing.strip(), now.action, days, now.words) if part)

    def _row(self, one: JournalEntry) -> Content:
        local = one.at.astimezone(self.shell.zone)
        room = max(10, self.size.width - 2 - 17 - 12 - 2)
        thing = min(34, room // 2)
        return Content.assemble(
            (f" {local:%d.%m.%y %H:%M}  ", "dim"),
            Content(fit(one.who, 11)),
            " ",
            (fit(one.thing, thing), "$primary"),
            " ",
            Content(fit(one.said, room - thing - 1)),
        )

    @property
    def entry(self) -> JournalEntry | None:
        """The highlighted one."""
        return self._entries.get(self.query_one(Rows).key or 0)

    @on(Rows.Moved)
    def _moved(self) -> None:
        entry = self.entry
        if entry is None:
            self.query_one("#detail", Static).update("", layout=False)
            return
        self.query_one("#detail", Static).update(self._whole(entry), layout=False)
        if self._near_end:
            self._more()
        self.refresh_bindings()

    def _whole(self, one: JournalEntry) -> Content:
        local = one.at.astimezone(self.shell.zone)
        lines: list[Content] = [
            Content.assemble((one.thing, "bold"), f"  {one.said}"),
            Content.styled(f"{local:%Y-%m-%d %H:%M:%S %Z} · {one.who} · {one.entity} {one.action}", "dim"),
        ]
        for each in one.differences:
            lines.append(
                Content.assemble((f"{each.name}: ", "dim"), each.before, (" → ", "bold"), (each.after, "$text-accent"))
            )
        return Content("\n").join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What cannot be done with this line rests."""
        if action in ("filter", "mine", "thing", "clear", "open") and not may(self.shell.ctx, Permission.JOURNAL):
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
            form = JournalFilter(self.shown, *found)
            self.app.push_screen(form, lambda said: self._set(form.query_now) if said else None)

        self.ask(read, ask, topic="filter")

    def action_mine(self) -> None:
        """What one agent did."""
        entry = self.entry
        if self.shown.agent:
            self._set(replace(self.shown, agent=""))
        elif entry is not None:
            known = entry.who != "engine"
            self._set(replace(self.shown, agent=entry.who if known else ENGINE))

    def action_thing(self) -> None:
        """What was done to one thing."""
        entry = self.entry
        if self.shown.number:
            self._set(replace(self.shown, entity="", number=0))
        elif entry is not None:
            self._set(replace(self.shown, entity=entry.entity, number=entry.number))

    def action_clear(self) -> None:
        """Everything."""
        self._set(JournalQuery())

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
