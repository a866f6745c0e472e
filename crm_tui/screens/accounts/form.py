"""Linking a mail account, step by step: address, servers, password, test; then it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput, sentences
from crm_tui.base.i18n import _
from crm_tui.desk.correspondence.sending_views import AccountDetails, MailboxChoice, TestEnd
from crm_tui.screens.accounts import calls
from crm_tui.screens.accounts.actions import FORM
from crm_tui.screens.accounts.fields import (
    SERVERS,
    account_fields,
    proposed,
    secret_help,
    secret_ways,
    servers_words,
)
from crm_tui.screens.accounts.mailboxes import NOT_OFFERED, MailboxPicker
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import ChoiceField, Field, Form, is_address

if TYPE_CHECKING:
    from crm_tui.mail.credentials import KeyringState


class AccountScreen(DeskScreen[int | None]):
    """The guided form. ctrl+s tests both ends and saves if both let us in; nothing is saved before that.

    Args:
        details: the account to change; None links a new one.

    The screen's result is the id of the account that was saved, or None.
    """

    needs = "accounts"

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [*bindings(FORM), Binding("escape", "back", show=False)]

    def __init__(self, details: AccountDetails | None = None) -> None:
        super().__init__()
        self._details = details
        self._proposed: dict[str, Any] = {}
        self._folded = True
        self._ends: dict[str, TestEnd] = {}
        self._testing = False
        self._anyway = False
        self._run = 0

    def body(self) -> ComposeResult:
        title = _("Link a mail account") if self._details is None else _("Change {address}")
        address = self._details.address if self._details else ""
        with Vertical(id="account"):
            yield Static(Content.styled(title.format(address=address), "bold $primary"), id="title")
            yield Form(*account_fields(self._details), keep="account" if self._details is None else "")
            yield Static("", id="result")

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def on_mount(self) -> None:
        """Fill in what is known, fold the servers, look for a keyring."""
        self.query_one("#hint").display = False
        if self._details is not None:
            self.form.fill({name: getattr(self._details, name) for name in calls.FIELDS}, settle=True)
            self._show_ways()
        self._show_servers(True)
        self._show_secret()
        credentials = calls.credentials_of(self.app)
        self.shell.background.submit(
            self, lambda: calls.keyring_state(credentials), self._keyring_known, self.shell.report
        )

    # -- filling in -----------------------------------------------------------------------------------------------

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        if event.field.key == "address":
            self._propose(str(event.value))
        elif event.field.key == "secret_kind":
            self._show_secret()
        if event.field.key in SERVERS:
            self._tell_servers()
        if self._ends and not self._testing:
            self._ends = {}
            self._anyway = False

    def _propose(self, address: str) -> None:
        """Fill in what the address tells, but never over what the person typed."""
        if not is_address(address):
            return
        values, words, known = proposed(address)
        fields = self.form.fields
        for name, value in values.items():
            if fields[name].value in ("", None, self._proposed.get(name)) or not fields[name].dirty:
                fields[name].value = value
        self._proposed = values
        hint = self.query_one("#hint", Static)
        hint.display = True
        sign = ("✔ ", "$text-success") if known else ("! ", "bold $text-warning")
        hint.update(Content.assemble(sign, (words, "$text-muted")))
        self._show_servers(known)

    def _tell_servers(self) -> None:
        values = self.form.values()
        if values["imap_host"]:
            self.form.fields["servers"].value = servers_words(values)

    def _show_servers(self, folded: bool) -> None:
        self._folded = folded
        for name in SERVERS:
            self.form.fields[name].display = not folded
        self.form.fields["servers"].display = folded
        self._tell_servers()

    def action_servers(self) -> None:
        """Show or hide the server fields."""
        self._show_servers(not self._folded)
        if not self._folded:
            self.form.fields["imap_host"].focus_control()

    def _show_secret(self) -> None:
        kind = self.form.values()["secret_kind"]
        by_command = kind in ("password_command", "token_command")
        self.form.fields["secret"].display = not by_command
        self.form.fields["secret_command"].display = by_command
        self.form.fields["secret_command"].required = by_command
        self.form.fields["secret"].required = not by_command and self._details is None

    def _show_ways(self, keyring: bool = True) -> None:
        ways = self.form.fields["secret_kind"]
        assert isinstance(ways, ChoiceField)
        present = ways.value
        offered = secret_ways(keyring)
        if present not in [way.value for way in offered]:
            present = "session"
        ways.offer(offered, present)
        ways.explain(secret_help(keyring))

    def _keyring_known(self, state: KeyringState) -> None:
        if not self.is_attached or state.usable:
            return
        self._show_ways(keyring=False)
        self._show_secret()
        words = _(
            "No keyring is used on this machine: {reason}. A command can print the password, or it is kept for this session only."
        )
        self._say(words.format(reason=state.reason), "warn")

    # -- testing and saving ---------------------------------------------------------------------------------------

    @on(Form.Committed)
    def _committed(self) -> None:
        self._test(save=True)

    def action_test(self) -> None:
        """Log in to both ends; nothing is saved."""
        self._test(save=False)

    def action_save_anyway(self) -> None:
        """Save without a test that passed: the person says so."""
        if self._testing or not self._right():
            return
        self._save()

    def _right(self) -> bool:
        """Check the fields; a wrong one in the folded part unfolds it."""
        self._unfold_if_wrong()
        return self.form.check()

    def _unfold_if_wrong(self) -> None:
        if self._folded and any(not self.form.fields[name].value for name in ("imap_host", "smtp_host")):
            self._show_servers(False)

    def _test(self, *, save: bool) -> None:
        if self._testing or not self._right():
            return
        values = self.form.values()
        self._testing, self._ends, self._run = True, {}, self._run + 1
        run = self._run
        self._show_ends()
        credentials = calls.credentials_of(self.app)

        def told(end: TestEnd) -> None:
            self.call_later(self._end_answered, end, run)

        def done(ends: Sequence[TestEnd]) -> None:
            self._tested(ends, run, save)

        def failed(error: Exception) -> None:
            self._test_failed(error, run)

        self.shell.background.submit(self, lambda: calls.test(values, credentials, told), done, failed)

    def _end_answered(self, end: TestEnd, run: int) -> None:
        if run == self._run:
            self._ends[end.end] = end
            self._show_ends()

    def _tested(self, ends: Sequence[TestEnd], run: int, save: bool) -> None:
        if run != self._run or not self.is_attached:
            return
        self._testing = False
        self._ends = {end.end: end for end in ends}
        self._show_ends()
        failed = [end for end in ends if not end.ok]
        if failed:
            self._point_at(failed[0])
        elif save:
            self._save()

    def _test_failed(self, error: Exception, run: int) -> None:
        if run == self._run and self.is_attached:
            self._testing = False
            self._failed(error)

    def _point_at(self, end: TestEnd) -> None:
        """Put the cursor where the failure can most likely be mended."""
        kind = self.form.values()["secret_kind"]
        if end.kind in ("AuthFailed", "SecretUnavailable"):
            name = "secret_command" if kind in ("password_command", "token_command") else "secret"
        else:
            name = f"{end.end}_host"
            self._show_servers(False)
        self.form.fields[name].focus_control()

    def _save(self) -> None:
        values, details = self.form.values(), self._details
        credentials = calls.credentials_of(self.app)
        self.ask(lambda ctx: calls.save(ctx, values, credentials, details), self._saved, failed=self._failed)

    def _saved(self, details: AccountDetails) -> None:
        self.form.forget()
        if self._details is None:
            self.shell.tell(_("{address} is linked; its mail is being fetched.").format(address=details.address))
        else:
            self.shell.tell(_("{address} is saved.").format(address=details.address))
        if self._details is None and self._ends:
            self._say(_("Linked. Asking for its mailboxes…"), "warn")
            credentials = calls.credentials_of(self.app)
            self.ask(
                lambda ctx: calls.list_mailboxes(ctx, details, credentials),
                lambda boxes: self._choose(details, boxes),
                failed=lambda _error: self._finish(details.id),
            )
        else:
            self._finish(details.id)

    def _choose(self, details: AccountDetails, boxes: Sequence[MailboxChoice]) -> None:
        """Let the person choose, if there is more than what is synced anyway."""
        if not any(not box.chosen and not box.gone and box.role not in NOT_OFFERED for box in boxes):
            self._finish(details.id)
            return

        def chosen(ids: set[int] | None) -> None:
            if ids is None:
                self._finish(details.id)
            else:
                number = details.id
                self.ask(
                    lambda ctx: desk.accounts.choose_mailboxes(ctx, number, ids), lambda _nothing: self._finish(number)
                )

        self.app.push_screen(MailboxPicker(details.address, boxes), chosen)

    def _finish(self, account_id: int) -> None:
        self.shell.sync_now()
        self.dismiss(account_id)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            if error.field in SERVERS:
                self._show_servers(False)
            self.form.show_error(error)
        elif isinstance(error, CrmError):
            self._say(str(error), "bad")
        else:
            self.shell.report(error)

    def action_back(self) -> None:
        """Stop a test that runs; else leave, and what was typed is kept."""
        if self._testing:
            self._testing, self._run = False, self._run + 1
            self._say(_("The test was stopped; nothing was saved."), "warn")
            return
        self.form.remember()
        self.dismiss(None)

    # -- telling --------------------------------------------------------------------------------------------------

    def _show_ends(self) -> None:
        values = self.form.values()
        lines: list[Content] = []
        for end in ("imap", "smtp"):
            answer = self._ends.get(end)
            where = f"{values[f'{end}_host']}:{values[f'{end}_port']}"
            lines.append(end_line(end, where, answer))
        if not self._testing and all(end.ok for end in self._ends.values()):
            lines.append(Content.styled(_("Both ends let us in. ctrl+s saves."), "dim"))
        elif not self._testing:
            lines.append(Content.styled(_("Nothing was saved. Mend it and press ctrl+s; F7 saves it as it is."), "dim"))
        else:
            lines.append(Content.styled(_("Esc stops the test."), "dim"))
        self.query_one("#result", Static).update(Content("\n").join(lines))

    def _say(self, text: str, how: str) -> None:
        looks = {"bad": ("✕ ", "bold $text-error"), "warn": ("! ", "bold $text-warning")}
        self.query_one("#result", Static).update(Content.assemble(looks[how], text))


def end_line(end: str, where: str, answer: TestEnd | None) -> Content:
    """How one end answered: sign, which end, where, and the words."""
    name = {"imap": _("Reading"), "smtp": _("Sending")}[end]
    if answer is None:
        return Content.assemble(("… ", "$text-accent"), (f"{name} ", "bold"), (f"{where}  ", "dim"), _("logging in"))
    if answer.ok:
        return Content.assemble(
            ("✔ ", "bold $text-success"), (f"{name} ", "bold"), (f"{where}  ", "dim"), _("login works")
        )
    hint = _("Check host, port and security.") if answer.kind == "Unreachable" else answer.hint
    words = sentences(answer.error, hint)
    return Content.assemble(("✕ ", "bold $text-error"), (f"{name} ", "bold"), (f"{where}  ", "dim"), words)
