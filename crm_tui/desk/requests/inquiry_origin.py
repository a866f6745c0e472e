"""What a conversation gives to the inquiry that is made from it: its guest, and what its mail says (SPEC §4).

All of it is read before the write transaction begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import unfit_addresses
from crm_tui.desk.correspondence.reading import survivor
from crm_tui.desk.requests import proposing
from crm_tui.desk.texts.template_variables import Scene, language_of, split_name
from crm_tui.mail.text import display_text
from crm_tui.rules.proposals import Proposals
from crm_tui.rules.stages import channel_of

_C = columns(Conversation)

_STATED = ("arrival", "departure", "period_from", "period_to", "nights", "adults", "children", "airport")
"""Fields of an inquiry that a mail may state."""
LONGEST_SOURCE = 200
_VIA = re.compile(r"\s+(?:via|vía|przez)\s+\S.*$", re.IGNORECASE)
"""What booking sites put behind the name: ``Zofia via Stayfinder``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What was found.

    Attributes:
        inquiry: the inquiry that the conversation belongs to already.
        address: the sender's; empty if it is nobody's own.
        person: the values of a new guest, should none have the address.
        values: fields of the inquiry that the mail states.
        sources: the words that each was read from.
    """

    conversation: int
    inquiry: int | None
    address: str
    person: Mapping[str, Any]
    channel: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


def look(ctx: Context, conversation_id: int) -> Origin:
    """Read what a conversation gives.

    Raises:
        NotFound: there is no such conversation that the agent may see.
    """
    with ctx.store.connect() as connection:
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        conversation_id = survivor(connection, conversation_id)
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        query = select(_C.inquiry_id, _C.counterpart_name, _C.counterpart_address)
        row = connection.execute(query.where(_C.id == conversation_id, _C.merged_into.is_(None))).first()
        if row is None:
            raise NotFound(_("There is no conversation {number}.").format(number=conversation_id))
        if row.inquiry_id is not None:
            return Origin(conversation_id, row.inquiry_id, "", {}, "")
        language = language_of(Scene(ctx, connection, conversation_id))
        address = row.counterpart_address
        own_address = "" if unfit_addresses.reason(connection, address or "") else address
    read = proposing.for_conversation(ctx, conversation_id).read
    stated = {name: found for name in _STATED if (found := getattr(read, name)) is not None}
    return Origin(
        conversation_id,
        None,
        own_address,
        _person(row.counterpart_name, address, own_address, read, language),
        channel_of(address).value,
        {name: found.value for name, found in stated.items()},
        {name: display_text(found.words)[:LONGEST_SOURCE] for name, found in stated.items()},
    )


def _person(name: str, address: str, own_address: str, read: Proposals, language: str) -> dict[str, Any]:
    """A new guest's values; the address is kept only if it may be theirs (:mod:`crm_tui.desk.correspondence.unfit_addresses`)."""
    clean = _VIA.sub("", " ".join(display_text(name).split()))
    given, surname = split_name("" if "@" in clean else clean)
    if read.surname is not None:
        given, surname = read.given.value if read.given is not None else "", read.surname.value
    surname = surname or clean.partition("@")[0].strip() or display_text(address.partition("@")[0]) or _("unknown")
    values: dict[str, Any] = {
        "given": given[:LONGEST_SOURCE],
        "surname": surname[:LONGEST_SOURCE],
        "language": read.language.value if read.language is not None else language,
    }
    if own_address:
        values["emails"] = [own_address]
    if read.phone is not None:
        values["phones"] = [read.phone.value]
    return {name: value for name, value in values.items() if value}
