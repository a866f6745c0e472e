"""Which tickets each agent takes (SPEC §10): stages × channels. An agent without a profile takes everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, RoutingProfile
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Channel, Stage

_A = columns(Agent)
_R = columns(RoutingProfile)


@dataclass(frozen=True, slots=True)
class RoutingProfileView:
    """Which tickets an agent takes.

    Attributes:
        takes: whether tickets are given to the agent at all.
        stages, channels: those taken; empty: all of them.
        version: what a change starts from; 0 while there is no profile.
    """

    agent: int
    takes: bool = True
    stages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    version: int = 0


def get(ctx: Context, agent_id: int) -> RoutingProfileView:
    """The profile of an agent.

    Raises:
        NotFound: there is no such agent.
    """
    with ctx.store.connect() as connection:
        _name(connection, agent_id)
        return _read(connection, agent_id)


def of_all(ctx: Context) -> dict[int, RoutingProfileView]:
    """The profile of every agent, also of those who left."""
    with ctx.store.connect() as connection:
        known = all_in(connection)
        numbers = connection.execute(select(_A.id)).scalars().all()
    return {number: known.get(number) or RoutingProfileView(number) for number in numbers}


def all_in(connection: Connection) -> dict[int, RoutingProfileView]:
    """The profiles that there are, by agent."""
    return {row.agent_id: _view(row) for row in connection.execute(select(table_of(RoutingProfile)))}


def set(  # noqa: A001 -- the desk's word for it, as everywhere
    ctx: Context,
    agent_id: int,
    version: int | None = None,
    *,
    takes: bool | None = None,
    stages: Iterable[str] | None = None,
    channels: Iterable[str] | None = None,
) -> RoutingProfileView:
    """Say which tickets an agent takes; what is not given stays.

    Args:
        version: that the change started from (0: there was no profile); None to change whatever stands there.
        stages, channels: words of :class:`Stage` and :class:`Channel`, whatever the case; none: all.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such agent.
        InvalidInput: there is no such stage or channel; ``field`` is ``stages`` or ``channels``.
        Conflict: somebody changed it since.
    """
    with ctx.write() as tx:
        return set_in(tx, agent_id, version, takes=takes, stages=stages, channels=channels)


def set_in(
    tx: Transaction,
    agent_id: int,
    version: int | None = None,
    *,
    takes: bool | None = None,
    stages: Iterable[str] | None = None,
    channels: Iterable[str] | None = None,
) -> RoutingProfileView:
    """:func:`set` within a command that does more."""
    require(tx, Permission.ROUTING)
    name = _name(tx.connection, agent_id)
    old = _read(tx.connection, agent_id)
    if version is not None and version != old.version:
        raise Conflict(
            _("{name} was changed meanwhile; nothing was overwritten.").format(name=name), _("Look at it again.")
        )
    values = {
        "takes": old.takes if takes is None else takes,
        "stages": ",".join(old.stages if stages is None else _known(Stage, stages, "stages")),
        "channels": ",".join(old.channels if channels is None else _known(Channel, channels, "channels")),
    }
    before = _stored(old)
    if values != before:
        _write(tx, agent_id, values)
        tx.journal("agent", agent_id, "routing", before, values, undoable=True)
    return _read(tx.connection, agent_id)


def in_words(profile: RoutingProfileView) -> str:
    """A profile in one line: *before booking · Booking.com, Expedia*."""
    if not profile.takes:
        return _("takes no tickets")
    if not profile.stages and not profile.channels:
        return _("all tickets")
    stages = ", ".join(_(STAGES.get(one, one)) for one in profile.stages) or _("all stages")
    channels = ", ".join(_(CHANNELS.get(one, one)) for one in profile.channels) or _("all channels")
    return f"{stages} · {channels}"


STAGES: Mapping[str, str] = {
    Stage.BEFORE_BOOKING: N_("before booking"),
    Stage.AFTER_BOOKING: N_("after booking"),
    Stage.BEFORE_CHECKIN: N_("before check-in"),
}
"""What stages are called, marked for the catalogs."""


def _known(words: type[StrEnum], given: Iterable[str], field: str) -> list[str]:
    """Those of the vocabulary, in its order; none of them if all were named."""
    wanted = {display_text(one).strip().casefold() for one in given} - {""}
    known = {one.value.casefold(): one.value for one in words}
    wrong = sorted(wanted - known.keys())
    if wrong:
        said = _("There is no stage {name}.") if field == "stages" else _("There is no channel {name}.")
        raise InvalidInput(
            said.format(name=wrong[0]), _("Use some of: {names}.").format(names=", ".join(known.values())), field
        )
    chosen = [value for folded, value in known.items() if folded in wanted]
    return [] if len(chosen) == len(known) else chosen


def _read(connection: Connection, agent_id: int) -> RoutingProfileView:
    row = connection.execute(select(table_of(RoutingProfile)).where(_R.agent_id == agent_id)).first()
    return _view(row) if row is not None else RoutingProfileView(agent_id)


def _view(row: Any) -> RoutingProfileView:
    return RoutingProfileView(
        row.agent_id,
        bool(row.takes),
        tuple(filter(None, row.stages.split(","))),
        tuple(filter(None, row.channels.split(","))),
        row.version,
    )


def _stored(view: RoutingProfileView) -> dict[str, Any]:
    return {"takes": view.takes, "stages": ",".join(view.stages), "channels": ",".join(view.channels)}


def _write(tx: Transaction, agent_id: int, values: Mapping[str, Any]) -> None:
    change = update(table_of(RoutingProfile)).where(_R.agent_id == agent_id)
    if not tx.connection.execute(change.values(**values, version=_R.version + 1)).rowcount:
        tx.connection.execute(insert(RoutingProfile).values(agent_id=agent_id, **values))


def _name(connection: Connection, agent_id: int) -> str:
    name = connection.execute(select(_A.name).where(_A.id == agent_id)).scalar()
    if name is None:
        raise NotFound(_("There is no agent {number}.").format(number=agent_id))
    return display_text(name)


# -- undo and history ---------------------------------------------------------------------------------------------------


def _unset(tx: Transaction, row: undo_registry.Row) -> None:
    require(tx, Permission.ROUTING)
    if _stored(_read(tx.connection, row.entity_id)) != dict(row.after or {}):
        raise Conflict(_("{name} was changed since.").format(name=_name(tx.connection, row.entity_id)))
    _write(tx, row.entity_id, row.before or {})


def _said(_before: Told, after: Told) -> str:
    names = ("stages", "channels")
    stages, channels = (tuple(filter(None, str(after.get(name) or "").split(","))) for name in names)
    profile = RoutingProfileView(0, bool(after.get("takes", True)), stages, channels)
    return _("tickets: {words}").format(words=in_words(profile))


undo_registry.special("agent", "routing", _unset)
undo_words.says("agent", "routing", did=lambda facts: _("{what} takes the tickets as before.").format(what=facts.what))
history_words.says("agent", "routing", _said)
