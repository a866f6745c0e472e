"""Suggested duplicates: looked for in the background, gone through one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Cancelled
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.merges.duplicate_views import SuggestionView
from crm_tui.rules.suggestions import Suggestion
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.duplicates.actions import SUGGESTIONS
from crm_tui.screens.duplicates.progress import SearchProgress
from crm_tui.screens.duplicates.rows import SuggestionRow, SuggestionSource, SuggestionsView, counts_of, sign_of
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.merges.duplicates_search import Search


class DuplicatesScreen(DeskScreen[None]):
    """The suggestions, the surest first. Enter shows a pair side by side; ``x`` says that they are not the same."""

    CSS = """
    DuplicatesScreen #title { background: $surface; }
    DuplicatesScreen #detail { display: none; }
    DuplicatesScreen.-three-panes #detail { display: block; width: 56; border-left: solid $desk-line; padding: 0 1; }
    """
    BINDINGS = bindings(SUGGESTIONS)
    AUTO_FOCUS: ClassVar[str | None] = "RecordList"

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Suggestion] = []
        self._gone: frozenset[int] = frozenset()
        self._search: Search | None = None
        self._progress: SearchProgress | None = None
        self._stopped = False

    def body(self) -> ComposeResult:
        """Title, list, and what is known of the guests where there is room."""
        self.title_line = Line(id="title")
        self.view = SuggestionsView()
        self.list: RecordList[SuggestionRow] = RecordList(
            self.view, self.shell.background, markable=False, id="suggestions"
        )
        yield self.title_line
        with Horizontal():
            yield self.list
            with VerticalScroll(id="detail", can_focus=False):
                yield Static("", id="about")

    def desk_ready(self) -> None:
        """Begin to look."""
        if self._search is None and not self._found and not self._stopped:
            self._look()

    def on_unmount(self) -> None:
        """Nobody waits for the answer any more."""
        if self._search is not None:
            self._search.cancel()

    @property
    def searching(self) -> bool:
        """A search is under way."""
        return self._search is not None

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [
            ("●", _("almost certainly the same")),
            ("◐", _("probably the same")),
            ("○", _("perhaps the same")),
            ("⌂", _("only an address or a number in common: a family, a firm")),
        ]

    # Looking

    def _look(self) -> None:
        ctx = self.shell.ctx
        if ctx is None:
            return
        search = desk.duplicates_search.Search(ctx)
        progress = SearchProgress(lambda: self.call_later(self._title))
        self._search, self._progress, self._stopped = search, progress, False
        self.ask(lambda _ctx: search.run(progress), self._looked, failed=self._failed)
        if not self._found:
            self.list.set_source(ListSource[SuggestionRow](()))
        self._title()
        self._say_empty()

    def _looked(self, found: list[Suggestion]) -> None:
        self._search = self._progress = None
        self._found, self._gone = found, frozenset()
        self._read()

    def _failed(self, error: Exception) -> None:
        self._search = self._progress = None
        self._stopped = True
        if not self.is_attached:
            return
        if not isinstance(error, Cancelled):
            self.shell.report(error)
        self._title()
        self._say_empty()

    def action_search(self) -> None:
        """Look again, or stop looking."""
        if self._search is None:
            self._look()
        else:
            self._search.cancel()

    # Showing

    def _read(self) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            views = lambda some: desk.duplicates.views(ctx, some)  # noqa: E731
            self.list.set_source(SuggestionSource(self._found, self._gone, views), keep=self.list.current)
        self._title()
        self._say_empty()

    def _title(self) -> None:
        if self._progress is not None:
            right = [(self._progress.words + " · " + _("s stops") + " ", "accent")]
        elif self._stopped:
            right = [(_("stopped · s looks again") + " ", "warn")]
        else:
            right = []
        left = [one for place, one in enumerate(self._found) if place not in self._gone]
        self.title_line.show(list_title(_("Duplicates").upper(), counts_of(left) if left else ""), right)

    def _say_empty(self) -> None:
        if self.searching:
            self.view.empty_text = [(_("Looking for guests who may be the same…"), "muted")]
        elif self._stopped:
            self.view.empty_text = [(_("The search was stopped; s looks again."), "muted")]
        else:
            self.view.empty_text = [
                (_("Nobody seems to be in the client base twice."), "muted"),
                (_("s looks again."), "muted"),
            ]
        self.list.refresh()

    @on(RecordList.Highlighted)
    @on(RecordList.Loaded)
    def _moved(self) -> None:
        row = self.list.current
        self.query_one("#about", Static).update(_about(row.view) if row is not None else Content(""))
        self.refresh_bindings()

    def desk_changed(self, changes: Changes) -> None:
        """Guests were merged, taken apart, told apart or changed: look at what concerns them."""
        touched = changes.ids.get("guest", ())
        if not (changes.everything or touched) or not self._found:
            return
        numbers = {*touched}
        places = [
            place for place, one in enumerate(self._found) if changes.everything or not numbers.isdisjoint(one.guests)
        ]

        def look(ctx: Context) -> tuple[list[int], list[bool]]:
            found = desk.duplicates.views(ctx, [self._found[place] for place in places])
            return places, [one is None for one in found]

        self.ask(look, self._checked, topic="standing")

    def _checked(self, answer: tuple[list[int], list[bool]]) -> None:
        places, gone = answer
        away = {place for place, done in zip(places, gone, strict=True) if done}
        self._gone = frozenset((self._gone - {*places}) | away)
        self._read()

    # Acting

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a suggestion there is nothing to do with it."""
        if action in {"apart", "open_pair", "profile"}:
            return True if self.is_mounted and self.list.current is not None else None
        return True

    @on(RecordList.Opened)
    def action_open_pair(self) -> None:
        """Side by side."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(catalog.load(catalog.GUEST_MERGE)(row.view.guests), lambda _result: self._again(row))

    def _again(self, row: SuggestionRow) -> None:
        self._recheck([row.id])

    def _recheck(self, places: Sequence[int]) -> None:
        def look(ctx: Context) -> tuple[list[int], list[bool]]:
            found = desk.duplicates.views(ctx, [self._found[place] for place in places])
            return [*places], [one is None for one in found]

        self.ask(look, self._checked, topic="standing")

    def action_profile(self) -> None:
        """The profile of the first one."""
        row = self.list.current
        if row is not None and catalog.exists(catalog.GUEST):
            self.app.push_screen(catalog.load(catalog.GUEST)(row.view.guests[0]))

    def action_apart(self) -> None:
        """They are not the same; this suggestion goes for good, unless it is taken back."""
        row = self.list.current
        if row is None:
            return
        guests = row.view.guests

        def done(count: int) -> None:
            said = ngettext(
                "Not the same: not suggested again · z takes it back",
                "Not the same, {n} pairs: not suggested again · z takes it back",
                count,
            )
            self.shell.tell(said.format(n=count))
            self._recheck([row.id])

        self.ask(lambda ctx: desk.duplicates.tell_apart(ctx, guests), done, in_order=True)


def _about(view: SuggestionView) -> Content:
    """All that is known of the guests, and what the suggestion rests on."""
    sign, _look = sign_of(view)
    lines: list[Content] = [
        Content.assemble((f"{sign} {view.score} ", "bold"), (view.words, "$desk-muted")),
        Content(""),
    ]
    for number, label in zip(view.guests, view.labels, strict=False):
        name, *more = label.split(" · ")
        lines.append(Content.assemble((name, "bold"), (f"  #{number}", "$desk-muted")))
        lines += [Content("  " + one) for one in more]
    return Content("\n").join(lines)
