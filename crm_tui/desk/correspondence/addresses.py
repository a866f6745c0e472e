"""Addresses as an agent types them, read strictly: what is wrong is named with its field (SPEC §5)."""

from __future__ import annotations

import re

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.address import Address, parse_addresses
from crm_tui.mail.text import display_text

MOST_RECIPIENTS = 500
_LOCAL = re.compile(r"[^\s<>()\[\]\",;:\\@]{1,64}")
_PIECE = re.compile(r'(?:"[^"]*"|<[^>]*>|[^,"<])+')
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")


def read(text: str, field: str) -> tuple[Address, ...]:
    """The addresses of a line such as ``Ann <ann@example.org>, bob@example.org``, each once.

    Raises:
        InvalidInput: one of them is no address; ``field`` says where it stands, the message which.
    """
    found: dict[str, Address] = {}
    line = text.replace("\n", ",").replace(";", ",")
    for piece in _PIECE.findall(line):
        if "<" not in piece and "@" in piece and len(piece.split()) > 1:
            raise _wrong(piece.strip(), field)  # a blank in an address: the parser would take half of it for the name
    for one in parse_addresses(line):
        if not is_address(one.address):
            raise _wrong(one.address or one.name, field)
        found.setdefault(one.address.casefold(), one)
    return tuple(found.values())


def is_address(text: str) -> bool:
    """Whether mail can be sent to it: a local part and a domain of at least two labels (or ``localhost``)."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    labels = domain.split(".")
    return (
        len(domain) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and (len(labels) > 1 or domain == "localhost")
    )


def check_count(*groups: tuple[Address, ...]) -> None:
    """Refuse a message to nobody, or to more people than any server takes.

    Raises:
        InvalidInput: names ``to``.
    """
    count = sum(len(group) for group in groups)
    if count == 0:
        raise InvalidInput(_("The message has no recipient."), _("Enter an address."), "to")
    if count > MOST_RECIPIENTS:
        raise InvalidInput(
            _("The message has {count} recipients; {limit} are the most.").format(count=count, limit=MOST_RECIPIENTS),
            _("Send it in parts."),
            "to",
        )


def _wrong(text: str, field: str) -> InvalidInput:
    return InvalidInput(
        _("{text} is no mail address.").format(text=display_text(text)), _("Write it like name@example.org."), field
    )
