"""Writing a memo: several lines, never sent to anybody outside; one that is half-written is kept."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import N_, _
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.kept import ask_which
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import shelf
from crm_tui.widgets.forms.lines import LinesArea


class MemoBox(Dialog[str | None]):
    """Asks for a text; ctrl+s gives it, Esc keeps it for the next time and gives None.

    Args:
        title: what it is about; display-safe.
        keep: the name under which a half-written one is kept while the desk runs.
        text: what stands there at first.
        version: of the memo that is changed.
        empty: an empty text is an answer too.
    """

    writes = True

    DEFAULT_CSS = """
    MemoBox {
        align: center middle;
        DialogBox { width: 84; }
        LinesArea { height: 10; max-width: 100%; background: $panel; }
        LinesArea:focus { background: $panel; }
    }
    """

    BINDINGS = [Binding("escape", "leave", N_("Back")), Binding("ctrl+s", "save", N_("Save"), priority=True)]

    def __init__(self, title: str, keep: str, text: str = "", version: int = 0, *, empty: bool = False) -> None:
        super().__init__()
        self._empty = empty
        self._title, self._keep, self._text, self._version = title, f"memo {keep}", text, version

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        kept = shelf(self.app).get(self._keep, {}).get("text", "")
        with DialogBox():
            yield DialogTitle(self._title)
            yield LinesArea(
                kept or self._text, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, id="memo"
            )
            words = _("What you had begun is back · ctrl+s saves · Esc") if kept else ""
            yield Static(
                Content(words or _("For the team only, never sent · ctrl+s saves · Esc")), classes="dialog--keys"
            )

    @property
    def area(self) -> LinesArea:
        """Where it is written."""
        return self.query_one(LinesArea)

    def on_mount(self) -> None:
        """Type at once, behind what stands there."""
        self.area.cursor_blink = False
        self.area.move_cursor(self.area.document.end)
        self.set_focus(self.area)
        kept = shelf(self.app).get(self._keep, {})
        if kept and kept["version"] != self._version and kept["text"] != self._text:
            ask_which(self.app, self._text, kept["text"], self._go_on)

    def _go_on(self, text: str | None) -> None:
        if text is None:
            self.dismiss(None)
            return
        self.area.text = text
        self.area.move_cursor(self.area.document.end)

    def action_save(self) -> None:
        """Hand it out; an empty one is nothing to save. It stays on the shelf until it is stored: see :func:`stored`."""
        text = self.area.text.strip()
        self._remember(text)
        self.dismiss(text if text or self._empty else None)

    def action_leave(self) -> None:
        """Keep it."""
        self._remember(self.area.text.strip())
        self.dismiss(None)

    def _remember(self, text: str) -> None:
        if text and text != self._text:
            shelf(self.app)[self._keep] = {"text": text, "version": self._version}
        else:
            shelf(self.app).pop(self._keep, None)


def stored(app: object, keep: str) -> None:
    """The memo is in the store: forget what was kept of it."""
    shelf(app).pop(f"memo {keep}", None)  # type: ignore[arg-type]
