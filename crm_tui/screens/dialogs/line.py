"""One line asked for: a reason, a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.base.i18n import N_, _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.day import said_day
from crm_tui.widgets.forms.field import ERROR_SIGN
from crm_tui.widgets.forms.text import SearchLine

Judge = Callable[[str], tuple[str, str]]
"""Given what is typed: what it means, and what is wrong with it; one of them may be empty."""


class AskLine(Dialog[str | None]):
    """Asks for one line; Enter or ctrl+s takes it, Esc gives None.

    Args:
        title: what is asked, naming the object; display-safe.
        value: what stands in the line at first.
        hint: what can be written.
        judge: asked while typing; a line with something wrong is not taken.
    """

    DEFAULT_CSS = """
    AskLine {
        align: center middle;
        SearchLine { margin: 0; }
        .line--said { height: 1; padding: 0 1; color: $text-muted; }
        .line--said.-wrong { color: $text-error; }
    }
    """

    BINDINGS = [Binding("escape", "close", N_("Back")), Binding("ctrl+s", "take", N_("Save"), priority=True)]

    def __init__(self, title: str, value: str = "", *, hint: str = "", judge: Judge = lambda _text: ("", "")) -> None:
        super().__init__()
        self._title, self._hint, self._judge = title, hint, judge
        self._line = SearchLine(value, placeholder=hint)
        self._said = Static("", classes="line--said")

    def compose(self) -> ComposeResult:
        """Title, line, what it means."""
        with DialogBox():
            yield DialogTitle(self._title)
            yield self._line
            yield self._said
            yield Static(Content(_("Enter takes it · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.set_focus(self._line)
        self._judge_now(final=False)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._judge_now(final=False)

    def _judge_now(self, *, final: bool) -> bool:
        text = self._line.value.strip()
        means, wrong = self._judge(text)
        show = wrong if text or final else ""
        self._said.update(Content(f"{ERROR_SIGN} {show}" if show else means))
        self._said.set_class(bool(show), "-wrong")
        return not wrong

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Hand it out if nothing is wrong with it."""
        if self._judge_now(final=True):
            self.dismiss(self._line.value.strip())


def ask_day(title: str, value: date | None, today: date, *, past: bool = False) -> AskLine:
    """Ask for a day; an empty line means none. ``past``: a day that is over is fine."""
    from crm_tui.widgets.days import written
    from crm_tui.widgets.forms.day import read

    def judge(text: str) -> tuple[str, str]:
        if not text:
            return _("no day"), ""
        found = read(text, today)
        if not isinstance(found, date):
            return "", found
        return said_day(found, today), _("That day is over.") if found < today and not past else ""

    return AskLine(
        title, written(value) if value else "", hint=_("12.12., 12 Dec, fri, +3; empty for none"), judge=judge
    )


def ask_reason(title: str, value: str = "") -> AskLine:
    """Ask for a reason, which must be given."""
    return AskLine(title, value, judge=lambda text: ("", "" if text else _("Say it in a few words.")))
