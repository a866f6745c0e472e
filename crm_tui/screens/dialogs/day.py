"""A day that is typed, as people write it; what is understood shows below it, and so does why it is not."""

from __future__ import annotations

from datetime import datetime

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.conversations.snooze_words import understood
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.times import exact


class DayDialog(Dialog[datetime]):
    """Asks for a day, and perhaps a time; dismissed with the instant, or None.

    Args:
        title: what it is for, display-safe.
    """

    DEFAULT_CSS = "DayDialog { align: center middle; }"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._line = SearchLine("", placeholder=_("24.12. · 2026-12-24 18:00 · tomorrow · Friday 9:30"))

    def compose(self) -> ComposeResult:
        """Title, line, what it means."""
        with DialogBox():
            yield DialogTitle(self._title)
            yield self._line
            yield Static("", id="meant", classes="dialog--text")
            yield Static(Content(_("Enter takes it · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Ready to type."""
        self.set_focus(self._line)

    def on_key(self, event: events.Key) -> None:
        """What is typed before the line has the focus is not lost."""
        if event.is_printable and event.character and not self._line.has_focus:
            event.stop()
            self._line.value += event.character
            self._line.cursor_position = len(self._line.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if not event.value.strip():
            self._tell(Content(""))
            return
        try:
            self._tell(Content.styled(exact(self._read(), self.shell.zone)[:-10], "$text-success"))
        except InvalidInput as error:
            self._tell(Content.styled(error.message, "$text-muted"))

    @on(Input.Submitted)
    def _take(self) -> None:
        try:
            self.dismiss(self._read())
        except InvalidInput as error:
            self._tell(Content.assemble(("✕ ", "bold $text-error"), f"{error.message} {error.hint}"))

    def _read(self) -> datetime:
        return understood(self._line.value, self.shell.clock.now(), self.shell.zone)

    def _tell(self, text: Content) -> None:
        self.query_one("#meant", Static).update(text)
