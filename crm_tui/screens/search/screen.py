"""The search screen: one box, results as you type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import Changes, SavedViewView, SearchHit
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.search.actions import ACTIONS
from crm_tui.screens.search.keeping import KeepView, say_kept
from crm_tui.screens.search.opening import open_hit
from crm_tui.screens.search.rows import Found, HitView, signs
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

PAUSE = 0.6
"""Seconds without a key after which a query counts as written: before that its last word is a beginning."""

LIMIT = 200
"""Results shown; the newest. A hundred more change nothing for a reader, another word does."""


class SearchScreen(DeskScreen[None]):
    """Searches mail, inquiries, guests and reservations while one types; Enter opens, Esc leaves. The last query of the session is kept."""

    CSS = """
    SearchScreen #query { height: 3; border: round $desk-line; background: $surface; padding: 0 1; }
    SearchScreen #query:focus { border: round $primary; }
    SearchScreen #said { background: $surface; }
    SearchScreen #wrong { background: $surface; height: auto; max-height: 5; padding: 0 2; }
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
                'words, "a phrase", from: subject: guest: in:Waitlist is:unanswered channel:phone before:2026-07-01'
            ),
            id="query",
            select_on_focus=True,
        )
        self.said = Line(id="said")
        self.wrong = Static("", id="wrong")
        self.wrong.display = False
        self.list: RecordList[Found] = RecordList(self.view, self.shell.background, id="hits")
        self.list.can_focus = False
        self.list.steered = True
        self._pause: Timer | None = None
        yield self.box
        yield self.said
        yield self.wrong
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
        """What is new may fit."""
        if changes.everything or changes.ids.keys() & {"conversation", "inquiry", "guest", "memo", "reservation"}:
            self._search(self.box.value)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the results mean."""
        return signs()

    @property
    def results(self) -> RecordList[Found]:
        """The list of results."""
        return self.list

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        type(self).last_query = event.value
        self._search(event.value)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._check)

    def _check(self, found: Callable[[], object] | None = None) -> None:
        """Typing has paused, or Enter was pressed: read the query as a whole and say what is wrong with it."""
        text = self.box.value

        def check(ctx: Context) -> None:
            from crm_tui import desk

            desk.search.check(ctx, text)

        def right(_none: None) -> None:
            if found is not None and text == self.box.value:
                found()

        if text.strip():
            self.ask(check, right, topic="check", failed=lambda error: self._checked(text, error))

    def _checked(self, text: str, error: Exception) -> None:
        if text == self.box.value:
            self._failed(error)

    def _search(self, text: str) -> None:
        if not text.strip():
            self._show([])
            self._say_how()
            return

        def search(ctx: Context) -> list[SearchHit]:
            from crm_tui import desk

            return desk.search.search(ctx, text, limit=LIMIT, live=True)

        self.ask(search, lambda hits: self._found(text, hits), topic="search", failed=self._failed)

    def _found(self, text: str, hits: list[SearchHit]) -> None:
        self.view.empty_text = [
            (_("Nothing fits “{query}”.").format(query=text.strip()), "muted"),
            (_("Fewer words find more; accents and capitals do not matter."), "faint"),
        ]
        self._show(hits)
        words = _counted(hits)
        if len(hits) == LIMIT:
            words = _("the newest {n}").format(n=LIMIT)
        self.wrong.display = False
        self.said.show([(" " + words, "muted")], [(_("newest first") + " ", "faint")])

    def _failed(self, error: Exception) -> None:
        """Point at the word that is wrong; the results shown stay."""
        span = getattr(error, "span", None)
        if span is None or not isinstance(error, CrmError):
            self.shell.report(error)
            return
        start, end = span
        self.said.show([(" " * (2 + min(start, 60)), ""), ("▔" * max(1, min(end - start, 40)), "bad")])
        words = " ".join(part for part in (error.message, error.hint) if part)
        self.wrong.update(Content.styled("✕ " + words, "$text-error"))
        self.wrong.display = True
        if not self.list.total:
            self.view.empty_text = []  # what was said of an earlier query
            self.list.repaint()

    def _say_how(self) -> None:
        self.wrong.display = False
        self.said.show([(" " + _("Results come as you type."), "muted")])

    def _show(self, hits: list[SearchHit]) -> None:
        self.list.set_source(ListSource([Found(hit) for hit in hits]), keep=None)

    @on(RecordList.Opened)
    def action_open(self) -> None:
        """Open the result under the cursor, a mail at its message, if the query means what was found."""
        self._check(self._open)

    def _open(self) -> None:
        row = self.list.current
        if row is not None:
            open_hit(self.shell, row.hit)

    def action_keep(self) -> None:
        """Keep the query as a view, if it means something."""
        query = self.box.value.strip()

        def kept(view: SavedViewView | None) -> None:
            if view is not None:
                say_kept(self.shell, view)

        if not query:
            self.shell.tell(_("Type a search first."), warning=True)
            return
        self._check(lambda: self.app.push_screen(KeepView(query), kept))

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


def _counted(hits: Sequence[SearchHit]) -> str:
    """How many of each kind."""
    number = Counter(hit.kind for hit in hits)
    words = {
        "message": ngettext("{n} message", "{n} messages", number["message"]),
        "inquiry": ngettext("{n} inquiry", "{n} inquiries", number["inquiry"]),
        "guest": ngettext("{n} guest", "{n} guests", number["guest"]),
        "reservation": ngettext("{n} reservation", "{n} reservations", number["reservation"]),
    }
    return " · ".join(words[kind].format(n=number[kind]) for kind in words if number[kind]) or _("nothing found")
