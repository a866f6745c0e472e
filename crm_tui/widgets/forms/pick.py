"""A field that picks one of many through a pick list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from crm_tui.base.i18n import _
from crm_tui.widgets.forms.choice import Choice
from crm_tui.widgets.forms.clean import clean_line
from crm_tui.widgets.forms.field import Field

if TYPE_CHECKING:
    from crm_tui.widgets.dialogs import PickList


class Picker(Widget, can_focus=True):
    """Shows what is picked; Enter, space or a letter opens the pick list."""

    DEFAULT_CSS = """
    Picker {
        height: 1; width: 1fr; max-width: 64; padding: 0 1; background: $surface;
        &:focus { background: $primary-muted; text-style: bold; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; }
    }
    """

    BINDINGS = [Binding("enter,space", "open", show=False)]

    text: reactive[str] = reactive("")

    class Opened(Message):
        """The person wants to choose; ``seed`` is the letter typed, if any."""

        def __init__(self, seed: str) -> None:
            super().__init__()
            self.seed = seed

    def render(self) -> Content:
        return Content.assemble((self.text or _("Press Enter to choose"), "" if self.text else "dim"), (" ▾", "dim"))

    def action_open(self) -> None:
        """Open the list."""
        self.post_message(self.Opened(""))

    def on_click(self) -> None:
        """Open the list."""
        self.action_open()

    def on_key(self, event: events.Key) -> None:
        """A letter opens the list with that letter typed."""
        if event.character is not None and event.is_printable and event.character.isalnum():
            event.stop()
            self.post_message(self.Opened(event.character))

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is looked for."""
        event.stop()
        line = clean_line(event.text).strip()
        if line:
            self.post_message(self.Opened(line))


class PickField(Field):
    """One of many options, found by a few letters.

    Args:
        choices: called each time the list opens, in the event loop; it must be quick.
        labels: the words for a value before the list was opened; None: the value itself.
    """

    def __init__(
        self,
        name: str,
        label: str,
        choices: Callable[[], Sequence[Choice]],
        value: Any = "",
        *,
        labels: Callable[[Any], str] | None = None,
        help: str = "",
        required: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, required=required, id=id)
        self._choices = choices
        self._labels = labels or (lambda value: str(value or ""))
        self._value = value
        self._list: PickList | None = None
        self.picker = Picker()
        self.picker.set_reactive(Picker.text, self._labels(value))
        self._pristine = value

    def control(self) -> Widget:
        return self.picker

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value
        self.picker.text = self._labels(value)
        self.changed()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer other options; what is picked stays."""
        self._choices = lambda: choices

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        from crm_tui.widgets.dialogs import PickList

        event.stop()
        if self._list is not None:  # letters of one burst: the list is already on its way
            self._list.type(event.seed)
            return
        self._list = PickList(self.caption, self._choices(), seed=event.seed)
        self.app.push_screen(self._list, self._picked)

    def _picked(self, choice: Choice | None) -> None:
        self._list = None
        if choice is not None:
            self.value = choice.value
            self.screen.focus_next()
