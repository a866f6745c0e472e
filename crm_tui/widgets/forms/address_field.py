"""A line of mail addresses with completion; what is no address is marked where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crm_tui.base.i18n import ngettext
from crm_tui.widgets.forms.addresses import Typed, is_address, piece_at, read_addresses, write_address
from crm_tui.widgets.forms.field import Check, Field
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import InputLine

Completions = Callable[[str], Sequence[tuple[str, str]]]
"""Given what is typed, pairs of name and address (display-safe), best first. Called in a thread."""

SHOWN = 6


class _MarkInvalid(Highlighter):
    """Underlines and colours what is no address; the piece being typed is left alone."""

    def __init__(self, line: InputLine) -> None:
        self._line = line

    def highlight(self, text: Text) -> None:
        cursor = self._line.cursor_position if self._line.has_focus else -1
        for typed in read_addresses(text.plain):
            if not typed.valid and not typed.start <= cursor <= typed.end:
                text.stylize("bold underline red", typed.start, typed.end)


class Suggestions(SignedList, can_focus=False):
    """The completions, below the line; the cursor stays in the line."""

    DEFAULT_CSS = """
    Suggestions {
        overlay: screen; constrain: inside inflect; display: none; offset: 19 0;
        width: 60; height: auto; max-height: 8; border: round $primary; background: $surface; padding: 0;
        &.-open { display: block; }
    }
    """


class AddressLine(InputLine):
    """A line that hands up, down, Enter, Tab and Esc to the open list of completions."""

    BINDINGS = [
        Binding("down", "list('down')", show=False),
        Binding("up", "list('up')", show=False),
        Binding("enter,tab", "list('take')", show=False),
        Binding("escape", "list('close')", show=False),
    ]

    class Steered(Message):
        """A key for the list of completions."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, suggestions: Suggestions, value: str, placeholder: str) -> None:
        super().__init__(value, placeholder=placeholder, highlighter=None, select_on_focus=False)
        self.highlighter = _MarkInvalid(self)
        self._suggestions = suggestions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list's keys are the line's only while the list is open."""
        if action == "list":
            return self._suggestions.has_class("-open")
        return super().check_action(action, parameters)

    def action_list(self, what: str) -> None:
        """Hand a key to the list."""
        self.post_message(self.Steered(what))


class AddressField(Field):
    """Any number of addresses, by comma or semicolon; the value is a tuple of :class:`Typed`.

    Args:
        completions: asked in a thread for each stop in typing; None completes nothing.
    """

    empty: ClassVar[Any] = ()

    class Found(Message):
        """The completions for a piece of text, from the thread."""

        def __init__(self, query: str, found: Sequence[tuple[str, str]]) -> None:
            super().__init__()
            self.query = query
            self.found = found

    def __init__(
        self,
        name: str,
        label: str,
        value: str = "",
        *,
        completions: Completions | None = None,
        placeholder: str = "",
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, required=required, checks=checks, id=id)
        self.suggestions = Suggestions(markup=False)
        self.line = AddressLine(self.suggestions, value, placeholder)
        self.completions = completions
        self._offered: Sequence[tuple[str, str]] = ()
        self._pristine = self.value

    def control(self) -> Widget:
        return self.line

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self.suggestions

    @property
    def value(self) -> Any:
        """The addresses, valid or not, in order; places in the text do not matter for comparison."""
        return tuple(Typed(0, 0, typed.name, typed.address) for typed in read_addresses(self.line.value))

    @value.setter
    def value(self, value: Any) -> None:
        text = value if isinstance(value, str) else ", ".join(write_address(item.name, item.address) for item in value)
        with self.prevent(Input.Changed):
            self.line.value = text
            self.line.cursor_position = len(text)
        self.changed()

    def problem(self) -> str:
        if not self.display:
            return ""
        wrong = [typed.address for typed in self.value if not typed.valid]
        if wrong:
            return ngettext(
                "This is no mail address: {names}.", "These are no mail addresses: {names}.", len(wrong)
            ).format(names=", ".join(wrong[:3]) + ("…" if len(wrong) > 3 else ""))
        return super().problem()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.changed()
        query = self._piece()
        if self.completions is not None and len(query) > 1 and not is_address(query) and self.line.has_focus:
            self._look_up(query)
        else:
            self.close()

    def _piece(self) -> str:
        start, _end = piece_at(self.line.value, self.line.cursor_position)
        return self.line.value[start : self.line.cursor_position].strip()

    @work(thread=True, exclusive=True, group="completions", exit_on_error=False)
    def _look_up(self, query: str) -> None:
        if self.completions is not None:
            self.post_message(self.Found(query, tuple(self.completions(query))[:SHOWN]))

    def on_address_field_found(self, event: Found) -> None:
        """Show them, unless the person has typed on."""
        event.stop()
        if event.query != self._piece() or not self.line.has_focus:
            return
        self._offered = event.found
        self.suggestions.clear_options()
        self.suggestions.add_options(
            [
                Option(Content.assemble(name or address, (f"  {address}" if name else "", "dim")))
                for name, address in event.found
            ]
        )
        self.suggestions.highlighted = 0 if event.found else None
        self.suggestions.set_class(bool(event.found), "-open")

    def close(self) -> None:
        """Put the list of completions away."""
        self.suggestions.remove_class("-open")

    def on_address_line_steered(self, event: AddressLine.Steered) -> None:
        """A key for the list."""
        event.stop()
        if event.what == "down":
            self.suggestions.action_cursor_down()
        elif event.what == "up":
            self.suggestions.action_cursor_up()
        elif event.what == "take" and self.suggestions.highlighted is not None:
            self._take(self.suggestions.highlighted)
        else:
            self.close()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option_index)

    def _take(self, index: int) -> None:
        name, address = self._offered[index]
        start, end = piece_at(self.line.value, self.line.cursor_position)
        taken = write_address(name, address) + ", "
        rest = self.line.value[end:].lstrip(",; ")
        with self.prevent(Input.Changed):
            self.line.value = self.line.value[:start] + taken + rest
            self.line.cursor_position = start + len(taken)
        self.close()
        self.changed()

    def on_descendant_blur(self) -> None:
        """Leaving the field closes the list; the base class shows what is no address (Textual calls both)."""
        self.close()
