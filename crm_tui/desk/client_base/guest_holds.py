"""What stands in the way of a change of a guest: a reference that another has, a stay that the person holds (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import CompanyContact, Guest, Inquiry, InquiryGuest, Reservation, ReservationGuest
from crm_tui.desk.client_base.guest_consents import consents_in
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.scope import sees
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.mail.text import display_text

_G = columns(Guest)
_C = columns(CompanyContact)
_I = columns(Inquiry)
_H = columns(InquiryGuest)
_R = columns(Reservation)
_B = columns(ReservationGuest)


def check_reference(connection: Connection, clean: Mapping[str, Any], but: int) -> None:
    """A reference belongs to one guest only.

    Raises:
        InvalidFields: another one has it; the sentence says who.
    """
    reference = clean.get("reference")
    if not reference:
        return
    query = select(_G.id, _G.given, _G.surname, _G.archived_at).where(
        _G.reference == reference, _G.reference != "", _G.id != but
    )
    row = connection.execute(query).first()
    if row is None:
        return
    text = _("{reference} is the reference of {name}, guest {number}.")
    if row.archived_at is not None:
        text = _("{reference} is the reference of {name}, guest {number}, who is archived.")
    name = display_text(f"{row.given} {row.surname}".strip())
    raise InvalidFields({"reference": text.format(reference=reference, name=name, number=row.id)})


def holding(tx: Transaction, guest: Row[Any]) -> str:
    """Why a person cannot become a company, one sentence; empty if nothing is in the way."""
    name = display_text(f"{guest.given} {guest.surname}".strip())
    inquiries = (
        select(_I.id, _I.scope)
        .join(InquiryGuest, _H.inquiry_id == _I.id)
        .where(_H.guest_id == guest.id, _H.holder)
        .order_by(_I.id.desc())
    )
    held = [row.id if sees(tx.actor.scopes, row.scope) else 0 for row in tx.connection.execute(inquiries)]
    if held:
        number = next((one for one in held if one), 0)
        text = _(
            "{name} is the holder of inquiry {number}, and a holder is a person. Make somebody else the holder first."
        )
        if not number:
            text = _("{name} is the holder of an inquiry that you do not see, and a holder is a person.")
        return text.format(name=name, number=number)
    codes = (
        select(_R.code)
        .join(ReservationGuest, _B.reservation_id == _R.id)
        .where(_B.guest_id == guest.id, _B.holder)
        .order_by(_R.id.desc())
    )
    code = tx.connection.execute(codes.limit(1)).scalar()
    if code is not None:
        text = _(
            "{name} is the holder of reservation {code}, and a holder is a person. Make somebody else the holder first."
        )
        return text.format(name=name, code=display_text(code))
    companies = select(_G.surname).join(CompanyContact, _C.company_id == _G.id).where(_C.person_id == guest.id)
    company = tx.connection.execute(companies.order_by(_G.id).limit(1)).scalar()
    if company is not None:
        text = _("{name} is a contact of {company}, and a contact is a person. Take the contact off there first.")
        return text.format(name=name, company=display_text(company))
    return ""


def newer_consents(connection: Connection, guest_id: int, values: Mapping[str, Any]) -> list[str]:
    """The channels on which something else was said than the agent saw."""
    wanted = {
        channel: word["seen"]
        for channel, word in dict(values.get("consents") or {}).items()
        if isinstance(word, Mapping) and word.get("seen") is not None
    }
    if not wanted:
        return []
    now = consents_in(connection, guest_id)
    return [
        channel
        for channel, seen in wanted.items()
        if channel in now and (now[channel].given, now[channel].day, now[channel].source) != tuple(seen)
    ]
