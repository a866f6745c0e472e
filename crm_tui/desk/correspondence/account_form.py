"""What a form or a command line gives for a new account, filled in and checked; no store, no network (SPEC §2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.correspondence import addresses
from crm_tui.mail.connecting import check_plain_is_local
from crm_tui.mail.credentials import SecretKind, split_command
from crm_tui.mail.providers import IMAP_PORTS, SMTP_PORTS, Security, guess_for
from crm_tui.mail.text import display_text


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the form or the command line gives. Empty hosts and ports 0 are filled in from what is known of the domain."""

    address: str
    name: str = ""
    user: str = ""
    imap_host: str = ""
    imap_port: int = 0
    imap_security: str = ""
    smtp_host: str = ""
    smtp_port: int = 0
    smtp_security: str = ""
    secret_kind: str = SecretKind.KEYRING
    secret_command: str = ""
    signature: str = ""
    aliases: str = ""


def completed(new: NewAccount) -> NewAccount:
    """The account with all that was left out filled in and all that was given checked.

    Raises:
        InvalidInput: address, host, port, security or command is not usable; ``field`` names which.
    """
    address = new.address.strip()
    if not addresses.is_address(address):
        raise InvalidInput(
            _("{text} is no mail address.").format(text=display_text(address)),
            _("Write it like name@example.org."),
            "address",
        )
    known = guess_for(address)
    imap_security = _security(new.imap_security or known.imap_security, "imap_security")
    smtp_security = _security(
        new.smtp_security or (known.smtp_security if not new.smtp_host else "tls"), "smtp_security"
    )
    imap_port = new.imap_port or (IMAP_PORTS[imap_security] if new.imap_security else known.imap_port)
    smtp_port = new.smtp_port or (SMTP_PORTS[smtp_security] if new.smtp_security or new.smtp_host else known.smtp_port)
    whole = replace(
        new,
        address=address,
        name=display_text(new.name.strip()),
        user=new.user.strip() or address,
        imap_host=_host(new.imap_host or known.imap_host, "imap_host"),
        smtp_host=_host(new.smtp_host or known.smtp_host, "smtp_host"),
        imap_port=_port(imap_port, "imap_port"),
        smtp_port=_port(smtp_port, "smtp_port"),
        imap_security=imap_security.value,
        smtp_security=smtp_security.value,
        signature=display_text(new.signature, multiline=True),
        aliases=", ".join(item.address for item in addresses.read(new.aliases, "aliases")),
    )
    check_plain_is_local(whole.imap_host, imap_security)
    check_plain_is_local(whole.smtp_host, smtp_security)
    _check_source(whole)
    return whole


def _check_source(new: NewAccount) -> None:
    if new.secret_kind not in {kind.value for kind in SecretKind}:
        raise InvalidInput(_("There is no such way to keep a password."), field="secret_kind")
    if new.secret_kind in (SecretKind.PASSWORD_COMMAND, SecretKind.TOKEN_COMMAND):
        split_command(new.secret_command)


def _security(value: str, field: str) -> Security:
    try:
        return Security(value)
    except ValueError:
        raise InvalidInput(
            _("{value} is no kind of security.").format(value=display_text(value)),
            _("Use tls, starttls, or none on this machine."),
            field,
        ) from None


def _host(value: str, field: str) -> str:
    host = value.strip()
    if not host or len(host) > 253 or any(c.isspace() or not c.isprintable() or c in "/@<>\"'" for c in host):
        raise InvalidInput(_("{host} is no host name.").format(host=display_text(host)), _("Check it."), field)
    return host


def _port(value: int, field: str) -> int:
    if not 0 < value < 65536:
        raise InvalidInput(_("{port} is no port.").format(port=value), _("Use 1 to 65535."), field)
    return value
