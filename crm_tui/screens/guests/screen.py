"""The list of guests: found as one types, chosen by criteria, marked and acted upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.guest_views import GuestListRow
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.guests import list_calls as calls
from crm_tui.screens.guests.actions import LIST
from crm_tui.screens.guests.rows import GuestList, GuestRowView, GuestSource, signs
from crm_tui.screens.roles import may_merge
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.views import Changes
    from crm_tui.screens.guests.tags import TagAnswer

NEEDS = {
    "package": catalog.PACKAGE_FROM,
    "export": catalog.GUEST_EXPORT,
    "merge": catalog.GUEST_MERGE,
    "edit": catalog.GUEST_FORM,
    "new": catalog.GUEST_FORM,
}
"""The screens that actions lead to."""


class SearchBox(Input):
    """The line that guests are searched in; Tab and the arrows lead to what was found."""

    def on_key(self, event: events.Key) -> None:
        """Moving moves in the list."""
        screen = self.screen
        if isinstance(screen, GuestsScreen) and screen.steer(event.key):
            event.stop()
            event.prevent_default()


class GuestsScreen(DeskScreen[None]):
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
        self._open_soon = False
        self._read_text: str | None = None

    def body(self) -> ComposeResult:
        """Box, title, list."""
        self.view = GuestRowView()
        self.box = SearchBox(
            placeholder=_("half a name, digits of a number, a mail, 12.05.1985, a reference, a city"), id="query"
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
        self._show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the list."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown; the cursor stays on its guest."""
        if changes.everything or changes.ids.keys() & set(self.asks_for):
            self.list.reload()
            self._find_words()

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

    def _read(self, keep: GuestListRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is None:
            return
        from crm_tui.desk.guest_lists import GuestQuery

        self.view.empty_text = empty_text(self.asked)
        self.list.no_more_everyone()
        self._read_text = self.box.value
        self.list.set_source(GuestSource(ctx, GuestQuery(self.asked, self.order)), keep=keep)

    def _find_words(self) -> None:
        """What is asked, in words; names of attributes and packages are the desk's."""
        criteria = self.criteria

        def say(words: str) -> None:
            self.words = words
            self._show_title()

        if criteria.empty:
            say("")
        else:
            self.ask(lambda ctx: calls.words(ctx, criteria), say, topic="words")

    def _show_title(self) -> None:
        total = self.list.total
        count = ngettext("{n} guest", "{n} guests", total).format(n=f"{total:,}".replace(",", " "))
        found = f"“{' '.join(self.box.value.split())}”" if self.box.value.strip() else ""
        order = _("newest first") if self.order == "newest" else ""
        filtered = " · ".join(word for word in (self.words, found, order) if word)
        marked = total if self.list.everyone else len(self.list.marked)
        title = list_title(_("Guests").upper(), count, filtered=filtered, marked=marked)
        self.title_line.show(title, [(_("n new") + " ", "muted")])

    @on(RecordList.Loaded)
    def _list_changed(self) -> None:
        self._show_title()
        if self._open_soon and self._shows_what_is_typed():
            self._open_soon = False
            self._open()

    @on(RecordList.MarksChanged)
    def _marks_changed(self) -> None:
        self._show_title()
        self.refresh_bindings()

    @on(RecordList.Failed)
    def _list_failed(self, event: RecordList.Failed) -> None:
        event.stop()
        self.shell.report(event.error)

    # The search

    def action_find(self) -> None:
        """Type in the box."""
        self.box.display = True
        self.box.focus()
        self.list.steered = True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._open_soon = False
        self._read()
        self._show_title()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Open the guest under the cursor, once what was typed last is found."""
        event.stop()
        if self._shows_what_is_typed():
            self._open()
        else:
            self._open_soon = True

    def _shows_what_is_typed(self) -> bool:
        return not self.list.reading and self._read_text == self.box.value

    def steer(self, key: str) -> bool:
        """A key in the box that is for the list; False for one that is not."""
        moves = {
            "down": self.list.action_down,
            "up": self.list.action_up,
            "pagedown": self.list.action_page_down,
            "pageup": self.list.action_page_up,
            "tab": self._to_list,
        }
        move = moves.get(key)
        if move is not None:
            move()
        return move is not None

    def _to_list(self) -> None:
        self.list.steered = False
        self.list.focus(scroll_visible=False)
        self.box.display = bool(self.box.value)

    def action_back(self) -> None:
        """First the search goes, then the filter."""
        if self.box.display and (self.box.value or self.box.has_focus):
            self.box.value = ""
            self._to_list()
        elif self.list.everyone or self.list.marked:
            self.list.action_unmark_all()
        elif not self.criteria.empty:
            self.show(GuestCriteria())

    # The filter

    def action_kind(self) -> None:
        """All, persons, companies, and round again."""
        kinds = ("", "person", "company")
        self.show(replace(self.asked, kind=kinds[(kinds.index(self.criteria.kind) + 1) % len(kinds)]))

    def action_sort(self) -> None:
        """By name, or the newest first."""
        self.order = "newest" if self.order == "name" else "name"
        self._read()
        self._show_title()

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
            self.app.push_screen(catalog.load(catalog.GUEST)(row.id))
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
        if action == "merge" and not self.list.everyone and len(self.list.marked) < 2:
            return None
        return super().check_action(action, parameters)

    # Acting on the marked, on all found, or on the one under the cursor

    def chosen(self) -> calls.Chosen | None:
        """On whom a command acts; None if there is nobody."""
        if self.list.everyone:
            return calls.Chosen((), self.asked, self.list.total)
        ids = tuple(row.id for row in self.list.chosen)
        return calls.Chosen(ids, None, len(ids)) if ids else None

    def action_mark_all(self) -> None:
        """Mark all that were found, or nobody."""
        self.list.mark_everyone()

    def action_mark_range(self, by: int) -> None:
        """Mark this one and the next."""
        self.list.mark_towards(by)

    def action_tag(self) -> None:
        """Choose attributes to put on and to take off."""
        chosen = self.chosen()
        if chosen is not None:
            self.ask(lambda ctx: calls.attributes(ctx, chosen), lambda found: self._ask_tags(chosen, found))

    def _ask_tags(self, chosen: calls.Chosen, found: calls.Tags) -> None:
        from crm_tui.screens.guests.tags import TagPick

        def answered(answer: TagAnswer | None) -> None:
            if answer is not None and (answer.add or answer.remove):
                self.ask(lambda ctx: calls.tag(ctx, chosen, answer.add, answer.remove), self._tagged, in_order=True)

        self.app.push_screen(TagPick(chosen.count, found), answered)

    def _tagged(self, count: int) -> None:
        words = ngettext("{n} guest tagged · z takes it back", "{n} guests tagged · z takes it back", count)
        self.shell.tell(words.format(n=count) if count else _("They are tagged so already."))
        self._after_command()

    def _after_command(self) -> None:
        self.list.action_unmark_all()
        self.list.reload()

    def action_archive(self) -> None:
        """Put guests away, or take archived ones back."""
        chosen, back = self.chosen(), self.criteria.archived
        if chosen is None:
            return

        def done(count: int) -> None:
            put = ngettext("{n} guest archived · z takes it back", "{n} guests archived · z takes it back", count)
            taken = ngettext("{n} guest is back · z undoes it", "{n} guests are back · z undoes it", count)
            self.shell.tell((taken if back else put).format(n=count))
            self._after_command()

        self.ask(lambda ctx: calls.archive(ctx, chosen, back=back), done, in_order=True)

    def action_package(self) -> None:
        """Make a package of them; one of all that were found can be refreshed by the search."""
        self._with_ids(self._make_package)

    def _make_package(self, ids: list[int]) -> None:
        criteria = self.asked.to_json() if self.list.everyone else {}
        self.app.push_screen(catalog.load(catalog.PACKAGE_FROM)(criteria, ids), lambda _made: None)

    def action_merge(self) -> None:
        """Show the marked ones beside each other."""
        if may_merge(self.shell):
            self._with_ids(lambda ids: self._show_with(catalog.GUEST_MERGE, ids))

    def action_export(self) -> None:
        """Write them to a file."""
        self._with_ids(lambda ids: self._show_with(catalog.GUEST_EXPORT, ids))

    def _show_with(self, path: str, ids: list[int]) -> None:
        self.app.push_screen(catalog.load(path)(ids))

    def _with_ids(self, then: calls.Then) -> None:
        chosen = self.chosen()
        if chosen is not None:
            self.ask(lambda ctx: calls.ids(ctx, chosen), then)


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
