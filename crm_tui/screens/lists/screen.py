"""Attributes, event types, codes and items: the lists that an administrator keeps and everybody chooses from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, language, ngettext
from crm_tui.rules.money import decimal_sign, plainly
from crm_tui.rules.vocabulary import Role
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.lists.actions import LISTS
from crm_tui.screens.lists.item import ItemBox
from crm_tui.screens.money.words import amount
from crm_tui.screens.packages.naming import needed
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import Answer, Ask, PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.line import Line
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.quality.quality_views import ItemView

ATTRIBUTES, TYPES, CODES, ITEMS = "attributes", "types", "codes", "items"
ORDER = (ATTRIBUTES, TYPES, CODES, ITEMS)
"""The lists as Tab goes through them."""


class Entry(NamedTuple):
    """One line of a list: its number, name, how many guests, events or entries have it, its version; of an item the value
    of one, as it is shown and as it is typed."""

    id: int
    name: str
    uses: int
    version: int
    value: str = ""
    typed: str = ""


class EntryRows:
    """Draws the entries of either list."""

    empty_text: Sequence[Part] = ()

    def __init__(self, counted: Callable[[int], str]) -> None:
        self._counted = counted

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: Entry, width: int) -> list[Part]:
        """The pieces of a line."""
        worth = 14 if row.value else 0
        name = min(64, width - 18 - worth)
        told = self._counted(row.uses) if row.uses else "–"
        blank = " " * max(0, width - name - worth - 17)
        return [
            (" " + fit(row.name, name), "strong"),
            (fit(row.value, worth, right=True), ""),
            (fit(told, 16, right=True), "muted"),
            (blank, ""),
        ]


class ListsScreen(DeskScreen[None]):
    """Four lists, one at a time; Tab changes."""

    CSS = "ListsScreen Line { background: $surface; }"
    BINDINGS = bindings(LISTS)

    def __init__(self, which: str = ATTRIBUTES) -> None:
        super().__init__()
        self._which = which
        self._found: Sequence[Entry] = ()
        self._admins: Sequence[str] = ()

    def body(self) -> ComposeResult:
        """Tabs and list."""
        self.view = EntryRows(self._counted)
        self.title_line = Line(id="list-title")
        self.why = Line(id="why")
        self.list: RecordList[Entry] = RecordList(self.view, self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.why
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def _counted(self, number: int) -> str:
        if self._which == TYPES:
            return ngettext("{n} event", "{n} events", number).format(n=number)
        if self._which in (CODES, ITEMS):
            return ngettext("{n} entry", "{n} entries", number).format(n=number)
        return ngettext("{n} guest", "{n} guests", number).format(n=number)

    def desk_ready(self) -> None:
        """Read the list that is shown."""
        which = self._which

        def read(ctx: Context) -> tuple[list[Entry], list[str]]:
            admins = [one.name for one in desk.team.agents(ctx) if one.role == Role.ADMIN]
            if which == TYPES:
                types = desk.event_types.listed(ctx)
                return [Entry(one.id, one.name, one.events, one.version) for one in types], admins
            if which == CODES:
                codes = desk.quality_codes.listed(ctx)
                return [Entry(one.id, one.name, one.uses, one.version) for one in codes], admins
            if which == ITEMS:
                return [_item(one) for one in desk.quality_items.listed(ctx)], admins
            found = desk.attributes.listed(ctx)
            return [Entry(one.id, one.name, one.guests, one.version) for one in found], admins

        self.ask(read, self._show, topic="lists")

    def desk_changed(self, changes: Changes) -> None:
        """A list or its uses changed."""
        touched = {"attribute", "event type", "guest", "event", "agent", "feedback"}
        touched |= {"quality code", "quality item", "quality cost"}
        if changes.everything or changes.ids.keys() & touched:
            self.desk_ready()

    def _show(self, answer: tuple[list[Entry], list[str]]) -> None:
        self._found, self._admins = answer
        how = {
            CODES: _("+ puts one on it. Feedback and costs of quality are filed under them."),
            ITEMS: _("+ puts one on it, with its value. They are what guests are given."),
        }
        tagged = _("+ puts one on it. Guests are tagged from their list and profile.")
        self.view.empty_text = [
            (_("Nothing on this list yet."), "muted"),
            (how.get(self._which, tagged), "key"),
        ]
        self.list.set_source(ListSource(self._found), keep=self.list.current)
        self.list.repaint()
        self._titles()

    def _titles(self) -> None:
        words = [(ATTRIBUTES, _("Attributes")), (TYPES, _("Event types")), (CODES, _("Codes")), (ITEMS, _("Items"))]
        parts: list[Part] = []
        for which, name in words:
            here = which == self._which
            count = f" {len(self._found)}" if here else ""
            parts += [(f" {name.upper() if here else name}{count} ", "title" if here else "muted")]
        self.title_line.show(parts)
        why = self._why_not()
        self.why.display = bool(why)
        self.why.show([(" " + why, "warn")])
        self.refresh_bindings()

    def _why_not(self) -> str:
        ctx = self.shell.ctx
        if ctx is None or self.may_change:
            return ""
        if ctx.readonly:
            return _("This desk was opened to read only.")
        return _("Only an administrator changes these lists: {names}.").format(names=", ".join(self._admins))

    @property
    def may_change(self) -> bool:
        """Whether the agent at the desk is an administrator, and the desk can write."""
        ctx = self.shell.ctx
        if ctx is None or ctx.readonly:
            return False
        return ctx.actor.id is None or ctx.actor.role == Role.ADMIN

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What a role may not do is not offered; the note above the list says whose it is."""
        if action in ("add", "rename", "remove", "merge") and not self.may_change:
            return False
        if action == "merge":
            return False if self._which != ATTRIBUTES else True if len(self._found) > 1 else None
        if action in ("rename", "remove"):
            return True if self._found else None
        return True

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        if self.may_change:
            self.action_rename()

    def action_other(self) -> None:
        """The next list."""
        self._which = ORDER[(ORDER.index(self._which) + 1) % len(ORDER)]
        self.desk_ready()

    def _room(self) -> Any:
        rooms = {TYPES: "event_types", CODES: "quality_codes", ITEMS: "quality_items", ATTRIBUTES: "attributes"}
        return getattr(desk, rooms[self._which])

    def action_add(self) -> None:
        """Ask for a name, and put it on the list."""
        if self._which == ITEMS:
            self._item_box(None)
            return

        def named(name: str | None) -> None:
            if name:
                said = _("“{name}” is on the list · z takes it back").format(name=name)
                self.ask(lambda ctx: self._room().add(ctx, name), self._told(said))

        titles = {TYPES: _("Name of the new type of event"), CODES: _("Name of the new code")}
        title = titles.get(self._which, _("Name of the new attribute"))
        self.app.push_screen(AskLine(title, judge=needed), named)

    def _item_box(self, row: Entry | None) -> None:
        """Ask for name and value of an item."""

        def store(ctx: Context, name: str, value: str) -> None:
            if row is None:
                desk.quality_items.add(ctx, name, value)
            else:
                desk.quality_items.change(ctx, row.id, row.version, name=name, value=value)

        def stored(done: bool | None) -> None:
            if done:
                words = (
                    _("The item is on the list · z takes it back") if row is None else _("Changed · z takes it back")
                )
                self.shell.tell(words)

        title = _("A new item") if row is None else _("Item “{name}”").format(name=row.name)
        name, value = (row.name, row.typed) if row is not None else ("", "")
        self.app.push_screen(ItemBox(title, name, value, store), stored)

    def action_rename(self) -> None:
        """Ask for another name."""
        row = self.list.current
        if row is None:
            return
        if self._which == ITEMS:
            self._item_box(row)
            return

        def named(name: str | None) -> None:
            if name is not None and name != row.name:
                said = _("Renamed · z takes it back")
                self.ask(lambda ctx: self._room().rename(ctx, row.id, row.version, name), self._told(said))

        self.app.push_screen(AskLine(_("Call “{name}”").format(name=row.name), row.name, judge=needed), named)

    def action_merge(self) -> None:
        """Choose the one that stays."""
        row = self.list.current
        if row is None:
            return
        others = [Choice(one, one.name, self._counted(one.uses)) for one in self._found if one.id != row.id]

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._merge(row, choice.value)

        self.app.push_screen(PickList(_("“{name}” becomes").format(name=row.name), others), picked)

    def _merge(self, gone: Entry, kept: Entry) -> None:
        title = _("Make “{kept}” of “{gone}” and “{kept}”?").format(kept=kept.name, gone=gone.name)
        text = ngettext(
            "{n} guest with “{gone}” gets “{kept}”, once; “{gone}” leaves the list. z takes it back.",
            "{n} guests with “{gone}” get “{kept}”, once each; “{gone}” leaves the list. z takes it back.",
            gone.uses,
        ).format(n=gone.uses, kept=kept.name, gone=gone.name)
        answers = (Answer("yes", "y", _("Merge them")), Answer("no", "n", _("Keep both")))

        def answered(answer: str | None) -> None:
            if answer == "yes":
                versions = (gone.version, kept.version)
                said = _("“{gone}” is “{kept}” now · z takes it back").format(gone=gone.name, kept=kept.name)
                work: Callable[[Context], Any] = lambda ctx: desk.attribute_merging.merge(  # noqa: E731
                    ctx, gone.id, kept.id, versions
                )
                self.ask(work, self._told(said))

        self.app.push_screen(Ask(title, text, answers), answered)

    def action_remove(self) -> None:
        """Take it off the list; if guests have it, say how many first."""
        row = self.list.current
        if row is None:
            return
        if not row.uses or self._which != ATTRIBUTES:
            self._remove(row)
            return
        text = ngettext(
            "{n} guest loses it. z brings it back to them.", "{n} guests lose it. z brings it back to them.", row.uses
        ).format(n=row.uses)
        answers = (Answer("no", "n", _("Keep it")), Answer("yes", "y", _("Take it off the list"), danger=True))
        ask = Ask(_("Take “{name}” off the list?").format(name=row.name), text, answers)
        self.app.push_screen(ask, lambda answer: self._remove(row) if answer == "yes" else None)

    def _remove(self, row: Entry) -> None:
        said = _("“{name}” is off the list · z brings it back").format(name=row.name)
        room = desk.attribute_merging if self._which == ATTRIBUTES else self._room()
        self.ask(lambda ctx: room.remove(ctx, row.id, row.version), self._told(said))

    def _told(self, sentence: str) -> Callable[[object], None]:
        return lambda _answer: self.shell.tell(sentence)


def _item(one: ItemView) -> Entry:
    typed = plainly(one.value, decimal_sign(language()))
    return Entry(one.id, one.name, one.uses, one.version, amount(one.value), f"{typed} {one.value.currency}")
