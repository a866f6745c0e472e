"""Fields of one line: text, password, number; and the read-only one that explains itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_tui.base.i18n import _
from crm_tui.widgets.forms.clean import clean_line
from crm_tui.widgets.forms.field import Check, Field
from crm_tui.widgets.forms.keys import SCREEN_KEYS, without_keys


class InputLine(Input, inherit_bindings=False):
    """A one-line input without a frame. Enter goes on to the next field, like Tab."""

    DEFAULT_CSS = """
    InputLine {
        height: 1; border: none; padding: 0 1; width: 1fr; max-width: 64; background: $surface;
        &:focus { border: none; background: $primary-muted; text-style: none; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; }
    }
    """

    BINDINGS = [*without_keys(Input.BINDINGS, SCREEN_KEYS | {"enter"}), Binding("enter", "next", show=False)]

    def on_mount(self) -> None:
        """A blinking cursor costs a slow line some hundred bytes a second."""
        self.cursor_blink = False

    def insert_text_at_cursor(self, text: str) -> None:
        """What is typed or pasted is cleaned: nothing in it may reach the terminal as a command."""
        super().insert_text_at_cursor(clean_line(text))

    def action_next(self) -> None:
        """Go on to the next field."""
        self.screen.focus_next()


class SearchLine(InputLine):
    """A line of a dialog: Enter takes what is highlighted below it."""

    DEFAULT_CSS = """
    SearchLine { width: 100%; max-width: 100%; background: $panel; margin: 0 0 1 0; }
    """

    BINDINGS = [Binding("enter", "submit", show=False)]


class TextField(Field):
    """A line of text; spaces around it do not count."""

    def __init__(
        self,
        name: str,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        max_length: int = 0,
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
        secret: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            name, label, help=help, required=required, checks=checks, secret=secret, id=id, classes=classes
        )
        self.line = InputLine(value, placeholder=placeholder, password=password, max_length=max_length)
        self._pristine = self.value

    def control(self) -> Widget:
        return self.line

    @property
    def value(self) -> Any:
        return self.line.value.strip()

    @value.setter
    def value(self, value: Any) -> None:
        self.line.value = str(value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.changed()


class PasswordField(TextField):
    """A secret: shown as dots, never kept when the form is left."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        placeholder: str = "",
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
    ) -> None:
        super().__init__(
            name,
            label,
            placeholder=placeholder,
            password=True,
            help=help,
            required=required,
            checks=checks,
            secret=True,
        )

    @property
    def value(self) -> Any:
        return self.line.value

    @value.setter
    def value(self, value: Any) -> None:
        self.line.value = str(value)


class NumberField(TextField):
    """A whole number from ``low`` to ``high``; the value is an ``int``, or None while it is none.

    Args:
        unit: the words for the unit of a number, shown beside it.
    """

    DEFAULT_CSS = """
    NumberField InputLine { width: 13; max-width: 13; }
    NumberField .field--unit { width: auto; height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(
        self,
        name: str,
        label: str,
        value: int | None = None,
        *,
        low: int = 0,
        high: int = 0,
        unit: Callable[[int], str] | None = None,
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
    ) -> None:
        self.low, self.high = low, high
        self._unit = unit
        self._unit_line = Static("", classes="field--unit")
        super().__init__(
            name, label, "" if value is None else str(value), help=help, required=required, checks=checks, max_length=9
        )

    @property
    def value(self) -> Any:
        text = self.line.value.strip()
        return int(text) if text.isascii() and text.removeprefix("-").isdecimal() else None

    @value.setter
    def value(self, value: Any) -> None:
        self.line.value = "" if value is None else str(value)

    def beside(self) -> ComposeResult:
        yield self._unit_line
        self._show_unit()

    def changed(self) -> None:
        """The unit goes with the number."""
        self._show_unit()
        super().changed()

    def _show_unit(self) -> None:
        if self._unit is not None:
            self._unit_line.update(Content(self._unit(self.value or 0)))

    def problem(self) -> str:
        number = self.value
        if self.display and self.line.value.strip() and number is None:
            return _("This must be a whole number.")
        if number is not None and self.high and not self.low <= number <= self.high:
            return _("Use {low} to {high}.").format(low=self.low, high=self.high)
        return super().problem()


class FixedField(Field):
    """A value that cannot be changed here, with the reason why."""

    DEFAULT_CSS = """
    FixedField .fixed--value { width: 1fr; height: auto; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, name: str, label: str, value: str, *, why: str = "") -> None:
        super().__init__(name, label)
        self._text = value
        self._why = why
        self._shown = Static(self._content(), classes="fixed--value")
        self._pristine = value

    def _content(self) -> Content:
        return Content.assemble(self._text, (f"  {self._why}" if self._why else "", "dim"))

    def control(self) -> Widget:
        return self._shown

    @property
    def value(self) -> Any:
        return self._text

    @value.setter
    def value(self, value: Any) -> None:
        self._text = str(value)
        self._shown.update(self._content())
