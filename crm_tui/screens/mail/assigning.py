"""Assigning conversations: a menu of the team by letters, so that a colleague is two keys away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.common.permissions import Permission, may, refusal
from crm_tui.desk.common.views import AgentView, Changes, ConversationRow
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.mail import effects
from crm_tui.screens.mail.acting import Acting, named

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

ME, NOBODY = "a", "x"
"""The letters of oneself and of nobody."""

MOST = 20
"""A larger team is looked through by typing."""


class Assigning(Acting):
    """Mixin: ``a``."""

    team: Sequence[AgentView] | None = None

    def read_team(self, changes: Changes | None = None) -> None:
        """Have the team at hand, so that the menu is there at once and the letter after it is not taken for a command."""
        if self.team is None or changes is None or changes.everything or "agent" in changes.ids:
            self.ask(_agents, self._take_team, topic="team")

    def _take_team(self, team: Sequence[AgentView]) -> None:
        self.team = team

    def action_assign(self) -> None:
        """Choose who takes care of the targets."""
        rows, ctx = list(self.targets), self.shell.ctx
        if not rows:
            return
        if self.team is None or ctx is None:
            self.shell.tell(_("The desk is still opening."), warning=True)
            return
        if not may(ctx, Permission.REASSIGN) and any(_in_other_hands(row, ctx.actor.name) for row in rows):
            self.shell.tell(refusal(Permission.REASSIGN), warning=True)
            return
        mine = next((agent for agent in self.team if agent.id == ctx.actor.id), None)
        title = _("Assign {what} to").format(what=named(rows))
        others = [agent for agent in self.team if agent is not mine]
        if len(others) > MOST:
            self._pick_agent(title, others, mine, rows)
            return
        choices = [Choice(ME, mine.name, mine.name, _("you"))] if mine is not None else []
        choices += [
            Choice(letter, agent.name, agent.name)
            for letter, agent in zip(letters([agent.name for agent in others]), others, strict=True)
        ]
        choices.append(Choice(NOBODY, _("nobody"), "", ""))

        def go(name: str | None) -> None:
            if name is not None:
                self._assign(name, rows)

        self.app.push_screen(LeaderMenu(title, choices), go)

    def _pick_agent(
        self, title: str, others: Sequence[AgentView], mine: AgentView | None, rows: Sequence[ConversationRow]
    ) -> None:
        from crm_tui.widgets.dialogs import PickList
        from crm_tui.widgets.forms import choice as forms

        options = [forms.Choice(mine.name, mine.name, _("you"))] if mine is not None else []
        options += [forms.Choice(agent.name, agent.name) for agent in others]
        options.append(forms.Choice("", _("nobody")))

        def go(option: forms.Choice | None) -> None:
            if option is not None:
                self._assign(option.value, rows)

        self.app.push_screen(PickList(title, options), go)

    def _assign(self, name: str, shown: Sequence[ConversationRow]) -> None:
        """``shown``: the targets as they stood when the choice began. Who took one since is not overwritten."""
        rows = [row for row in shown if row.assignee != name]
        if not rows:
            self.shell.tell(_("{name} has it already.").format(name=name) if name else _("Nobody has it now."))
            return
        seen = {row.id: row.assignee for row in rows}

        def assign(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.assign(ctx, seen, name, only_if=seen)

        said = _("{what} → {name} · z takes it back").format(what=named(rows), name=name or _("nobody"))
        self.act(assign, effects.assigned(name), said, rows=rows)


def _in_other_hands(row: ConversationRow, me: str) -> bool:
    """Whether a colleague is to answer it: only a manager gives that away (SPEC §13)."""
    return row.unanswered and row.assignee not in ("", me)


def letters(names: Sequence[str]) -> list[str]:
    """A key for each name: its first letter that is still free (the letters of oneself and nobody are not), else any."""
    taken = {ME, NOBODY}
    found = []
    for name in names:
        plain = [letter for letter in name.casefold() if letter.isascii() and letter.isalpha()]
        key = next(letter for letter in (*plain, *"bcdefghijklmnopqrstuvwyz0123456789") if letter not in taken)
        taken.add(key)
        found.append(key)
    return found


def _agents(ctx: Context) -> Sequence[AgentView]:
    from crm_tui import desk

    return desk.setup.agents(ctx)
