"""The dialog that puts attributes on guests and takes them off, several at once."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.screens.guests.list_calls import Tags
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import SearchLine


@dataclass(frozen=True, slots=True)
class TagAnswer:
    """The attributes to put on, and those to take off."""

    add: tuple[int, ...]
    remove: tuple[int, ...]


class TagPick(ModalScreen[TagAnswer | None]):
    """Type a few letters, Enter or Tab puts the highlighted attribute on or takes it off, ctrl+s does it all.

    Args:
        count: how many guests are tagged.
        tags: what there is, and how many of them have each.
    """

    DEFAULT_CSS = """
    TagPick {
        align: center middle;
        OptionList { height: auto; max-height: 12; border: none; background: $surface; padding: 0; }
        OptionList { scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("enter", "enter", show=False, priority=True),
        Binding("tab", "turn", show=False, priority=True),
        Binding("ctrl+s", "commit", show=False, priority=True),
    ]

    def __init__(self, count: int, tags: Tags) -> None:
        super().__init__()
        self._count = count
        self._tags = tags
        self._wanted: dict[int, bool] = {}
        self._found: list[int] = []
        self._line = SearchLine(placeholder=_("Type a few letters"), select_on_focus=False)

    def compose(self) -> ComposeResult:
        title = ngettext("Attributes of {n} guest", "Attributes of {n} guests", self._count)
        with DialogBox():
            yield DialogTitle(title.format(n=self._count))
            yield self._line
            yield SignedList(markup=False)
            yield Static(Content(_("Enter: put on or take off · ctrl+s: done · Esc: leave it")), classes="dialog--keys")

    def on_mount(self) -> None:
        """All attributes, until letters are typed."""
        self.query_one(OptionList).can_focus = False
        self._fill()
        self.set_focus(self._line)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    def _fill(self, at: int = 0) -> None:
        typed = self._line.value.strip()
        names = sorted(self._tags.names.items(), key=lambda item: item[1].casefold())
        if typed:
            search = FuzzySearch(case_sensitive=False)
            scored = [(search.match(typed, name)[0], number) for number, name in names]
            self._found = [number for score, number in sorted(scored, key=lambda one: -one[0]) if score > 0]
        else:
            self._found = [number for number, _name in names]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(self._words(number)) for number in self._found])
        if not self._tags.names:
            listed.add_option(
                Option(Content(_("There are no attributes yet; an administrator makes them.")), disabled=True)
            )
        listed.highlighted = min(at, len(self._found) - 1) if self._found else None

    def _words(self, number: int) -> Content:
        having = self._tags.having.get(number, 0)
        now = self._wanted.get(number, having >= self._count)
        box = "[x]" if now else "[ ]" if not having or number in self._wanted else "[-]"
        changed = number in self._wanted
        detail = _("{n} of {all} have it").format(n=having, all=self._count) if having and self._count > 1 else ""
        return Content.assemble(
            (box, "bold" if changed else ""),
            " ",
            (self._tags.names[number], "bold" if changed else ""),
            "  ",
            (detail, "dim"),
        )

    def action_move(self, how: str) -> None:
        """Move in the list."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    def action_turn(self) -> None:
        """Put the highlighted attribute on or take it off."""
        listed = self.query_one(OptionList)
        if listed.highlighted is None or listed.highlighted >= len(self._found):
            return
        number = self._found[listed.highlighted]
        having = self._tags.having.get(number, 0)
        steps = [True, False] if 0 < having < self._count else [having < self._count]
        now = self._wanted.pop(number, None)
        follows = steps.index(now) + 1 if now is not None else 0
        if follows < len(steps):
            self._wanted[number] = steps[follows]
        at = listed.highlighted
        if self._line.value:
            with self.prevent(Input.Changed):
                self._line.value = ""
            self._fill()
            listed.highlighted = self._found.index(number)
        else:
            self._fill(at)

    def action_enter(self) -> None:
        """Tick."""
        self.action_turn()

    def action_commit(self) -> None:
        """Done."""
        add = tuple(number for number, wanted in self._wanted.items() if wanted)
        remove = tuple(number for number, wanted in self._wanted.items() if not wanted)
        self.dismiss(TagAnswer(add, remove))
