"""The team: who is at the desk, in which role and department. Administrators change it, the others read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.views import AgentView, DepartmentView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.team.actions import LIST
from crm_tui.screens.team.form import AgentScreen, DepartmentScreen, role_name
from crm_tui.screens.team.pin import PinScreen
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

_CHANGING = frozenset({"add", "edit", "department", "remove", "restore"})


class TeamScreen(DeskScreen[None]):
    """A list with what is known of the highlighted member below it."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(LIST)]

    def __init__(self) -> None:
        super().__init__()
        self._agents: dict[int, AgentView] = {}
        self._departments: Sequence[DepartmentView] = ()
        self._everyone = False

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the rows."""
        everyone = self._everyone

        def read(ctx: Context) -> tuple[Sequence[AgentView], Sequence[DepartmentView]]:
            return desk.team.agents(ctx, everyone=everyone), desk.departments.listed(ctx)

        self.ask(read, self._show, topic="team")

    def desk_changed(self, changes: Changes) -> None:
        """Somebody changed the team."""
        if changes.everything or changes.ids.keys() & {"agent", "department"}:
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def _show(self, found: tuple[Sequence[AgentView], Sequence[DepartmentView]]) -> None:
        agents, self._departments = found
        self._agents = {one.id: one for one in agents}
        self._paint()

    def _paint(self) -> None:
        rows = [(one.id, agent_row(one, self.size.width)) for one in self._agents.values()]
        self.query_one(Rows).show(rows)
        count = ngettext("{n} member", "{n} members", len(rows)).format(n=len(rows)) if rows else ""
        title = list_title(_("Team").upper(), count, filtered=_("with those who left") if self._everyone else "")
        why = "" if self.may_change else self._why()
        self.title_line.show([*title, (f" · {why}", "warn")] if why else title)
        self.refresh_bindings()

    @property
    def may_change(self) -> bool:
        """Whether the agent at the desk is an administrator, and the desk can write."""
        ctx = self.shell.ctx
        if ctx is None or ctx.readonly:
            return False
        return may(ctx, Permission.TEAM)

    def _why(self) -> str:
        """Why nothing can be changed here."""
        ctx = self.shell.ctx
        if ctx is None:
            return ""
        if ctx.readonly:
            return _("This desk was opened to read only.")
        admins = ", ".join(one.name for one in self._agents.values() if one.role == "admin" and one.active)
        return _("Only an administrator changes the team: {names}.").format(names=admins)

    @on(Rows.Moved)
    def _moved(self) -> None:
        if self.agent is not None:
            self.query_one("#detail", Static).update(agent_detail(self.agent, self._departments), layout=False)
        self.refresh_bindings()

    @property
    def agent(self) -> AgentView | None:
        """The highlighted member."""
        return self._agents.get(self.query_one(Rows).key or 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What a role may not do rests; taking off and taking back are for those who are there and who left."""
        agent = self.agent if self.is_mounted else None
        if action == "pin":
            ctx = self.shell.ctx
            if ctx is None or ctx.readonly or agent is None or not agent.active:
                return None
            return True if agent.id == ctx.actor.id or may(ctx, Permission.PINS) else None
        if action == "tickets":
            ctx = self.shell.ctx
            allowed = ctx is not None and not ctx.readonly and may(ctx, Permission.ROUTING)
            return True if allowed and agent is not None and agent.active else None
        if action not in _CHANGING:
            return True
        if not self.may_change:
            return None
        if action in ("remove", "restore"):
            return agent is not None and agent.active == (action == "remove")
        return True if action != "edit" or agent is not None else None

    def on_option_list_option_selected(self) -> None:
        """A click."""
        if self.may_change:
            self.action_edit()

    def action_add(self) -> None:
        """Add somebody."""
        self.app.push_screen(AgentScreen(None, self._departments), self._done)

    def action_edit(self) -> None:
        """Change the highlighted one."""
        if self.agent is not None:
            self.app.push_screen(AgentScreen(self.agent, self._departments), self._done)

    def action_pin(self) -> None:
        """Set one's own PIN, or reset another's."""
        ctx, agent = self.shell.ctx, self.agent
        if ctx is not None and agent is not None:
            self.app.push_screen(PinScreen(agent, own=agent.id == ctx.actor.id), self._done)

    def action_department(self) -> None:
        """Add a department."""
        self.app.push_screen(DepartmentScreen(), self._done)

    def action_tickets(self) -> None:
        """Which tickets the highlighted member takes."""
        from crm_tui.screens.tickets.profile import open_profile

        if self.agent is not None:
            open_profile(self.app, self.agent.id, self.desk_ready)

    def action_left(self) -> None:
        """Show or hide those who left."""
        self._everyone = not self._everyone
        self.desk_ready()

    def action_remove(self) -> None:
        """Take the highlighted one off the team, after asking."""
        agent = self.agent
        if agent is None:
            return
        number, name = agent.id, agent.name
        title = _("Take {name} off the team?").format(name=name)
        text = _(
            "No desk opens for them any more. Everything they did and wrote stays; what only they could see is seen by managers "
            "and administrators."
        )

        def answered(answer: str | None) -> None:
            if answer == "yes":
                said = _("{name} is off the team · z takes it back").format(name=name)
                self.ask(lambda ctx: desk.team.remove(ctx, number), self._told(said))

        self.app.push_screen(ask_once(title, text, _("Take off")), answered)

    def action_restore(self) -> None:
        """Take one who left back."""
        agent = self.agent
        if agent is not None:
            number = agent.id
            said = _("{name} is in the team · z takes it back").format(name=agent.name)
            self.ask(lambda ctx: desk.team.restore(ctx, number), self._told(said))

    def _told(self, sentence: str) -> Callable[[object], None]:
        def done(answer: object) -> None:
            fallen = desk.team.fallen_words(answer.fallen) if isinstance(answer, AgentView) else ""
            self.shell.tell(" ".join(part for part in (sentence, fallen) if part))
            self.desk_ready()

        return done

    def _done(self, sentence: str | None) -> None:
        if sentence:
            self.shell.tell(sentence)
        self.desk_ready()


def agent_row(one: AgentView, width: int) -> Content:
    """One line: name, role, department, language, system user."""
    room = max(12, (width - 26) // 3)
    sign, style = (" ● ", "$text-success") if one.active else (" ○ ", "dim")
    return Content.assemble(
        (sign, style),
        Content(one.name).truncate(room, ellipsis=True, pad=True),
        "  ",
        (f"{role_name(one.role):<14.14}", "bold" if one.role == "admin" else ""),
        Content(one.department or "–").truncate(room, ellipsis=True, pad=True),
        "  ",
        (f"{one.language}  ", "dim"),
        (one.login if one.active else _("left"), "dim"),
        ("  " + _("PIN") if one.has_pin and one.active else "", "dim"),
    )


def agent_detail(one: AgentView, departments: Sequence[DepartmentView]) -> Content:
    """What the role may do, and who else is in the department."""
    role = {
        "agent": _("Answers mail and handles inquiries."),
        "manager": _("Also sees others' figures and the journal, reassigns, corrects, merges and erases."),
        "admin": _("As a manager; also changes accounts, team, lists and settings."),
    }.get(one.role, "")
    members = next((found.members for found in departments if found.name == one.department), 0)
    parts: list[Content | str | tuple[str, str]] = [
        (one.name, "bold"),
        "  ",
        role_name(one.role),
        "\n",
        (role, "dim"),
        "\n",
    ]
    if one.department:
        among = ngettext("{n} member", "{n} members", members).format(n=members)
        parts += [(_("Department "), "dim"), one.department, (f"  {among}", "dim"), "\n"]
    if one.login:
        parts += [(_("The desk knows them by the system user "), "dim"), one.login]
    elif one.has_pin:
        parts += [(_("They sign in with their PIN."), "dim")]
    elif one.active:
        parts += [(_("No system user is tied to them: they say who they are with --agent, or when asked."), "dim")]
    return Content.assemble(*parts)
