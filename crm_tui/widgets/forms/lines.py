"""A field of several lines."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from crm_tui.widgets.forms.clean import clean_text
from crm_tui.widgets.forms.field import Check, Field
from crm_tui.widgets.forms.keys import SCREEN_KEYS, without_keys


class LinesArea(TextArea, inherit_bindings=False):
    """A small text area without a frame; Tab leaves it, what is pasted is cleaned."""

    DEFAULT_CSS = """
    LinesArea {
        height: 4; width: 1fr; max-width: 64; border: none; padding: 0 1; background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background: $primary-muted; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; }
    }
    """

    BINDINGS = without_keys(TextArea.BINDINGS, SCREEN_KEYS)

    def edit(self, edit: Edit) -> EditResult:
        """Every change passes here."""
        edit.text = clean_text(edit.text)
        return super().edit(edit)


class LinesField(Field):
    """Text of several lines; blank lines at its end do not count."""

    def __init__(
        self,
        name: str,
        label: str,
        value: str = "",
        *,
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, required=required, checks=checks, id=id)
        self.area = LinesArea(value, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self._pristine = self.value

    def control(self) -> Widget:
        return self.area

    @property
    def value(self) -> Any:
        return self.area.text.rstrip()

    @value.setter
    def value(self, value: Any) -> None:
        self.area.load_text(str(value))

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.changed()
