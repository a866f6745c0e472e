"""Asking for passwords that this machine keeps nowhere: held in the memory of this process only (SPEC §2)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.base.errors import SecretUnavailable
from crm_tui.base.i18n import _
from crm_tui.mail.text import display_text

if TYPE_CHECKING:
    from crm_tui.base.redact import Secret
    from crm_tui.desk.correspondence.sending_views import AccountDetails
    from crm_tui.mail.credentials import Credentials


def at_terminal() -> bool:
    """Whether there is somebody to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask_password(user: str) -> Secret | None:
    """The password as it is typed, unseen; None if nothing was."""
    from getpass import getpass

    from crm_tui.base.redact import Secret

    text = getpass(_("Password of {user}: ").format(user=display_text(user)))
    return Secret(text) if text else None


def hold_missing(accounts: Sequence[AccountDetails], credentials: Credentials) -> dict[int, SecretUnavailable]:
    """Ask for the passwords that nothing else gives, and keep them in memory.

    Returns:
        The accounts that still have none, and why: nobody is there to ask, or nothing was typed.
    """
    missing = {}
    for account in accounts:
        if _is_kept(account, credentials):
            continue
        secret = ask_password(account.address) if at_terminal() else None
        if secret is not None:
            credentials.hold(account.address, secret)
        else:
            missing[account.id] = _nobody(account.address)
    return missing


def _is_kept(account: AccountDetails, credentials: Credentials) -> bool:
    from crm_tui.mail.credentials import SecretKind

    if account.secret_kind == SecretKind.KEYRING:
        return not at_terminal() or credentials.describe().usable
    return account.secret_kind != SecretKind.SESSION


def _nobody(address: str) -> SecretUnavailable:
    return SecretUnavailable(
        _("The password of {address} is not kept on this machine, and nobody is here to type it.").format(
            address=address
        ),
        _("Run this in a terminal, or link the account with --password-command."),
    )
