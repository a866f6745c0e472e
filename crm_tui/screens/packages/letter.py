"""A mail as one guest gets it, drawn with its empty variables standing out."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.groups.mailing_views import Letter
from crm_tui.screens.base import Dialog
from crm_tui.screens.templates.words import with_gaps
from crm_tui.widgets.dialogs import DialogBox, DialogTitle


class LetterPane(Vertical):
    """To whom, subject and text."""

    DEFAULT_CSS = """
    LetterPane { height: 1fr; padding: 0 1; }
    LetterPane #to { height: auto; max-height: 2; color: $text-muted; }
    LetterPane #subject { height: auto; max-height: 2; text-style: bold; margin: 0 0 1 0; }
    LetterPane VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    LetterPane #text { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """To, subject, text."""
        yield Static("", id="to")
        yield Static("", id="subject")
        with VerticalScroll(can_focus=False):
            yield Static("", id="text")

    def show(self, letter: Letter | None, why: str = "") -> None:
        """Show a mail; ``why``: why the guest does not get it."""
        if letter is None:
            for name in ("#to", "#subject", "#text"):
                self.query_one(name, Static).update("")
            return
        whom = f"{letter.name} <{letter.address}>" if letter.address else letter.name
        to: list[Content | str | tuple[str, str]] = [(_("To: "), "dim"), whom, (f"  {letter.language}", "dim")]
        if why:
            to += ["\n", (_("left out: {why}").format(why=why), "$text-warning")]
        self.query_one("#to", Static).update(Content.assemble(*to))
        if letter.error:
            self.query_one("#subject", Static).update("")
            self.query_one("#text", Static).update(Content.styled(f"✕ {letter.error}", "$text-error"))
        else:
            self.query_one("#subject", Static).update(with_gaps(letter.subject))
            self.query_one("#text", Static).update(with_gaps(letter.text))
        self.query_one(VerticalScroll).scroll_home(animate=False)


class LetterDialog(Dialog[None]):
    """The same over a list."""

    BINDINGS = [("enter,o,q", "close", "")]
    DEFAULT_CSS = "LetterDialog { align: center middle; DialogBox { width: 90; height: 80%; } }"

    def __init__(self, letter: Letter, why: str = "") -> None:
        super().__init__()
        self._letter, self._why = letter, why

    def compose(self) -> ComposeResult:
        """The mail and how to leave it."""
        with DialogBox():
            yield DialogTitle(_("The mail as it goes out"))
            yield LetterPane()
            yield Static(Content(_("Esc closes")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one(LetterPane).show(self._letter, self._why)
