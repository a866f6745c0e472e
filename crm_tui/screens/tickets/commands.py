"""What can be done with tickets: take, give, give back, ask a manager, mark, note. Each works on a marked set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.permissions import Permission, may, refusal
from crm_tui.desk.common.views import AgentView, Changes
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.internal.writing import About, WritesInternal
from crm_tui.screens.mail.assigning import ME, MOST, NOBODY, letters
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice as Pick

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.ticketing.ticket_views import TicketRow


def named(tickets: Sequence[TicketRow]) -> str:
    """The tickets in a sentence."""
    if len(tickets) == 1:
        return "“" + cut(tickets[0].subject or tickets[0].counterpart or _("(no subject)"), 40) + "”"
    return ngettext("{n} ticket", "{n} tickets", len(tickets)).format(n=len(tickets))


class TicketCommands(WritesInternal):
    """Mixin of screens that show tickets."""

    if TYPE_CHECKING:
        app: Any

    team: Sequence[AgentView] | None = None

    @property
    def tickets(self) -> Sequence[TicketRow]:
        """What a command acts on: the marked ones, else that under the cursor."""
        raise NotImplementedError

    def tickets_changed(self) -> None:
        """Something was done with tickets: read them again; marks are done with."""

    @property
    def open_tickets(self) -> list[TicketRow]:
        """Those of them that are not done."""
        return [one for one in self.tickets if one.state != TicketState.DONE]

    @property
    def about(self) -> About | None:
        """A message to a colleague is about the conversation of the ticket."""
        if not self.tickets:
            return None
        one = self.tickets[0]
        return About(
            conversation=one.conversation, name=" · ".join(part for part in (one.counterpart, one.subject) if part)
        )

    def read_team(self, changes: Changes | None = None) -> None:
        """Have the team at hand, so that the menu is there at once."""
        if self.team is None or changes is None or changes.everything or "agent" in changes.ids:
            self.ask(lambda ctx: desk.setup.agents(ctx), self._take_team, topic="team")

    def _take_team(self, team: Sequence[AgentView]) -> None:
        self.team = team

    def command(self, work: Callable[[Context], Any], said: str) -> None:
        """Run a command in the order of the keys; say what was done."""

        def done(_result: Any) -> None:
            self.shell.tell(said)
            self.tickets_changed()

        def failed(error: Exception) -> None:
            self.shell.report(error)
            self.tickets_changed()

        self.ask(work, done, failed=failed, in_order=True)

    # Whose it is

    def action_take(self) -> None:
        """They are mine from now on."""
        ctx = self.shell.ctx
        found = [one for one in self.open_tickets if ctx is not None and one.agent_id != ctx.actor.id]
        if not found:
            if self.tickets:
                self.shell.tell(_("It is yours already.") if self.open_tickets else _done())
            return
        seen = _seen(found)
        said = _("{what} is yours · z takes it back").format(what=named(found))
        self.command(lambda ctx: desk.tickets.take(ctx, seen, seen=seen), said)

    def action_release(self) -> None:
        """Back to the queue."""
        found = [one for one in self.open_tickets if one.agent_id is not None]
        if self._is_anothers(found):
            return
        if not found:
            if self.tickets:
                self.shell.tell(_("Nobody has it.") if self.open_tickets else _done())
            return
        seen = _seen(found)
        said = _("{what} is back in the queue · z takes it back").format(what=named(found))
        self.command(lambda ctx: desk.tickets.release(ctx, seen, seen=seen), said)

    def action_assign(self) -> None:
        """Choose who gets them, by letter."""
        found, ctx = self.open_tickets, self.shell.ctx
        if not found:
            if self.tickets:
                self.shell.tell(_done())
            return
        if self._is_anothers(found):
            return
        if self.team is None or ctx is None:
            self.shell.tell(_("The desk is still opening."), warning=True)
            return
        mine = next((agent for agent in self.team if agent.id == ctx.actor.id), None)
        others = [agent for agent in self.team if agent is not mine]
        title = _("Assign {what} to").format(what=named(found))
        if len(others) > MOST:
            picks = [Pick(mine.name, mine.name, _("you"))] if mine is not None else []
            picks += [Pick(agent.name, agent.name, self.duty_of(agent.id)) for agent in others]
            picks.append(Pick("", _("nobody: the queue")))
            self.app.push_screen(PickList(title, picks), lambda one: self._give(one.value, found) if one else None)
            return
        choices = [Choice(ME, mine.name, mine.name, _("you"))] if mine is not None else []
        keys = letters([agent.name for agent in others])
        choices += [
            Choice(key, agent.name, agent.name, self.duty_of(agent.id)) for key, agent in zip(keys, others, strict=True)
        ]
        choices.append(Choice(NOBODY, _("nobody: the queue"), ""))

        def go(name: str | None) -> None:
            if name is not None:
                self._give(name, found)

        self.app.push_screen(LeaderMenu(title, choices), go)

    def _is_anothers(self, found: Sequence[TicketRow]) -> bool:
        """Whether somebody else has one of them, and the agent may not take it from them; says so."""
        ctx = self.shell.ctx
        if ctx is None or may(ctx, Permission.REASSIGN) or all(one.agent_id in (None, ctx.actor.id) for one in found):
            return False
        self.shell.tell(refusal(Permission.REASSIGN), warning=True)
        return True

    def duty_of(self, agent_id: int) -> str:  # noqa: ARG002
        """A few words on what an agent does now, for the menu."""
        return ""

    def _give(self, name: str, found: Sequence[TicketRow]) -> None:
        left = [one for one in found if one.agent != name]
        if not left:
            self.shell.tell(_("{name} has it already.").format(name=name) if name else _("Nobody has it."))
            return
        seen = _seen(left)
        if name:
            said = _("{what} → {name} · z takes it back").format(what=named(left), name=name)
            self.command(lambda ctx: desk.tickets.give(ctx, seen, name, seen=seen), said)
        else:
            said = _("{what} is back in the queue · z takes it back").format(what=named(left))
            self.command(lambda ctx: desk.tickets.release(ctx, seen, seen=seen), said)

    # How it stands

    def action_pending(self) -> None:
        """It needs a manager, with a note; or it does not any more."""
        found = self.open_tickets
        if not found:
            if self.tickets:
                self.shell.tell(_done())
            return
        ids = [one.id for one in found]
        if all(one.state == TicketState.PENDING for one in found):
            said = _("{what} needs no manager any more · z takes it back").format(what=named(found))
            self.command(lambda ctx: desk.tickets.resume(ctx, ids), said)
            return

        def noted(note: str | None) -> None:
            if note is not None:
                said = _("{what} waits for a manager · z takes it back").format(what=named(found))
                self.command(lambda ctx: desk.tickets.set_pending(ctx, ids, note), said)

        self.app.push_screen(ask_note(named(found)), noted)

    def action_no_answer(self) -> None:
        """They need no answer."""
        found = self.open_tickets
        if not found:
            if self.tickets:
                self.shell.tell(_done())
            return
        ids = [one.conversation for one in found]
        said = _("{what}: no answer needed · z takes it back").format(what=named(found))
        self.command(lambda ctx: desk.triage.no_answer_needed(ctx, ids), said)

    # Beside it

    def action_memo(self) -> None:
        """Write a memo on the conversation."""
        if not self.tickets:
            return
        one = self.tickets[0]
        keep = f"conversation {one.conversation}"

        def written(text: str | None) -> None:
            if text is not None:
                self.command(
                    lambda ctx: desk.memos.add(ctx, text, conversation=one.conversation),
                    _("Memo saved · z takes it back"),
                )
                stored(self.app, keep)

        self.app.push_screen(MemoBox(_("Memo on {what}").format(what=named([one])), keep), written)

    def action_history(self) -> None:
        """Show the history of the conversation."""
        from crm_tui.screens.history.screen import HistoryScreen

        if self.tickets:
            one = self.tickets[0]
            self.app.push_screen(HistoryScreen("conversation", one.conversation, named([one])))


def ask_note(what: str, note: str = "") -> AskLine:
    """Ask what a manager is to decide; it must be said."""

    def judge(text: str) -> tuple[str, str]:
        return "", "" if text else _("Say in a few words what a manager is to decide.")

    title = _("{what}: what is a manager to decide?").format(what=what)
    return AskLine(title, note, hint=_("May I give 10 % for the noise?"), judge=judge)


def _seen(found: Sequence[TicketRow]) -> dict[int, int | None]:
    """Who has each of them as far as is shown: what went into other hands since is not overwritten."""
    return {one.id: one.agent_id for one in found}


def _done() -> str:
    return _("It is done already.")
