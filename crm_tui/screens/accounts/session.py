"""Asking for a password that is kept in memory only, once at the start of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from crm_tui import desk
from crm_tui.base.i18n import N_, _
from crm_tui.base.redact import Secret
from crm_tui.screens.accounts.calls import credentials_of
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.text import InputLine

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class PasswordLine(InputLine):
    """Shown as dots; Enter hands it over."""

    BINDINGS = [Binding("enter", "submit", show=False)]


class AskPassword(ModalScreen[Secret | None]):
    """Asks for the password of one account; Esc leaves the account without a connection for now."""

    DEFAULT_CSS = """
    AskPassword { align: center middle; PasswordLine { width: 100%; max-width: 100%; margin: 1 0 0 0; background: $panel; } }
    """

    BINDINGS = [Binding("escape", "dismiss(None)", N_("Later"))]

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("Password of {address}").format(address=self._address))
            words = _("It is kept in memory until the desk is closed, as you chose for this account.")
            yield Static(Content(words), classes="dialog--text")
            yield PasswordLine(password=True)
            yield Static(Content(_("Enter: use it · Esc: later, at the account")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.set_focus(self.query_one(PasswordLine))

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.dismiss(Secret(event.value))


def missing(ctx: Context, app: Any) -> Sequence[tuple[int, str]]:
    """The active accounts, as (id, address), whose password this process must be given. Blocks."""
    credentials = credentials_of(app)
    return [
        (account.id, account.address)
        for account in desk.accounts.all(ctx)
        if account.active and account.secret_kind == "session" and not credentials.holds(account.address)  # noqa: S105 -- a kind
    ]


def ask_for(app: Any, accounts: Sequence[tuple[int, str]]) -> None:
    """Ask for one after the other."""
    if not accounts:
        return
    (number, address), *rest = accounts

    def answered(secret: Secret | None) -> None:
        if secret is not None:
            credentials_of(app).hold(address, secret)
            if app.engine is not None:
                app.engine.wake(number)
        ask_for(app, rest)

    app.push_screen(AskPassword(address), answered)
