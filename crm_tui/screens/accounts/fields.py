"""The fields of an account, and what is filled in from its address."""

from __future__ import annotations

from typing import Any

from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.i18n import N_, _
from crm_tui.desk.correspondence.sending_views import AccountDetails
from crm_tui.widgets.forms import (
    AddressField,
    Choice,
    ChoiceField,
    Field,
    FixedField,
    LinesField,
    NumberField,
    PasswordField,
    TextField,
    is_address,
)

SERVERS = ("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security")
SECURITY = [Choice("tls", "TLS"), Choice("starttls", "STARTTLS")]
PLAIN = ("none", N_("not encrypted (this machine only)"))


def security_choices() -> list[Choice]:
    """How a connection is kept from being read."""
    return [*SECURITY, Choice(PLAIN[0], _(PLAIN[1]))]


def security_words(value: str) -> str:
    """The security of a connection as it is read."""
    return next((choice.label for choice in security_choices() if choice.value == value), value)


def secret_help(keyring: bool) -> str:
    """What can be chosen for the secret on this machine."""
    rest = _(
        "A command prints it; a token command is for Gmail and Microsoft (XOAUTH2); or it is asked for each session."
    )
    return _("The keyring keeps it encrypted.") + " " + rest if keyring else rest


def secret_ways(keyring: bool) -> list[Choice]:
    """Where the secret can come from on this machine."""
    ways = [
        Choice("password_command", _("command")),
        Choice("token_command", _("token")),
        Choice("session", _("this session")),
    ]
    return [Choice("keyring", _("keyring")), *ways] if keyring else ways


def account_fields(details: AccountDetails | None) -> list[Widget]:
    """The rows of the form, in the order they are asked."""
    return [_address(details), *_identity(), *_servers(), *_secret(), *_extras()]


def _address(details: AccountDetails | None) -> Field:
    if details is not None:
        return FixedField("address", _("Address"), details.address, why=_("to use another, link another account"))
    return TextField(
        "address",
        _("Address"),
        required=True,
        placeholder="reception@example.org",
        checks=(lambda value: "" if is_address(value) else _("Write it like name@example.org."),),
        help=_("The mail address guests write to. Known providers fill in the rest."),
    )


def _identity() -> list[Widget]:
    return [
        TextField("name", _("Name"), help=_("What guests see beside the address, such as the name of the hotel.")),
        FixedField("servers", _("Servers"), _("filled in from the address")),
        Static("", id="hint"),
    ]


def _servers() -> list[Widget]:
    secure = _("TLS from the start is safest.")
    rows: list[Widget] = []
    for end, what in (("imap", _("Reading (IMAP)")), ("smtp", _("Sending (SMTP)"))):
        rows += [
            TextField(f"{end}_host", what, required=True, help=_("The name of the server.")),
            NumberField(f"{end}_port", _("  port"), low=1, high=65535),
            ChoiceField(f"{end}_security", _("  security"), security_choices(), help=secure),
        ]
    return rows


def _secret() -> list[Widget]:
    command = _("Run without a shell each time; it must print the password or token on its first line.")
    return [
        TextField("user", _("User"), help=_("Most often the address itself.")),
        ChoiceField("secret_kind", _("Password from"), secret_ways(True), help=secret_help(True)),
        PasswordField("secret", _("Password"), help=_("Never stored in the desk's files.")),
        TextField("secret_command", _("Command"), placeholder="pass show mail/reception", help=command),
    ]


def _extras() -> list[Widget]:
    return [
        AddressField(
            "aliases",
            _("Other addresses"),
            help=_("Further addresses of this mailbox, so that your own mail is known."),
        ),
        LinesField("signature", _("Signature"), help=_("Put under every new mail and reply from this account.")),
    ]


def servers_words(values: dict[str, Any]) -> str:
    """Both servers on one line."""
    ends = [
        f"{values[f'{end}_host']}:{values[f'{end}_port']} {security_words(values[f'{end}_security'])}"
        for end in ("imap", "smtp")
    ]
    return " · ".join(ends)


def proposed(address: str) -> tuple[dict[str, Any], str, bool]:
    """What is filled in for an address: values by field, what to tell the person, and whether the provider is known."""
    from crm_tui.mail.providers import guess_for, provider_for

    known = provider_for(address)
    provider = known or guess_for(address)
    values: dict[str, Any] = {
        "imap_host": provider.imap_host,
        "imap_port": provider.imap_port,
        "imap_security": provider.imap_security.value,
        "smtp_host": provider.smtp_host,
        "smtp_port": provider.smtp_port,
        "smtp_security": provider.smtp_security.value,
        "user": address,
    }
    if provider.token:
        values["secret_kind"] = "token_command"  # noqa: S105 -- a kind, not a token
    if known is None:
        return values, _("This provider is not known here: the servers are a guess, check them."), False
    words = known.name + (f": {_(known.hint)}" if known.hint else "")
    return values, words, True
