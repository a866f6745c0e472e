"""A screen that is one form: ctrl+s saves it and says what was done, Esc leaves and keeps what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.forms import Form

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class FormScreen(DeskScreen[str | None]):
    """The result is the sentence that says what was done, or None.

    Attributes:
        title_words: what it is about; display-safe.
        keep: the name under which what was typed is kept while the desk runs; empty keeps nothing.
    """

    DEFAULT_CSS = """
    FormScreen {
        #box { padding: 0 1; }
        #title { height: 1; margin: 0 0 1 0; }
        #result { height: auto; max-height: 4; padding: 0 1; }
        Form { height: 1fr; }
        Form > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    }
    """
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [Binding("escape", "back", N_("Back"))]
    title_words = ""
    keep = ""

    def body(self) -> ComposeResult:
        """Title, fields, what is wrong with the whole."""
        with Vertical(id="box"):
            yield Static(Content.styled(self.title_words, "bold $primary"), id="title")
            yield Form(*self.rows(), keep=self.keep)
            yield Static("", id="result")

    def rows(self) -> list[Widget]:
        """The fields."""
        raise NotImplementedError

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Save them; returns what is told. Blocks."""
        raise NotImplementedError

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def unsaved(self) -> str:
        """What would be lost by quitting now."""
        return _("What stands in the form is not saved.") if self.is_mounted and self.form.dirty else ""

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        values = event.values
        self.ask(lambda ctx: self.save(ctx, values), self._saved, failed=self._failed, topic="save")

    def _saved(self, sentence: str) -> None:
        self.form.forget()
        self.dismiss(sentence)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError):
            self.query_one("#result", Static).update(Content.assemble(("✕ ", "bold $text-error"), str(error)))
        else:
            self.shell.report(error)

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)
