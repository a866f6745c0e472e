"""``crm-tui account add|list|test|remove`` (SPEC §2, §15)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crm_tui.base.errors import Cancelled, CrmError, SecretUnavailable
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.output import complain, yes
from crm_tui.cli.secrets import ask_password, at_terminal
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_tui.base.redact import Secret
    from crm_tui.desk.correspondence.account_form import NewAccount
    from crm_tui.desk.correspondence.sending_views import AccountDetails, TestEnd

_FIELDS = (
    "name",
    "user",
    "imap_host",
    "imap_port",
    "imap_security",
    "smtp_host",
    "smtp_port",
    "smtp_security",
)


def add(run: Invocation) -> int:
    """Link an account: both ends are tested before anything is saved."""
    from crm_tui import desk
    from crm_tui.mail.credentials import Credentials, SecretKind

    credentials = Credentials()
    with run.desk() as ctx:
        desk.accounts.require_may_change(ctx)  # before anything is asked or tried
        new = desk.account_form.completed(_asked_for(run, credentials))
        _hint(run, new.address)
        secret = _secret(run, new)
        ends = desk.account_testing.test(new, credentials, secret)
        if not all(end.ok for end in ends):
            return _not_linked(run, ends)
        _show_ends(run, ends)
        made = desk.accounts.add(ctx, new, credentials, secret, tested=True)
    if run.out.as_json:
        run.out.record({"id": made.id, "address": made.address, "secret": made.secret_kind, "status": "linked"})
        return 0
    run.out.line(_("{address} is linked.").format(address=made.address), "green")
    if made.secret_kind == SecretKind.SESSION:
        run.out.line(
            _(
                "This machine has no keyring: the password is asked for by sync and engine, and entered in the desk with g, then a."
            )
        )
    run.out.line(_("Its mail comes in when the desk opens, or with: crm-tui sync"))
    return 0


def _not_linked(run: Invocation, ends: Sequence[TestEnd]) -> int:
    """Say what each end answered: once, on standard error; programs get the object of each end as well."""
    failed = [end for end in ends if not end.ok]
    if run.out.as_json:
        _show_ends(run, ends)
        complain(
            " ".join(f"{end.end.upper()}: {end.error}" for end in failed),
            " ".join(dict.fromkeys(end.hint for end in failed if end.hint)),
            as_json=True,
        )
        return 1
    _show_ends(run, [end for end in ends if end.ok])
    for end in failed:
        complain(f"{end.end.upper()}: {end.error}", end.hint, as_json=False)
    complain(_("The account was not linked; nothing was saved."), "", as_json=False)
    return 1


def _asked_for(run: Invocation, credentials: object) -> NewAccount:
    from crm_tui.desk.correspondence.account_form import NewAccount
    from crm_tui.mail.credentials import Credentials, SecretKind

    options = run.options
    address = options.address or _ask(_("Mail address: "), "--address")
    values = {name: getattr(options, name) for name in _FIELDS}
    if options.password_command:
        kind, command = SecretKind.PASSWORD_COMMAND, options.password_command
    elif options.token_command:
        kind, command = SecretKind.TOKEN_COMMAND, options.token_command
    else:
        usable = isinstance(credentials, Credentials) and credentials.describe().usable
        kind, command = (SecretKind.KEYRING if usable else SecretKind.SESSION), ""
        if not usable and not at_terminal():
            raise SecretUnavailable(
                _("This machine has no keyring, so the password cannot be kept for the desk."),
                _("Use --password-command with a command that prints it."),
            )
    return NewAccount(address=address, secret_kind=kind, secret_command=command, **values)


def _hint(run: Invocation, address: str) -> None:
    from crm_tui.mail.providers import provider_for

    known = provider_for(address)
    if known is not None and known.hint and not run.out.as_json:
        run.out.line(f"{known.name}: {_(known.hint)}", "yellow")


def _secret(run: Invocation, new: NewAccount) -> Secret | None:
    """The password, typed or from standard input; None where a command gives it."""
    from crm_tui.base.redact import Secret
    from crm_tui.mail.credentials import SecretKind

    if new.secret_kind in (SecretKind.PASSWORD_COMMAND, SecretKind.TOKEN_COMMAND):
        return None
    if run.options.password_stdin:
        text = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    elif at_terminal():
        return ask_password(new.user) or _no_password()
    else:
        raise UsageError(
            _("There is no way to get the password here."),
            _("Use --password-stdin, --password-command or --token-command."),
        )
    return Secret(text) if text else _no_password()


def _no_password() -> Secret:
    raise UsageError(_("The password is empty."), _("Nothing was saved."))


def _ask(question: str, option: str) -> str:
    if not at_terminal():
        raise UsageError(_("The mail address is missing."), _("Give it with {option}.").format(option=option))
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    if not answer:
        raise Cancelled(_("Nothing was linked."))
    return answer


def list_accounts(run: Invocation) -> int:
    """Print the linked accounts and how they stand."""
    from crm_tui import desk
    from crm_tui.desk.common.words import ACCOUNT_STATES, said

    with run.desk() as ctx:
        found, zone = desk.accounts.list_accounts(ctx), zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(
                {
                    "id": one.id,
                    "address": one.address,
                    "name": one.name,
                    "state": one.state,
                    "state_text": one.state_text,
                    "synced_at": one.synced_at,
                    "unread": one.unread,
                }
            )
        return 0
    if not found:
        run.out.line(_("No account is linked. Link one with: crm-tui account add"))
        return 0
    rows = [
        [one.id, one.address, said(ACCOUNT_STATES, one.state), moment(one.synced_at, zone), one.state_text]
        for one in found
    ]
    run.out.table((_("ID"), _("Address"), _("State"), _("Last sync"), _("What the server said")), rows, right=(0,))
    return 0


def test(run: Invocation) -> int:
    """Log in to both ends of an account; exit code 1 if one does not let us in."""
    from crm_tui import desk
    from crm_tui.desk.correspondence.account_form import NewAccount
    from crm_tui.mail.credentials import Credentials, SecretKind

    with run.desk() as ctx:
        found: AccountDetails = desk.accounts.find(ctx, run.options.account)
    known = {name: getattr(found, name) for name in NewAccount.__dataclass_fields__}
    new = NewAccount(**known)
    secret = _secret(run, new) if new.secret_kind == SecretKind.SESSION else None
    ends = desk.account_testing.test(new, Credentials(), secret)
    _show_ends(run, ends)
    return 0 if all(end.ok for end in ends) else 1


test.__test__ = False  # type: ignore[attr-defined]  # a command, not one of pytest's


def _show_ends(run: Invocation, ends: Sequence[TestEnd]) -> None:
    for end in ends:
        if run.out.as_json:
            run.out.record({"end": end.end, "where": end.where, "ok": end.ok, "error": end.error or None})
        elif end.ok:
            run.out.line(_("{end} at {where}: logged in").format(end=end.end.upper(), where=end.where), "green")
        else:
            run.out.line(f"{end.end.upper()}: {end.error}", "red")
            if end.hint:
                run.out.text(f"  {end.hint}")


def remove(run: Invocation) -> int:
    """Unlink an account and forget its secret; its mail stays in the store."""
    from crm_tui import desk
    from crm_tui.mail.credentials import Credentials

    with run.desk() as ctx:
        desk.accounts.require_may_change(ctx)
        found = desk.accounts.find(ctx, run.options.account)
        if not run.options.yes and not yes(_("Unlink {address}? Its mail stays.").format(address=found.address)):
            raise CrmError(
                _("{address} stays linked.").format(address=found.address),
                _("Say --yes to unlink it without a question."),
            )
        desk.accounts.remove(ctx, found.id, Credentials())
    if run.out.as_json:
        run.out.record({"id": found.id, "address": found.address, "status": "unlinked"})
    else:
        run.out.line(_("{address} is unlinked; its mail stays.").format(address=found.address))
    return 0
