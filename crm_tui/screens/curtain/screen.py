"""The curtain: nothing of the desk shows, and nothing below it is reached; a PIN or a name raises it (SPEC §13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.text import InputLine

if TYPE_CHECKING:
    from crm_tui.screens.curtain.locking import Locking


class PinLine(InputLine):
    """Shown as dots; Enter hands it over."""

    BINDINGS = [Binding("enter", "submit", show=False)]


class Curtain(Screen[None]):
    """Covers the whole desk in a mode of its own: the screens of the others stay as they are, and show nothing.

    It knows no conversation, no guest and no count; only the property, and who must say the PIN.
    """

    DEFAULT_CSS = """
    Curtain {
        align: center middle; background: $background;
        DialogBox { width: 60; }
        PinLine { width: 100%; max-width: 100%; margin: 1 0 0 0; background: $panel; }
        PinLine.-nothing-to-type { color: $surface; &, &:focus { background: $surface; background-tint: $surface; }
            .input--cursor { background: $surface; color: $surface; text-style: none; } }
        #said { height: auto; min-height: 1; }
        #keys { height: auto; }
    }
    """
    AUTO_FOCUS: ClassVar[str | None] = "PinLine"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+g", "another", show=False, priority=True)]

    def compose(self) -> ComposeResult:
        """The box in the middle."""
        with DialogBox():
            yield DialogTitle("crm_tui")
            yield Static("", id="text", markup=False)
            yield PinLine(password=True)
            yield Static("", id="said")
            yield Static("", id="keys", classes="dialog--keys", markup=False)

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 -- no key passes the curtain
        """No key is for what lies behind."""
        return True

    @property
    def _guard(self) -> Locking:
        guard: Any = self.app
        return guard  # type: ignore[no-any-return]

    def on_mount(self) -> None:
        """Say whose desk it is."""
        self.show(self._guard.curtain_words)

    def on_screen_resume(self) -> None:
        """It fell again."""
        self.show(self._guard.curtain_words)

    def show(self, words: tuple[str, str, str]) -> None:
        """Title, text and keys; the line for the PIN is empty again."""
        if not self.is_mounted:
            return
        title, text, keys = words
        self.query_one(DialogTitle).update(Content(title))
        self.query_one("#text", Static).update(Content(text))
        self.query_one("#keys", Static).update(Content(keys))
        self.query_one("#said", Static).update("")
        line = self.query_one(PinLine)
        line.value = ""
        asks = self._guard.asks_pin
        line.placeholder = _("PIN") if asks else ""
        line.set_class(not asks, "-nothing-to-type")
        line.disabled = False
        self.set_focus(line)

    def say(self, text: str) -> None:
        """Why the curtain stays."""
        self.query_one("#said", Static).update(Content.assemble(("✕ ", "bold $text-error"), text))
        line = self.query_one(PinLine)
        line.disabled = False
        line.remove_class("-nothing-to-type")  # the PIN may be newer than this desk knows
        self.set_focus(line)

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        line = self.query_one(PinLine)
        secret = Secret(line.value) if line.value else None
        line.value = ""
        line.disabled = True  # until it was looked at: a second Enter is no second try
        self.query_one("#said", Static).update("")
        self._guard.curtain_answered(secret)

    def action_another(self) -> None:
        """Somebody else is at the keyboard."""
        self._guard.action_switch_agent()
