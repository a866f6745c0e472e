"""What a guest agreed to: of each channel the newest word holds, nothing said is a no (SPEC §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Agent, Consent
from crm_tui.desk.client_base.guest_contacts import not_so_any_more
from crm_tui.desk.client_base.guest_views import ConsentView
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.undoing.undo_registry import Row, special
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ConsentChannel

_N = columns(Consent)
_A = columns(Agent)

LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A guest's word on a channel, checked. ``day`` None: today."""

    channel: str
    given: bool
    source: str
    day: date | None = None


def checked(channel: str, given: bool, source: str, day: date | None, today: date) -> Said:
    """A word as it can be noted.

    Raises:
        InvalidInput: there is no such channel (``channel``), consent is given without its source (``source``), or on a day that
            is still to come (``day``).
    """
    if channel not in {one.value for one in ConsentChannel}:
        raise InvalidInput(
            _("Consent is for one of: {names}.").format(names=", ".join(ConsentChannel)), field="channel"
        )
    said = " ".join(display_text(source).split())[:LONGEST_SOURCE]
    if given and not said:
        raise InvalidInput(_("Say how the consent was given, like “form at the counter”."), field="source")
    if day is not None and day > today:
        raise InvalidInput(_("Nobody can have said that on a day that is still to come."), field="day")
    return Said(channel, bool(given), said, day)


def note(tx: Transaction, guest_id: int, said: Said) -> None:
    """Write a word down, as part of a command."""
    today = tx.now.astimezone(zone(tx.connection)).date()
    row = {"guest_id": guest_id, "channel": said.channel, "given": said.given, "day": said.day or today}
    values = row | {"source": said.source, "agent_id": tx.actor.id, "at": tx.now}
    made = new_id(tx.connection.execute(insert(Consent).values(**values)))
    after = {"consent": made, "channel": said.channel, "given": said.given, "source": said.source}
    tx.journal("guest", guest_id, "consent", {"channel": said.channel}, after, undoable=True)


def consents_in(connection: Connection, guest_id: int) -> dict[str, ConsentView]:
    """What holds for each channel: the newest word, none is a no."""
    found = {channel.value: ConsentView(channel.value, given=False) for channel in ConsentChannel}
    query = (
        select(_N.channel, _N.given, _N.day, _N.source, _A.name)
        .outerjoin(Agent, _A.id == _N.agent_id)
        .where(_N.guest_id == guest_id)
        .order_by(_N.id)
    )
    for row in connection.execute(query):
        source, agent = display_text(row.source), display_text(row.name or "")
        found[row.channel] = ConsentView(row.channel, bool(row.given), row.day, source, agent)
    return found


def _undo(tx: Transaction, step: Row) -> None:
    """What was said about a channel is unsaid.

    Raises:
        Conflict: something newer was said since.
    """
    said = step.after or {}
    query = select(_N.id).where(_N.guest_id == step.entity_id, _N.channel == said["channel"])
    newest = tx.connection.execute(query.order_by(_N.id.desc()).limit(1)).scalar()
    if newest != said["consent"]:
        raise not_so_any_more(tx, step.entity_id)
    tx.connection.execute(delete(Consent).where(_N.id == newest))


special("guest", "consent", _undo)
