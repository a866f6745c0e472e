"""Yes or no, in words that name the object. ``y`` and ``n`` answer, Enter takes the focused button."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog


class Confirm(Dialog[bool]):
    """Asks once; dismissed with True for yes, else False or None.

    Args:
        question: names the object; display-safe.
        detail: what it means, one sentence; display-safe.
        yes: the label of the button that does it, a verb.
        no: the label of the other one.
        destructive: it cannot be undone: the focus starts on *no*.
    """

    BINDINGS = [
        ("y", "answer(True)", ""),
        ("n", "answer(False)", ""),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; }
    Confirm > Vertical { width: 64; max-width: 95%; height: auto; padding: 1 2; background: $panel; border: tall $primary; }
    Confirm.-destructive > Vertical { border: tall $error; }
    Confirm .detail { color: $desk-muted; margin-top: 1; }
    Confirm Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
    Confirm Button { margin-left: 2; min-width: 12; }
    """

    def __init__(
        self, question: str, detail: str = "", *, yes: str = "", no: str = "", destructive: bool = False
    ) -> None:
        super().__init__(classes="-destructive" if destructive else "")
        self._question, self._detail = question, detail
        self._yes, self._no = yes or _("Yes"), no or _("No")
        self._destructive = destructive

    def compose(self) -> ComposeResult:
        """The question, its meaning, two buttons."""
        with Vertical():
            yield Static(Content.styled(self._question, "bold"), classes="question")
            if self._detail:
                yield Static(Content(self._detail), classes="detail")
            with Horizontal():
                yield Button(Content(f"{self._no} (n)"), id="no")
                yield Button(Content(f"{self._yes} (y)"), id="yes", variant="error" if self._destructive else "primary")

    def on_mount(self) -> None:
        """The harmless answer has the focus if the other cannot be undone."""
        self.query_one("#no" if self._destructive else "#yes", Button).focus()

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")
