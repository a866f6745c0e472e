"""A field for a day: typed as people write it, read back in words beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.base.i18n import _
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.widgets.days import distance, full_day, weekday, written
from crm_tui.widgets.forms.field import Check
from crm_tui.widgets.forms.text import TextField


def read(text: str, today: date) -> date | str:
    """The day that is meant, or the sentence that says why it means none."""
    try:
        return read_day_words(text, today)
    except DayFault as fault:
        if fault.kind == "day":
            return _("There is no such day in the calendar.")
        return _("This is no day. Write it like {example}, fri or +3.").format(example=written(today))


def said_day(found: date, today: date) -> str:
    """A day in words: ``Sat 12 Dec 2026 · in 21 days``."""
    return f"{full_day(found)} · {distance(found, today)}"


class DayField(TextField):
    """A day; the value is a ``date``, None while it is none.

    Args:
        today: the property's day, asked when something is read: ``+3`` and ``fri`` count from it.
    """

    DEFAULT_CSS = """
    DayField InputLine { width: 16; max-width: 16; }
    DayField .field--unit { width: auto; height: 1; padding: 0 1; color: $text-muted; }
    """

    empty: ClassVar[Any] = None

    def __init__(
        self,
        name: str,
        label: str,
        value: date | None = None,
        *,
        today: Callable[[], date],
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
    ) -> None:
        self._today = today
        self._read_line = Static("", classes="field--unit")
        super().__init__(name, label, written(value) if value else "", help=help, required=required, checks=checks)

    def beside(self) -> ComposeResult:
        yield self._read_line
        self._read_back()

    @property
    def value(self) -> Any:
        found = self._read()
        return found if isinstance(found, date) else None

    @value.setter
    def value(self, value: Any) -> None:
        self.line.value = written(value) if isinstance(value, date) else str(value or "")

    @property
    def typed(self) -> str:
        """What stands in the line, a day or not."""
        return self.line.value.strip()

    @property
    def dirty(self) -> bool:
        return super().dirty or bool(self.typed and self.value is None)

    def problem(self) -> str:
        found = self._read()
        return found if self.display and isinstance(found, str) else super().problem()

    def changed(self) -> None:
        """The words go with the day."""
        self._read_back()
        super().changed()

    @on(Input.Blurred)
    def _left(self) -> None:
        """Write what was read, so that what is saved can be seen."""
        found = self._read()
        if isinstance(found, date) and self.typed != written(found):
            self.line.value = written(found)
        elif isinstance(found, str):
            self.check()

    def _read(self) -> date | str | None:
        return read(self.typed, self._today()) if self.typed else None

    def _read_back(self) -> None:
        found = self._read()
        words = f"{weekday(found)}, {distance(found, self._today())}" if isinstance(found, date) else ""
        self._read_line.update(Content(words))
