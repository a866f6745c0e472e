"""Shown while the terminal is too small for a complete desk."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_tui.base.i18n import _

SMALLEST = (80, 24)


def too_small(size: Size) -> bool:
    """Whether a terminal has no room for a complete desk."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class TooSmall(ModalScreen[None]):
    """One clear sentence; the App takes it away when the terminal is large enough again."""

    DEFAULT_CSS = """
    TooSmall { background: $background; align: center middle; }
    TooSmall Static { width: auto; max-width: 100%; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield Static(self.sentence(), id="sentence")

    def on_resize(self) -> None:
        """Name the present size."""
        self.query_one("#sentence", Static).update(self.sentence())

    def on_screen_resume(self) -> None:
        """What was opened over the notice is gone; by now the terminal may be large enough."""
        if not too_small(self.app.size):
            self.dismiss(None)

    def sentence(self) -> Content:
        """What is wrong and what helps."""
        width, height = self.app.size
        text = _("The desk needs {w}×{h} characters; this terminal has {width}×{height}. Enlarge it to go on.")
        return Content(text.format(w=SMALLEST[0], h=SMALLEST[1], width=width, height=height))
