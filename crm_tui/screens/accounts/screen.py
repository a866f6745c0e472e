"""The linked accounts: how each stands, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.correspondence.sending_views import AccountDetails, MailboxChoice, TestEnd
from crm_tui.screens.accounts import calls
from crm_tui.screens.accounts.actions import LIST
from crm_tui.screens.accounts.fields import security_words
from crm_tui.screens.accounts.form import AccountScreen, end_line
from crm_tui.screens.accounts.mailboxes import MailboxPicker
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import synced

if TYPE_CHECKING:
    from datetime import datetime

    from crm_tui.desk.common.views import Changes

LOOKS = {
    "ok": ("✔", "$text-success", N_("fine")),
    "new": ("·", "$text-muted", N_("not synced yet")),
    "offline": ("↯", "$text-warning", N_("no connection")),
    "auth failed": ("✕", "$text-error", N_("login refused")),
    "sending failed": ("✕", "$text-error", N_("cannot send")),
    "failed": ("✕", "$text-error", N_("failed")),
}
"""Sign, colour and words of each state."""

WAYS = {
    "keyring": N_("kept in the keyring"),
    "password_command": N_("printed by a command"),
    "token_command": N_("a token, printed by a command"),
    "session": N_("asked for once a session"),
}


class AccountsScreen(DeskScreen[None]):
    """A list with what is known of the highlighted account below it."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(LIST)]

    def __init__(self) -> None:
        super().__init__()
        self._accounts: dict[int, AccountDetails] = {}
        self._ends: dict[int, list[Content]] = {}

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the rows."""
        self.ask(lambda ctx: desk.accounts.all(ctx), self._show, topic="accounts")

    def desk_changed(self, changes: Changes) -> None:
        """An account was linked, changed, synced or stopped."""
        if changes.everything or changes.ids.get("account"):
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def minute_passed(self) -> None:
        """Sync times change."""
        self._paint()

    def _show(self, accounts: Sequence[AccountDetails]) -> None:
        self._accounts = {account.id: account for account in accounts}
        self._paint()

    def _paint(self) -> None:
        now = self.shell.clock.now()
        rows = [(account.id, account_row(account, now, self.size.width)) for account in self._accounts.values()]
        self.query_one(Rows).show(rows)
        count = ngettext("{n} account", "{n} accounts", len(rows)).format(n=len(rows)) if rows else ""
        self.title_line.show(list_title(_("Accounts").upper(), count))
        if not rows:
            words = _("No mail account is linked yet. Press + to link one; all you need is its address and password.")
            self.query_one("#detail", Static).update(Content.styled(words, "dim"))

    @on(Rows.Moved)
    def _moved(self) -> None:
        account = self.account
        if account is not None:
            lines = [account_detail(account, self.shell.clock.now()), *self._ends.get(account.id, ())]
            self.query_one("#detail", Static).update(Content("\n").join(lines))
        self.refresh_bindings()

    @property
    def account(self) -> AccountDetails | None:
        """The highlighted account."""
        return self._accounts.get(self.query_one(Rows).key or 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without an account only linking one makes sense."""
        if action in ("edit", "test", "folders", "remove"):
            return bool(self._accounts) and (True if self.is_mounted and self.account is not None else None)
        return True

    def on_option_list_option_selected(self) -> None:
        """A click."""
        self.action_edit()

    def action_link(self) -> None:
        """Link another."""
        self.app.push_screen(AccountScreen(), self._linked)

    def _linked(self, _account_id: int | None) -> None:
        self.desk_ready()

    def action_edit(self) -> None:
        """Change the highlighted one."""
        if self.account is not None:
            self.app.push_screen(AccountScreen(self.account), lambda _id: self.desk_ready())

    def action_folders(self) -> None:
        """Choose what is synced."""
        account = self.account
        if account is not None:
            number = account.id
            self.ask(lambda ctx: desk.accounts.mailboxes(ctx, number), lambda boxes: self._pick(number, boxes))

    def _pick(self, account_id: int, boxes: Sequence[MailboxChoice]) -> None:
        account = self._accounts.get(account_id)

        def chosen(ids: set[int] | None) -> None:
            if ids is not None:
                self.ask(
                    lambda ctx: desk.accounts.choose_mailboxes(ctx, account_id, ids),
                    lambda _nothing: self.shell.sync_now(),
                )

        self.app.push_screen(MailboxPicker(account.address if account else "", boxes), chosen)

    def action_test(self) -> None:
        """Log in to both ends with the secret that is kept."""
        account = self.account
        if account is None:
            return
        values = {name: getattr(account, name) for name in calls.FIELDS} | {"address": account.address, "secret": ""}
        number, credentials = account.id, calls.credentials_of(self.app)
        waiting = [end_line(end, f"{values[f'{end}_host']}:{values[f'{end}_port']}", None) for end in ("imap", "smtp")]
        self._tell_test(number, waiting)

        def done(ends: Sequence[TestEnd]) -> None:
            self._tell_test(number, [end_line(end.end, end.where, end) for end in ends])

        def failed(error: Exception) -> None:
            self._tell_test(number, [])
            self.shell.report(error)

        work = lambda: calls.test(values, credentials, lambda _end: None)  # noqa: E731
        self.shell.background.submit(self, work, done, failed, topic=f"test {number}")

    def _tell_test(self, account_id: int, lines: list[Content]) -> None:
        if self.is_attached:
            self._ends[account_id] = lines
            self._moved()

    def action_remove(self) -> None:
        """Unlink, after asking."""
        account = self.account
        if account is None:
            return
        number, credentials = account.id, calls.credentials_of(self.app)
        title = _("Unlink {address}?").format(address=account.address)
        text = _(
            "Its password is forgotten and no mail is fetched any more. "
            "All its mail, conversations and history stay here, and nothing changes on the server."
        )

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.ask(lambda ctx: desk.accounts.remove(ctx, number, credentials), self._removed(account.address))

        self.app.push_screen(ask_once(title, text, _("Unlink it")), answered)

    def _removed(self, address: str) -> Any:
        def done(_nothing: None) -> None:
            self.shell.tell(_("{address} is no longer linked.").format(address=address))
            self.desk_ready()

        return done


def account_row(account: AccountDetails, now: datetime, width: int) -> Content:
    """One line: sign, address, name, state."""
    sign, colour, word = LOOKS.get(account.state, LOOKS["failed"])
    words = _(word)
    if account.state == "ok" and account.synced_at is not None:
        words = synced(account.synced_at, now)
    room = max(20, (width - 8) // 3)
    return Content.assemble(
        (f" {sign} ", f"bold {colour}"),
        Content(account.address).truncate(room, ellipsis=True, pad=True),
        "  ",
        (Content(account.name).truncate(room, ellipsis=True, pad=True)),
        "  ",
        (words, colour),
    )


def account_detail(account: AccountDetails, now: datetime) -> Content:
    """Servers, user, where the password comes from, and what is wrong."""
    sign, colour, word = LOOKS.get(account.state, LOOKS["failed"])
    parts: list[Content | str | tuple[str, str]] = [(f"{sign} {_(word)}", f"bold {colour}")]
    if account.synced_at is not None:
        parts.append((f"  {synced(account.synced_at, now)}", "dim"))
    parts.append("\n")
    if account.state_text and account.state != "ok":
        parts += [account.state_text, "\n"]
    if account.state == "sending failed":
        parts += [
            (_("Only sending fails; what waits is tried again later. Enter opens the form to mend it."), "dim"),
            "\n",
        ]
    if account.state == "auth failed":
        parts += [(_("It is not tried again by itself. Enter opens the form: enter the password again."), "dim"), "\n"]
    for name, end in ((_("Reading"), "imap"), (_("Sending"), "smtp")):
        where = f"{getattr(account, f'{end}_host')}:{getattr(account, f'{end}_port')}"
        parts += [(f"{name} ", "dim"), where, (f" {security_words(getattr(account, f'{end}_security'))}\n", "dim")]
    parts += [(_("User "), "dim"), account.user, (f"  {_('Password')} {_(WAYS.get(account.secret_kind, ''))}", "dim")]
    return Content.assemble(*parts)
