"""A recall goes only to who agrees to be written to, also where they said no after it was drafted (SPEC §4, §6)."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Consent, Draft, Guest, InquiryGuest
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ConsentChannel

_D = columns(Draft)
_X = columns(InquiryGuest)
_G = columns(Guest)
_K = columns(Consent)


class NoConsent(InvalidInput):
    """The guest does not agree to be written to."""


def check(connection: Connection, draft_id: int | None) -> None:
    """Refuse to send a recall whose inquiry's holder does not consent to mail as things stand; other drafts pass.

    Raises:
        NoConsent: so; ``field`` is ``to``.
    """
    query = (
        select(_D.recall_of, _G.id, _G.given, _G.surname)
        .outerjoin(InquiryGuest, and_(_X.inquiry_id == _D.recall_of, _X.holder))
        .outerjoin(Guest, _G.id == _X.guest_id)
        .where(_D.id == draft_id, _D.recall_of.is_not(None))
    )
    row = connection.execute(query).first()
    if row is None:
        return
    said = select(_K.given).where(_K.guest_id == row.id, _K.channel == ConsentChannel.MAIL)
    if not connection.execute(said.order_by(_K.id.desc()).limit(1)).scalar():
        name = display_text(f"{row.given or ''} {row.surname or ''}".strip())
        raise NoConsent(
            _("{name} does not agree to be written to: the recall is not sent.").format(name=name or _("The guest")),
            _("Note the consent in the guest's record, or drop the mail."),
            "to",
        )
