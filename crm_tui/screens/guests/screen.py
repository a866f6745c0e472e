"""The list of guests: found as one types, chosen by criteria, marked and acted upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.client_base.guest_views import GuestListRow
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens import catalog
from crm_tui.screens.finding import FindingScreen, SearchBox
from crm_tui.screens.guests import list_calls as calls
from crm_tui.screens.guests.actions import LIST
from crm_tui.screens.guests.keeping import KeepsViews
from crm_tui.screens.guests.list_acting import ActsOnMarked
from crm_tui.screens.guests.rows import GuestList, GuestRowView, GuestSource, signs
from crm_tui.screens.guests.spare import SpareProfile
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

NEEDS = {
    "package": catalog.PACKAGE_FROM,
    "export": catalog.GUEST_EXPORT,
    "merge": catalog.GUEST_MERGE,
    "edit": catalog.GUEST_FORM,
    "new": catalog.GUEST_FORM,
}
"""The screens that actions lead to."""

SHOWN = 0.1
"""Seconds after which what was opened is painted and read, and nobody waits for the desk."""
RESTED = 0.3
"""Seconds without a new list after which a profile is made ready."""


class GuestBox(SearchBox):
    """The line that guests are searched in."""

    BINDINGS = [Binding("escape", "screen.back", N_("All guests"))]


class GuestsScreen(KeepsViews, ActsOnMarked, FindingScreen):
    """Mode 4: the client base, persons and companies."""

    CSS = """
    GuestsScreen #query { height: 3; border: round $desk-line; background: $surface; padding: 0 1; }
    GuestsScreen #query:focus { border: round $primary; }
    GuestsScreen #list-title { background: $surface; }
    """
    BINDINGS = bindings(LIST)
    asks_for: ClassVar[tuple[str, ...]] = ("guest", "attribute", "package", "reservation", "memo")

    def __init__(self) -> None:
        super().__init__()
        self.criteria = GuestCriteria()
        self.order = "name"
        self.words = ""
        self.source: GuestSource | None = None
        self.spare = SpareProfile(self.app)

    def body(self) -> ComposeResult:
        """Box, title, list."""
        self.view = GuestRowView()
        self.box: SearchBox = GuestBox(
            placeholder=_("half a name, 4 digits of a number, a mail, 12.05.1985, a reference, a city"), id="query"
        )
        self.box.display = False
        self.title_line = Line(id="list-title")
        self.list = GuestList(self.view, self.shell.background, id="list")
        yield self.box
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.box.border_title = Content(_("Find a guest"))
        self.list.focus(scroll_visible=False)
        self.show_title()
        self._idle = self.set_interval(RESTED, self._prepare, pause=True)
        super().on_mount()

    def on_screen_resume(self) -> None:
        """A profile was left, or somebody comes here: the next one will be asked for soon."""
        super().on_screen_resume()
        self._prepare_soon()

    def on_screen_suspend(self) -> None:
        """While a profile is read the next one is mounted: who leaves the first opens the second at once."""
        self._idle.pause()
        self.set_timer(SHOWN, self._prepare)

    def _prepare_soon(self) -> None:
        """Have a profile at hand once the hands rest."""
        self._idle.reset()
        self._idle.resume()

    def _prepare(self) -> None:
        self._idle.pause()
        if self.shell.ctx is None:
            return
        if self.is_current:
            self.spare.prepare(self.list.current)
        elif self.app.screen_stack[-2:-1] == [self] and not self.spare.ready:
            self.spare.prepare()

    def desk_ready(self) -> None:
        """Read the list."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown; the cursor stays on its guest."""
        if changes.everything or changes.ids.keys() & set(self.asks_for):
            self.list.reload()
            self._find_words()
        self.views_changed()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the list mean."""
        return signs()

    # What is shown

    @property
    def asked(self) -> GuestCriteria:
        """The criteria with what is typed."""
        return replace(self.criteria, text=self.box.value)

    def show(self, criteria: GuestCriteria) -> None:
        """Show another list."""
        self.criteria = replace(criteria, text="")
        if criteria.text != self.box.value:
            with self.prevent(Input.Changed):
                self.box.value = criteria.text
        self.box.display = bool(criteria.text) or self.box.has_focus
        self._find_words()
        self._read()
        self.refresh_bindings()

    def _read(self, keep: GuestListRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is None:
            return
        from crm_tui.desk.client_base.guest_lists import GuestQuery

        self.view.empty_text = empty_text(self.asked)
        self._read_text = self.box.value
        self.source = GuestSource(ctx, GuestQuery(self.asked, self.order), typed=keep is None)
        self.list.set_source(self.source, keep=keep)

    def _count(self) -> None:
        """Count whom the search finds, where they were shown first."""
        source = self.source
        if source is None or source.counted or self.list.reading:
            return

        def counted(total: int) -> None:
            if source is self.source and not self.list.reading:
                self.list.lengthen(total)
                self.show_title()

        self.ask(lambda _ctx: source.number(), counted, topic="number")

    def _find_words(self) -> None:
        """What is asked, in words; names of attributes and packages are the desk's."""
        criteria = self.criteria

        def say(words: str) -> None:
            self.words = words
            self.show_title()

        if criteria.empty:
            say("")
        else:
            self.ask(lambda ctx: calls.words(ctx, criteria), say, topic="words")

    def show_title(self) -> None:
        total = self.list.total
        count = ngettext("{n} guest", "{n} guests", total).format(n=grouped(total))
        if self.source is not None and not self.source.counted:
            count = _("more than {n} guests").format(n=grouped(total - 1))
        order = _("newest first") if self.order == "newest" else ""
        changed = _("changed: ^s keeps it") if self.kept is not None and not self.as_kept else ""
        filtered = " · ".join(word for word in (changed, self.words, self.quoted, order) if word)
        marked = len(self.list.numbers)
        hidden = min(self.hidden, marked)
        name = (self.kept.name if self.kept is not None else _("Guests")).upper()
        title = list_title(name, count, filtered=filtered, marked=marked, hidden=hidden)
        if self.busy:
            title = [(" " + self.busy, "accent")]
        self.title_line.show(title, [(_("n new") + " ", "muted")])

    @on(RecordList.Loaded)
    def _list_changed(self) -> None:
        self.look_at_marks()
        self.show_title()
        self._count()
        self._prepare_soon()
        self.open_if_waited_for()

    @on(RecordList.Highlighted)
    def _cursor_moved(self) -> None:
        self._prepare_soon()

    @on(RecordList.MarksChanged)
    def _marks_changed(self) -> None:
        self.show_title()
        self.refresh_bindings()

    # The filter

    def action_back(self) -> None:
        """First the search goes, then the marks, then the filter; a view as it is kept is left whole."""
        if self.box.has_focus or (self.box.value and not self.as_kept):
            if self.criteria.empty:
                self.forget_view()
            self.box.value = ""
            self._to_list()
        elif self.list.numbers:
            self.list.action_unmark_all()
        elif not self.criteria.empty or self.kept is not None:
            self.forget_view()
            self.show(GuestCriteria())

    def action_kind(self) -> None:
        """All, persons, companies, and round again."""
        kinds = ("", "person", "company")
        self.show(replace(self.asked, kind=kinds[(kinds.index(self.criteria.kind) + 1) % len(kinds)]))

    def action_sort(self) -> None:
        """By name, or the newest first."""
        self.order = "newest" if self.order == "name" else "name"
        self.refresh_bindings()
        self._read()
        self.show_title()

    def action_filter(self) -> None:
        """The form of all criteria."""
        from crm_tui.screens.guests.filter import FilterForm

        def chosen(criteria: GuestCriteria | None) -> None:
            if criteria is not None:
                self.show(criteria)

        self.app.push_screen(FilterForm(self.asked), chosen)

    # Opening and making

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self._open()

    def _open(self) -> None:
        row = self.list.current
        if row is None:
            return
        if catalog.exists(catalog.GUEST):
            self.spare.open(row, self._beside)
        else:
            self._edit(row.id)

    def action_edit(self) -> None:
        """The form of the guest under the cursor."""
        if self.list.current is not None:
            self._edit(self.list.current.id)

    def _edit(self, guest_id: int) -> None:
        self.app.push_screen(catalog.load(catalog.GUEST_FORM)(guest_id))

    def action_new(self, kind: str) -> None:
        """A new person or company, then its profile."""

        def made(number: int | None) -> None:
            if number is not None:
                self.list.go_to(number)

        self.app.push_screen(catalog.load(catalog.GUEST_FORM)(kind=kind), made)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What another part of the desk does is offered where it is there."""
        if action in NEEDS and not catalog.exists(NEEDS[action]):
            return False
        if action == "merge" and not self.marking and len(self.list.numbers) < 2:
            return None
        if action == "keep" and self.guest_query.empty:
            return False
        return super().check_action(action, parameters)


def empty_text(criteria: GuestCriteria) -> list[Part]:
    """What an empty list says."""
    if criteria.empty:
        return [
            (_("No guests yet. Whoever writes or calls stands here once you take them in."), "muted"),
            (_("n takes in a person, N a company; g f reads a file of them."), "key"),
        ]
    if criteria.text.strip():
        words = _("Nobody is found by “{text}”.").format(text=" ".join(criteria.text.split()))
        more = _("Fewer letters find more; accents and capitals do not matter. Esc shows everybody.")
    else:
        words, more = _("Nobody fits this filter."), _("f changes it, Esc shows everybody.")
    return [(words, "muted"), (more, "key")]
