"""What a report is asked: its period, what it is narrowed to, and the store it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Reservation
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attributes
from crm_tui.desk.money import operators
from crm_tui.desk.staff import departments, team
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.periods import Period
from crm_tui.rules.vocabulary import Channel

_A = columns(Agent)
_R = columns(Reservation)

ME, NOBODY = "me", "nobody"
"""Words for the one who asks, and for what is no agent's."""


@dataclass(frozen=True)
class Asked:
    """What one run of a report is given.

    Attributes:
        filters: by name; what is not narrowed is left out.
        zone, today: the property's.
        cancel: set when the one who asked wants it no more.
        progress: told how far it is.
    """

    ctx: Context
    connection: Connection
    period: Period
    filters: Mapping[str, str]
    by: str
    zone: ZoneInfo
    today: date
    cancel: CancelEvent | None = None
    progress: Progress = field(default_factory=NullProgress)

    def resolve(self) -> None:
        """Look up all that it is narrowed to, so that what is not there is told, whether anything is counted or not.

        Raises:
            InvalidInput: there is no such agent, department, operator, channel or attribute; ``field`` names it.
        """
        _found = (self.members, self.operator, self.channel, self.attribute)

    def check(self) -> None:
        """Stop here if nobody wants it any more.

        Raises:
            Cancelled: so.
        """
        if self.cancel is not None:
            self.cancel.check()

    @cached_property
    def instants(self) -> tuple[datetime, datetime]:
        """The first instant of the period and the first one after it."""
        return self.period.instants(self.zone)

    def day_of(self, at: datetime) -> date:
        """The property's day of an instant."""
        return at.astimezone(self.zone).date()

    @cached_property
    def scopes(self) -> str:
        """What the one who asks may see."""
        return self.ctx.actor.scopes

    @cached_property
    def agents(self) -> dict[int, str]:
        """The names of all agents, display-safe."""
        return scope.names_in(self.connection)[0]

    def agent_name(self, number: int | None) -> str:
        """An agent in words."""
        return self.agents.get(number, f"#{number}") if number is not None else _("nobody")

    @cached_property
    def agent(self) -> int | None:
        """The agent it is narrowed to; 0: what is nobody's; None: to none."""
        return agent_of(self.ctx, self.filters.get("agent", ""))

    @cached_property
    def members(self) -> frozenset[int] | None:
        """The agents of the department and of the name that it is narrowed to; 0 stands for nobody; None: to none."""
        found: frozenset[int] | None = None
        if self.filters.get("department"):
            number = departments.find(self.ctx, self.filters["department"])
            query = select(_A.id).where(_A.department_id == number)
            found = frozenset(self.connection.execute(query).scalars())
        if self.agent is not None:
            found = frozenset({self.agent}) & (found if found is not None else {self.agent})
        return found

    def counts_agent(self, number: int | None) -> bool:
        """Whether what is an agent's (None: nobody's) is asked for."""
        return self.members is None or (number or 0) in self.members

    @cached_property
    def operator(self) -> int | None:
        """The tour operator it is narrowed to."""
        name = self.filters.get("operator", "")
        try:
            return operators.find(self.ctx, name).id if name else None
        except NotFound as error:
            raise InvalidInput(error.message, error.hint, "operator") from None

    @cached_property
    def attribute(self) -> int | None:
        """The attribute that guests must be tagged with."""
        name = self.filters.get("attribute", "")
        try:
            return attributes.named(self.ctx, name).id if name else None
        except NotFound as error:
            raise InvalidInput(error.message, error.hint, "attribute") from None

    @cached_property
    def channel(self) -> str:
        """The channel it is narrowed to, as :meth:`counts_channel` compares; empty: none.

        Raises:
            InvalidInput: nothing ever came by it.
        """
        name = self.filters.get("channel", "")
        wanted = _folded(name)
        if name and wanted not in {_folded(one) for one in Channel}:
            used = self.connection.execute(select(_R.channel).distinct()).scalars()
            if wanted not in {_folded(one) for one in used}:
                raise InvalidInput(
                    _("There is no channel called {name}.").format(name=display_text(name)),
                    _("Use one of: {names}.").format(names=", ".join(Channel)),
                    "channel",
                )
        return wanted

    def counts_channel(self, channel: str) -> bool:
        """Whether what came by a channel is asked for."""
        return not self.channel or _folded(channel) == self.channel


def agent_of(ctx: Context, name: str) -> int | None:
    """The agent that a filter names: oneself (*me*), one by name, 0 for *nobody*; None: the filter is empty.

    Raises:
        InvalidInput: there is none of that name.
    """
    wanted = display_text(name).strip()
    if not wanted:
        return None
    if wanted.casefold() == ME and ctx.actor.id is not None:
        return ctx.actor.id
    try:
        return team.find(ctx, wanted).id
    except NotFound as error:
        if wanted.casefold() == NOBODY:
            return 0
        raise InvalidInput(error.message, error.hint, "agent") from None


def _folded(text: str) -> str:
    return " ".join(fold_text(text).split())
