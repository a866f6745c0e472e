"""Figures of productivity as screens, reports and commands get them: frozen, display-safe; no database library (SPEC §10)."""

from __future__ import annotations

from dataclasses import dataclass

from crm_tui.rules.metrics import Figures
from crm_tui.rules.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures(Figures):
    """The figures of one agent, of nobody in particular, or of the team; :class:`~crm_tui.rules.metrics.Figures` defines them.

    Attributes:
        agent_id: None: nobody (the common queue, replies found in Sent, inquiries that nobody answered), or the team.
        name: the agent's; empty for nobody and the team.
        active: whether the agent is in the team still.
    """

    agent_id: int | None = None
    name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """The figures of a period.

    Attributes:
        agents: everybody who is in the team or has a figure, by name; whoever may not see the figures of others finds only
            their own.
        nobody: what no agent has: the common queue, replies of unknown agents, inquiries without a reply.
        total: of the team; of whoever may see no others': their own.
        whole: whether it is the whole team.
    """

    period: Period
    agents: tuple[AgentFigures, ...]
    nobody: AgentFigures
    total: AgentFigures
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """A part of a period (a day, a week, a month) with its figures; pending and queue are not told for parts."""

    period: Period
    figures: AgentFigures
