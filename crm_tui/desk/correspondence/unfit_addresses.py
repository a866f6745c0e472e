"""Addresses that are no guest's: the hotel's own, a program's, a booking site's relay (SPEC §6)."""

from __future__ import annotations

from sqlalchemy import Connection

from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.mailbox import own_addresses, own_keys
from crm_tui.mail.automatic import unattended
from crm_tui.mail.text import display_text
from crm_tui.mail.threading import company, relay_key
from crm_tui.rules.mail_addresses import address_key


def own(connection: Connection, address: str) -> bool:
    """Whether it is that of a linked account, or an alias of one."""
    return address_key(address) in own_keys(connection)


def reason(connection: Connection, address: str) -> str:
    """Why mail from an address is not one guest's, a sentence; empty if it may well be."""
    if own(connection, address):
        return _("{address} is the hotel's own address.").format(address=display_text(address))
    return doubt(address)


def doubt(address: str) -> str:
    """:func:`reason` without the store: a program's address, or a relay's."""
    shown = display_text(address)
    if relay_key(address):
        return _("{address} is nobody's own address: a booking site passes mail on.").format(address=shown)
    if unattended(address):
        return _("{address} is nobody's own address: a program sends from it.").format(address=shown)
    return ""


def passes_on(connection: Connection, address: str) -> bool:
    """Whether whoever is named by Reply-To wrote a mail from this address: a program's, or one of our own domain."""
    if unattended(address) or own(connection, address):
        return True
    domain = company(address.strip().lower())
    return bool(domain) and any(company(one) == domain for one in own_addresses(connection))


def doubts(ctx: Context, address: str) -> str:
    """:func:`reason` for somebody who types it."""
    with ctx.store.connect() as connection:
        return reason(connection, address)
