"""What the account screens ask of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.desk.correspondence.sending_views import AccountDetails, MailboxChoice, TestEnd

if TYPE_CHECKING:
    from crm_tui.base.redact import Secret
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.correspondence.account_form import NewAccount
    from crm_tui.mail.credentials import Credentials, KeyringState

Told = Callable[[TestEnd], None]
FIELDS = (
    "name", "user", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security",
    "secret_kind", "secret_command", "signature", "aliases",
)  # fmt: skip
"""What the form gives besides the address, by the names of :class:`NewAccount`."""


def credentials_of(app: Any) -> Credentials:
    """The credentials the App was given (``app.credentials``), else those of its engine, which must find them too."""
    from crm_tui.mail.credentials import Credentials

    if getattr(app, "credentials", None) is None:
        app.credentials = getattr(getattr(app, "engine", None), "credentials", None) or Credentials()
    found: Credentials = app.credentials
    return found


def keyring_state(credentials: Credentials) -> KeyringState:
    """Whether this machine has a keyring that may be used."""
    return credentials.describe()


def new_account(values: dict[str, Any]) -> NewAccount:
    """The form's values as the desk takes them."""
    from crm_tui.desk.correspondence.account_form import NewAccount

    given = {name: values[name] for name in FIELDS} | {end: values[end] or 0 for end in ("imap_port", "smtp_port")}
    if not isinstance(given["aliases"], str):
        given["aliases"] = ", ".join(typed.address for typed in given["aliases"])
    return NewAccount(address=values["address"], **given)


def secret_of(values: dict[str, Any]) -> Secret | None:
    """The password typed, if one was."""
    from crm_tui.base.redact import Secret

    return Secret(values["secret"]) if values["secret"] else None


def test(values: dict[str, Any], credentials: Credentials, told: Told) -> list[TestEnd]:
    """Log in to both ends.

    Raises:
        InvalidInput: a field cannot be used; ``field`` names it.
        SecretUnavailable: there is no secret to try.
    """
    return desk.account_testing.test(new_account(values), credentials, secret_of(values), told=told)


test.__test__ = False  # type: ignore[attr-defined]  # a button of the form


def list_mailboxes(ctx: Context, details: AccountDetails, credentials: Credentials) -> list[MailboxChoice]:
    """Ask the server for its mailboxes.

    Raises:
        CrmError: it did not answer; the engine asks again with the first sync.
    """
    from crm_tui.base.progress import CancelEvent
    from crm_tui.engine.sessions import session_factory
    from crm_tui.engine.sync import list_account

    list_account(ctx, details, session_factory(credentials, timeout=10), CancelEvent())
    return desk.accounts.mailboxes(ctx, details.id)


def save(
    ctx: Context, values: dict[str, Any], credentials: Credentials, details: AccountDetails | None
) -> AccountDetails:
    """Link the account, or change the one that ``details`` showed; the test was made, or the person does without.

    Raises:
        InvalidInput: a field is not usable, or the address is linked already.
        SecretUnavailable: the keyring did not take the password.
    """
    new, secret = new_account(values), secret_of(values)
    if details is None:
        return desk.accounts.add(ctx, new, credentials, secret, tested=True)
    changed = desk.accounts.change(ctx, details.id, details.version, **{name: getattr(new, name) for name in FIELDS})
    if secret is not None or details.state in ("auth failed", "sending failed"):
        desk.accounts.mend(ctx, details.id, credentials, secret)
    return changed
