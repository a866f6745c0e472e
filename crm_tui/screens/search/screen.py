"""The search screen: one box, results as you type."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.views import Changes, SearchHit
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.search.actions import ACTIONS
from crm_tui.screens.search.rows import HitView
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

LIMIT = 200
"""Results shown; the newest. A hundred more change nothing for a reader, another word does."""


class SearchScreen(DeskScreen[None]):
    """Searches mail while one types; Enter opens, Esc leaves. The last query of the session is kept."""

    CSS = """
    SearchScreen #query { height: 3; border: round $desk-line; background: $surface; padding: 0 1; }
    SearchScreen #query:focus { border: round $primary; }
    SearchScreen #said { background: $surface; }
    """
    BINDINGS = bindings(ACTIONS)
    passing: ClassVar[bool] = True
    last_query: ClassVar[str] = ""

    def body(self) -> ComposeResult:
        """Box, what is said about it, results."""
        self.view = HitView(self.shell)
        self.box = Input(
            type(self).last_query,
            placeholder=_(
                'words, "a phrase", from: subject: in:Waitlist is:unanswered has:attachment before:2026-07-01'
            ),
            id="query",
            select_on_focus=True,
        )
        self.said = Line(id="said")
        self.list: RecordList[SearchHit] = RecordList(self.view, self.shell.background, id="hits")
        self.list.can_focus = False
        self.list.steered = True
        self._wrong = (0, 0)
        yield self.box
        yield self.said
        yield self.list

    def on_mount(self) -> None:
        """Type at once."""
        self.box.border_title = Content(_("Search"))
        self.box.focus()
        self._say_how()
        super().on_mount()

    def desk_ready(self) -> None:
        """A query may be typed already."""
        self._search(self.box.value)

    def desk_changed(self, changes: Changes) -> None:
        """New mail may fit."""
        if changes.everything or "conversation" in changes.ids:
            self._search(self.box.value)

    @property
    def results(self) -> RecordList[SearchHit]:
        """The list of results."""
        return self.list

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        type(self).last_query = event.value
        self._search(event.value)

    def _search(self, text: str) -> None:
        if not text.strip():
            self._show([])
            self._say_how()
            return

        def search(ctx: object) -> list[SearchHit]:
            from crm_tui import desk

            return desk.search.search(ctx, text, limit=LIMIT, live=True)  # type: ignore[arg-type]

        self.ask(search, lambda hits: self._found(text, hits), topic="search", failed=self._failed)

    def _found(self, text: str, hits: list[SearchHit]) -> None:
        self.view.empty_text = [
            (_("Nothing fits “{query}”.").format(query=text.strip()), "muted"),
            (_("Fewer words find more; accents and capitals do not matter."), "faint"),
        ]
        self._show(hits)
        words = ngettext("{n} message", "{n} messages", len(hits)).format(n=len(hits))
        if len(hits) == LIMIT:
            words = _("the newest {n}").format(n=LIMIT)
        self.said.show([(" " + words, "muted")], [(_("newest first") + " ", "faint")])

    def _failed(self, error: Exception) -> None:
        """Point at the word that is wrong; the results shown stay."""
        span = getattr(error, "span", None)
        if span is None or not isinstance(error, CrmError):
            self.shell.report(error)
            return
        start, end = span
        pointer: list[Part] = [(" " * (2 + min(start, 60)), ""), ("▔" * max(1, min(end - start, 40)), "bad")]
        self.said.show([*pointer, ("  " + str(error), "bad")])

    def _say_how(self) -> None:
        self.said.show([(" " + _("Results come as you type."), "muted")])

    def _show(self, hits: list[SearchHit]) -> None:
        self.list.set_source(ListSource(hits), keep=None)

    @on(RecordList.Opened)
    @on(Input.Submitted)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the result under the cursor at its message."""
        hit = self.list.current
        if hit is not None:
            message = hit.id if hit.kind == "message" else None
            self.shell.open_conversation(hit.conversation, message)

    def action_down(self) -> None:
        """Next result."""
        self.list.action_down()

    def action_up(self) -> None:
        """Result before."""
        self.list.action_up()

    def action_page_down(self) -> None:
        """One page down."""
        self.list.action_page_down()

    def action_page_up(self) -> None:
        """One page up."""
        self.list.action_page_up()
