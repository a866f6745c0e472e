"""The preview on a narrow terminal, and the question when two people changed the same template."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import ndiff

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import N_, _
from crm_tui.desk.texts.template_views import TemplateView, Written
from crm_tui.screens.templates.words import missing_line, preview
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle


class PreviewBox(ModalScreen[None]):
    """What a template becomes, over the whole screen."""

    DEFAULT_CSS = """
    PreviewBox {
        align: center middle;
        DialogBox { width: 90%; max-width: 100; height: 90%; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        .preview--missing { height: auto; max-height: 3; }
    }
    """

    BINDINGS = [Binding("escape,f8,q", "dismiss(None)", N_("Back"))]

    def __init__(self, written: Written) -> None:
        super().__init__()
        self._written = written

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("As the guest gets it"))
            with VerticalScroll():
                yield Static(Content.assemble(preview(self._written)))
            yield Static(Content.assemble(missing_line(self._written)), classes="preview--missing")
            yield Static(Content(_("Esc: back to writing")), classes="dialog--keys")


def conflict_question(error: Conflict, newer: TemplateView, mine: Mapping[str, str]) -> Ask:
    """Show both texts, line by line. Answers: mine, theirs."""
    parts: list[Content | str | tuple[str, str]] = []
    for key in ("name", "language", "category", "subject", "body"):
        theirs = str(getattr(newer, key))
        if theirs == mine[key]:
            continue
        for line in ndiff(theirs.split("\n"), mine[key].split("\n")):
            if line.startswith("- "):
                parts += [(_("there "), "dim"), (line[2:], "$text-warning"), "\n"]
            elif line.startswith("+ "):
                parts += [(_("here  "), "dim"), (line[2:], "$text-success"), "\n"]
    return Ask(
        error.message,
        Content.assemble(*parts[:-1]) if parts else _("Both say the same."),
        (Answer("theirs", "t", _("Take the newer text over")), Answer("mine", "m", _("Save mine instead"))),
    )
