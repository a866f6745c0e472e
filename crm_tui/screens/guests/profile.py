"""A guest on one screen: who it is at a glance, and one history (SPEC §6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.guest_history_views import KIND_NAMES, EntryKind, GuestEntry
from crm_tui.desk.client_base.guest_profile_views import ProfileView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.guests import profile_facts
from crm_tui.screens.guests.profile_acting import Acting
from crm_tui.screens.guests.profile_actions import PROFILE
from crm_tui.screens.guests.profile_history import (
    GuestHistoryRow,
    GuestHistorySource,
    GuestHistoryView,
    HistoryList,
    rows_of,
    signs,
)
from crm_tui.screens.guests.profile_opening import Opening
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.times import minute

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import GuestListRow
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

Beside = Callable[[int], int | None]
"""Moves the cursor of the list that the guest was opened from; the number of the guest there."""

TWO_PANES = 110
THREE_PANES = 150
FACTS_AT_MOST = 8
"""Lines of facts above the history on a narrow desk; Tab leads there to read the rest."""

_TELLS = frozenset(
    {
        "guest",
        "inquiry",
        "conversation",
        "message",
        "memo",
        "internal",
        "reminder",
        "event",
        "event type",
        "feedback",
        "reservation",
    }
    | {"payment", "attribute", "consent", "agent", "mailbox", "outbox"}
)
"""Changes of these may change what is shown."""


class GuestScreen(Acting, Opening, DeskScreen[None]):
    """All of one guest: facts over the history, beside it from 110 columns.

    Args:
        number: of the guest; that of one who was merged leads to the one who took it over. Without it nobody is shown until
            :meth:`begin`.
        beside: leads to the next and the one before.
    """

    DEFAULT_CSS = """
    GuestScreen {
        #headline, #summary, #history-title { background: $surface; }
        #columns { height: 1fr; layout: vertical; }
        #facts { height: auto; }
        #story { height: 1fr; }
        &.-two-panes, &.-three-panes {
            #columns { layout: horizontal; }
            #facts { height: 1fr; border-right: solid $desk-line; }
        }
    }
    """
    BINDINGS = bindings(PROFILE)

    def __init__(self, number: int = 0, beside: Beside | None = None) -> None:
        super().__init__()
        self.number = number
        self.found: ProfileView | None = None
        self._beside = beside
        self.only: EntryKind | None = None
        self.newest_first = True
        self.source: GuestHistorySource | None = None
        self.styled = ""
        """The theme whose styles it has, while nobody sees it."""

    def body(self) -> ComposeResult:
        """Two lines that say who it is, facts, history."""
        self.headline = Line(id="headline")
        self.summary = Line(id="summary")
        self.facts = EntryList(lambda: [(_("Nothing is known but the name."), "muted")], id="facts")
        self.title_line = Line(id="history-title")
        self.view = GuestHistoryView(self.shell)
        self.list = HistoryList(self.view, self.shell.background, markable=False, id="entries")
        yield self.headline
        yield self.summary
        with Container(id="columns"):
            yield self.facts
            with Vertical(id="story"):
                yield self.title_line
                yield self.list

    def on_mount(self) -> None:
        """The history has the focus; what is to be shown is asked for at once."""
        self.set_focus(self.list, scroll_visible=False)
        self.tell_header()
        if self.shell.ctx is not None:
            self.desk_ready()

    def update_node_styles(self, animate: bool = True) -> None:
        """Nothing where all styles were found out for what is shown now, before it was shown."""
        styled, self.styled = self.styled, ""
        if styled != self.app.theme:
            super().update_node_styles(animate)

    def begin(self, row: GuestListRow, beside: Beside | None = None, *, shown: bool = False) -> None:
        """Show what a list knows of a guest, unless it is ``shown`` already; :meth:`desk_ready` reads the rest."""
        self.number, self._beside = row.id, beside
        if shown:
            return
        self.headline.show(*profile_facts.headline_of_row(row))
        self.summary.show(profile_facts.summary_of_row(row))
        self.facts.show(profile_facts.facts_of_row(row))
        self._show_title()
        self._size_facts()

    def desk_ready(self) -> None:
        """Read the profile and the first entries."""
        if not self.number:
            return
        number, limit = self.number, max(30, self.app.size.height)
        self.ask(
            lambda ctx: desk.guest_profile.opened(ctx, number, limit),
            self._opened,
            topic="guest",
            failed=self._not_there,
        )

    def desk_changed(self, changes: Changes) -> None:
        """Something of it changed, here or at another desk."""
        if changes.everything or _TELLS & changes.ids.keys():
            self.reload()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.list.repaint()

    def _not_there(self, error: Exception) -> None:
        self.shell.report(error)
        if isinstance(error, NotFound):
            self.dismiss()

    # Showing

    def _opened(self, answer: tuple[ProfileView, Sequence[GuestEntry]]) -> None:
        view, entries = answer
        if view.number != self.number:
            return
        self.show(view)
        self.list.show_rows(rows_of(entries, self.shell), len(entries))
        self._show_title()
        self.call_after_refresh(self._read_all)

    def _read_all(self, *, keep: bool = True) -> None:
        """Read the places of all entries, so that the list knows its length."""
        ctx = self.shell.ctx
        if ctx is None or self.found is None or not self.is_attached:
            return
        self.source = GuestHistorySource(ctx, self.found.guest.id, self.only, self.newest_first, self.shell)
        self.view.empty_text = self._empty()
        self.list.set_source(self.source, keep=self.list.current if keep else None)

    def reload(self) -> None:
        """Read it again; the cursor stays where it is."""
        number = self.number
        self.ask(lambda ctx: desk.guest_profile.get(ctx, number), self.show, topic="guest", failed=self._not_there)
        self.list.reload()

    def show(self, view: ProfileView) -> None:
        """Show who it is."""
        if view.number != self.number:
            return
        self.found = view
        self.headline.show(*profile_facts.headline(view))
        self.summary.show(profile_facts.summary(view))
        self.facts.show(profile_facts.facts(view))
        self._size_facts()
        self.refresh_bindings()

    def _size_facts(self) -> None:
        """Above the history the facts take few lines, and those that it does not need; beside it the whole height."""
        wide = self.app.size.width
        if wide >= TWO_PANES:
            self.facts.styles.height, self.facts.styles.width = "1fr", self._facts_width(wide)
            return
        needed = self.facts.lines_needed
        spare = self.query_one("#columns").size.height - 1 - max(2, self.list.total) if self.source is not None else 0
        self.facts.styles.height, self.facts.styles.width = min(needed, max(FACTS_AT_MOST, spare)), "1fr"

    def _facts_width(self, wide: int) -> int:
        """Room for the longest mail address in one line, if that leaves the history half the screen."""
        least = 46 if wide < THREE_PANES else 56
        mails = self.found.guest.emails if self.found is not None else ()
        longest = max((cell_len(one) for one in mails), default=0)
        return min(max(least, longest + profile_facts.NAMES + 4), max(least, wide // 2))

    def on_resize(self) -> None:
        """Another layout may fit."""
        self._size_facts()

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        self._show_title()
        if self.found is not None:
            self._size_facts()

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        self._show_title()
        self.refresh_bindings()

    @on(RecordList.Opened)
    def _entry_opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.open_entry()

    @on(EntryList.Opened)
    def _fact_opened(self, event: EntryList.Opened) -> None:
        event.stop()
        self.open_fact(event.key)

    def _show_title(self) -> None:
        total = self.list.total
        words = ngettext("{n} entry", "{n} entries", total).format(n=total) if self.source is not None else ""
        only = _("only {kind}").format(kind=_(KIND_NAMES[self.only])) if self.only else ""
        entry = self.entry
        when = ""
        if entry is not None and not entry.dated:
            when = minute(entry.at, self.shell.clock.now(), self.shell.zone) + " · "
        order = _("newest first") if self.newest_first else _("oldest first")
        self.title_line.show(list_title(_("History"), words, filtered=only), [(f"{when}{order} ", "faint")])

    def _empty(self) -> list[tuple[str, str]]:
        if self.only is not None:
            kind = _(KIND_NAMES[self.only])
            return [(_("Nothing of this kind: {kind}.").format(kind=kind), "muted"), (_("f shows all."), "faint")]
        return [(_("Nothing has happened yet."), "muted"), (_("l logs a call, c writes a memo."), "faint")]

    # Where things stand

    @property
    def entry(self) -> GuestEntry | None:
        """The entry under the cursor."""
        row: GuestHistoryRow | None = self.list.current
        return row.entry if row is not None else None

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean, for the help."""
        return signs()

    def action_turn(self) -> None:
        """From the history to the facts and back."""
        other = self.facts if self.focused is self.list else self.list
        self.set_focus(other, scroll_visible=False)
        self.refresh_bindings()

    def action_step(self, by: int) -> None:
        """The next guest of the list, or the one before."""
        number = self._beside(by) if self._beside is not None else None
        if number is not None and number != self.number:
            self.number, self.found, self.source = number, None, None
            self.list.show_rows([], 0)
            self.desk_ready()

    def action_sort(self) -> None:
        """The other way round; the entry stays under the cursor."""
        self.newest_first = not self.newest_first
        self._read_all()

    def filter(self, only: EntryKind | None) -> None:
        """Show one kind of entry, or all."""
        self.only = only
        self._read_all(keep=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now is offered."""
        if action == "step":
            return self._beside is not None
        able = self.able(action)
        return super().check_action(action, parameters) if able is True else able

    def run_on_guest(self, work: Callable[[Context], Any], said: str) -> None:
        """Run a command; when it is done, say so and show the guest as it is now."""

        def done(_result: Any) -> None:
            self.shell.tell(said)
            self.reload()

        if not self.ask(work, done, in_order=True):
            self.shell.tell(_("The desk is still opening."), warning=True)
