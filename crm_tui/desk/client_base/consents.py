"""What a guest said about being written to or called, ever (SPEC §6): who noted it, when, and how it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Consent, Guest
from crm_tui.desk.client_base.guests import require
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges.guest_merging import absorbed_in
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ConsentChannel

_N = columns(Consent)
_A = columns(Agent)
_G = columns(Guest)


@dataclass(frozen=True, slots=True)
class ConsentWord:
    """One word on one channel.

    Attributes:
        day: when it was said; ``at``: when it was noted, and ``agent`` by whom.
        holds: it is the newest of its channel: it decides.
        profile: the number of the merged profile it was noted on; 0 for the guest's own.
    """

    channel: str
    given: bool
    day: date
    source: str
    agent: str
    at: datetime
    holds: bool
    profile: int = 0


def consent_history(ctx: Context, guest_id: int) -> list[ConsentWord]:
    """Everything that was said, the newest first; channels that are not in it were never spoken of, which is a no.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        guest = require_any(ctx, guest_id)
        numbers = [guest, *absorbed_in(connection, [guest])]
        query = (
            select(table_of(Consent), _A.name.label("agent"))
            .outerjoin(Agent, _A.id == _N.agent_id)
            .where(_N.guest_id.in_(numbers))
            .order_by(_N.id.desc())
        )
        rows = connection.execute(query).all()
    newest: set[str] = set()
    words: list[ConsentWord] = []
    for row in rows:
        own = row.guest_id == guest
        holds = own and row.channel not in newest
        newest |= {row.channel} if own else set()
        source, agent = display_text(row.source), display_text(row.agent or "")
        profile = 0 if own else row.guest_id
        words.append(ConsentWord(row.channel, bool(row.given), row.day, source, agent, row.at, holds, profile))
    return words


def require_any(ctx: Context, guest_id: int) -> int:
    """The number of a guest who is there, archived or erased ones too.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.merges.guest_merging import survivor_in

    with ctx.store.connect() as connection:
        number = survivor_in(connection, guest_id)
        if connection.execute(select(_G.id).where(_G.id == number)).first() is None:
            require(connection, guest_id)  # says so
        return number


def never_said(words: list[ConsentWord]) -> list[str]:
    """The channels of which nothing was ever said: nobody may be written to or called by them."""
    spoken = {one.channel for one in words if not one.profile}
    return [one.value for one in ConsentChannel if one.value not in spoken]
