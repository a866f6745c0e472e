"""A field of several entries, each with a label of its own: mail addresses, telephone numbers, contact persons.

A row an entry, and an empty one for the next. An entry that is emptied is gone; the order is the person's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import N_, _
from crm_tui.widgets.actions import Action, bindings, declare
from crm_tui.widgets.forms.field import Field
from crm_tui.widgets.forms.text import InputLine

MOST = 20
_SCOPE = "entries"

ENTRIES = declare(
    Action("entries.up", "f6", N_("Move up"), N_("One place up; the first one is used first"), scope=_SCOPE, show=True),
    Action("entries.remove", "f9", N_("Remove"), N_("Take the entry off the list"), scope=_SCOPE, show=True),
)

Read = Callable[[str], str]
"""Gives an entry as it is shown; raises :class:`~crm_tui.base.errors.CrmError` if it is none."""


class EntryRow(Horizontal):
    """One entry: what it is, and its label."""

    DEFAULT_CSS = """
    EntryRow {
        height: 1; width: 1fr; max-width: 64;
        & > InputLine, & > Picker { width: 1fr; }
        & > .entry--label { width: 12; margin: 0 0 0 1; }
        &.-wide-label > .entry--label { width: 1fr; }
    }
    """

    class Changed(Message):
        """Something was typed."""

    class Left(Message):
        """The cursor left what the entry is."""

        def __init__(self, row: EntryRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, value: Any = "", label: str = "", placeholder: str = "") -> None:
        super().__init__()
        self.label = InputLine(label, max_length=40, classes="entry--label")
        self.main = self.make_main(value)
        self._placeholder = placeholder
        self._offer_label(bool(value or label))

    def make_main(self, value: Any) -> Widget:
        """The widget that holds what the entry is."""
        return InputLine(str(value))

    def compose(self) -> Any:
        """Both beside each other."""
        yield self.main
        yield self.label

    @property
    def value(self) -> Any:
        """What the entry is; empty for none."""
        return self.main.value.strip() if isinstance(self.main, InputLine) else ""

    @value.setter
    def value(self, value: Any) -> None:
        if isinstance(self.main, InputLine):
            self.main.value = str(value)

    @property
    def pair(self) -> tuple[Any, str]:
        """The entry with its label."""
        return self.value, self.label.value.strip()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.settle()
        self.post_message(self.Changed())

    def settle(self) -> None:
        """Nobody is asked for the label of nothing."""
        self._offer_label(bool(self.value or self.label.value or self.label.has_focus))

    def _offer_label(self, offered: bool) -> None:
        self.label.can_focus = offered
        self.label.placeholder = self._placeholder if offered else ""

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        if event.input is self.main:
            self.post_message(self.Left(self))


class EntriesField(Field):
    """Several entries; the value is a tuple of pairs: what it is and its label.

    Args:
        value: the pairs at first.
        read: how an entry is checked and written; None takes any text.
        placeholder: what stands in an empty label.
    """

    DEFAULT_CSS = """
    EntriesField .entries--box { height: auto; width: 1fr; max-width: 64; }
    Form.-wide EntriesField .entries--box, Form.-wide EntryRow { width: 64; }
    #inquiry EntriesField .entries--box { width: 1fr; }
    """

    BINDINGS = [*bindings(ENTRIES)]
    empty: ClassVar[Any] = ()

    def __init__(
        self,
        name: str,
        label: str,
        value: Sequence[tuple[Any, str]] = (),
        *,
        read: Read | None = None,
        placeholder: str = "",
        help: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, id=id)
        self.read = read
        self._placeholder = placeholder
        self.rows: list[EntryRow] = [self.make_row(*pair) for pair in value]
        if len(self.rows) < MOST:
            self.rows.append(self.make_row())
        self._box = Vertical(*self.rows, classes="entries--box")
        self._pristine = self.value

    def make_row(self, value: Any = "", label: str = "") -> EntryRow:
        """A row of the list."""
        return EntryRow(value, label, self._placeholder)

    def control(self) -> Widget:
        return self._box

    def focus_control(self) -> None:
        """The first entry that is wrong, else the first."""
        wrong = next((row for row in self.rows if self._fault(row)), self.rows[0])
        wrong.main.focus()

    @property
    def value(self) -> Any:
        return tuple(row.pair for row in self.rows if row.value)

    @value.setter
    def value(self, value: Any) -> None:
        pairs = [tuple(pair) for pair in value]
        for row in self.rows:
            row.remove()
        self.rows = []
        self._add(pairs + ([("", "")] if len(pairs) < MOST else []))
        self.changed()

    def _add(self, pairs: Sequence[tuple[Any, str]]) -> None:
        made = [self.make_row(*pair) for pair in pairs]
        self.rows += made
        if self._box.is_attached:
            self._box.mount(*made)
        else:
            self._box = Vertical(*self.rows, classes="entries--box")

    def problem(self) -> str:
        if not self.display:
            return ""
        found = next((fault for fault in map(self._fault, self.rows) if fault), "")
        return found or super().problem()

    def _fault(self, row: EntryRow) -> str:
        if not row.value:
            return _("Say who or what “{label}” is.").format(label=row.pair[1]) if row.pair[1] else ""
        if self.read is None:
            return ""
        try:
            self.read(row.value)
        except CrmError as error:
            return str(error)
        return ""

    @on(EntryRow.Changed)
    def _typed(self, event: EntryRow.Changed) -> None:
        event.stop()
        if (not self.rows or self.rows[-1].value) and len(self.rows) < MOST:
            self._add([("", "")])
        self.changed()

    @on(EntryRow.Left)
    def _row_left(self, event: EntryRow.Left) -> None:
        """Write what was read, so that what is saved can be seen."""
        event.stop()
        row = event.row
        if self.read is not None and row.value and not self._fault(row):
            written = self.read(row.value)
            if written != row.value:
                row.value = written

    def on_descendant_blur(self) -> None:
        """An entry that is wrong is told as soon as the cursor leaves it."""
        self.remove_class("-here")
        if self.dirty and any(row.value or row.pair[1] for row in self.rows):
            focused = self.screen.focused
            here = next((row for row in self.rows if focused is not None and focused in row.children), None)
            faults = [self._fault(row) for row in self.rows if row is not here]
            self.show_error(next((fault for fault in faults if fault), ""))

    # Keys

    @property
    def _at(self) -> int | None:
        focused = self.screen.focused
        return next((n for n, row in enumerate(self.rows) if focused is not None and focused in row.children), None)

    def action_step(self, by: int) -> None:
        """The arrow keys move between entries, and on to the next field at either end."""
        at = self._at
        if at is None or not 0 <= at + by < len(self.rows):
            last = self.rows[-1]
            edge = (last.label if last.label.can_focus else last.main) if by > 0 else self.rows[0].main
            edge.focus()
            super().action_step(by)
            return
        here = self.rows[at]
        there = self.rows[at + by]
        (there.label if self.screen.focused is here.label and there.value else there.main).focus()

    def action_up(self) -> None:
        """The entry at hand changes places with the one above it."""
        at = self._at
        if not at or not self.rows[at].value:
            return
        above, here = self.rows[at - 1], self.rows[at]
        first, second = above.pair, here.pair
        on_label = self.screen.focused is here.label
        above.value, above.label.value = second
        here.value, here.label.value = first
        (above.label if on_label else above.main).focus()
        self.changed()

    def action_remove(self) -> None:
        """The entry at hand goes."""
        at = self._at
        if at is None:
            return
        pairs = [row.pair for number, row in enumerate(self.rows) if number != at and any(row.pair)]
        self.value = pairs
        self.rows[min(at, len(self.rows) - 1)].main.focus()
