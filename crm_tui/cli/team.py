"""``crm-tui agent``, ``crm-tui department`` and ``list agents`` (SPEC §13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.cli import pins
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.output import yes
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import AgentView
    from crm_tui.desk.ticketing.routing_profiles import RoutingProfileView

_GIVEN = ("role", "department", "language", "login")


def list_agents(run: Invocation) -> int:
    """Print the team; with ``--all`` those who left as well."""
    from crm_tui import desk
    from crm_tui.desk.common.words import ROLES, said

    with run.desk() as ctx:
        found = desk.team.agents(ctx, everyone=getattr(run.options, "all", False))
        takes = desk.routing_profiles.of_all(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one, takes[one.id]))
        return 0
    if not found:
        run.out.line(_("The team is empty. Set the desk up with: crm-tui init"))
        return 0
    titles = (_("ID"), _("Name"), _("Role"), _("Department"), _("Language"), _("System user"), _("Tickets"), "")
    rows = [
        [
            one.id,
            one.name,
            said(ROLES, one.role),
            one.department,
            one.language,
            one.login,
            desk.routing_profiles.in_words(takes[one.id]),
            "" if one.active else _("left"),
        ]
        for one in found
    ]
    run.out.table(titles, rows, right=(0,))
    return 0


def add_agent(run: Invocation) -> int:
    """Add a member of the team."""
    from crm_tui import desk

    with run.desk() as ctx:
        made = desk.team.add(ctx, run.options.name, **_given(run))
        return _said(run, ctx, made, _("{name} is in the team.").format(name=made.name))


def set_agent(run: Invocation) -> int:
    """Change a member of the team."""
    from crm_tui import desk

    given, tickets = _given(run), _tickets(run)
    if run.options.new_name is not None:
        given["name"] = run.options.new_name
    if not given and not tickets:
        raise UsageError(_("Nothing was said to change."), _("Say for example: --role manager"))
    with run.desk() as ctx:
        found = desk.team.find(ctx, run.options.name)
        changed = desk.team.change(ctx, found.id, found.version, routing=tickets, **given)
        return _said(run, ctx, changed, _("{name} is changed.").format(name=changed.name))


def _tickets(run: Invocation) -> dict[str, Any]:
    """What was said of the tickets that the agent takes."""
    options = run.options
    given: dict[str, Any] = {}
    if options.takes is not None:
        given["takes"] = options.takes == "yes"
    for name in ("stages", "channels"):
        if getattr(options, name) is not None:
            given[name] = getattr(options, name).split(",")
    return given


def pin(run: Invocation) -> int:
    """Set, change or remove the actor's PIN, or reset that of another. It is typed or read, never an argument."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = desk.team.find(ctx, options.name) if options.name else None
        if found is not None and found.id != ctx.actor.id:
            desk.permissions.require_ctx(ctx, desk.permissions.Permission.PINS)
            desk.sign_in.reset_pin(ctx, found.id, None if options.remove else _new_pin(run, found.name))
            name = found.name
        else:
            name = ctx.actor.name
            old = _old_pin(run, name) if desk.sign_in.has_pin(ctx) else None
            if options.remove:
                desk.sign_in.remove_pin(ctx, old or Secret(""))
            else:
                desk.sign_in.set_pin(ctx, _new_pin(run, name), old)
    if run.out.as_json:
        run.out.record({"name": name, "pin": not options.remove})
    else:
        said = _("{name} has no PIN now.") if options.remove else _("{name} has a new PIN.")
        run.out.line(said.format(name=name), "green")
    return 0


def _old_pin(run: Invocation, name: str) -> Secret:
    if run.pin is not None:
        return run.pin  # it was asked for on the way in
    if run.options.stdin:
        return pins.from_stdin()
    return pins.prompted(_("Present PIN of {name}: ").format(name=name)) or _no_terminal()


def _new_pin(run: Invocation, name: str) -> Secret:
    if run.options.stdin:
        return pins.from_stdin()
    first = pins.prompted(_("New PIN of {name}: ").format(name=name)) or _no_terminal()
    if pins.prompted(_("The same again: ")) != first:
        raise CrmError(_("The two are not the same; nothing was changed."))
    return first


def _no_terminal() -> Secret:
    raise UsageError(_("No PIN was given."), _("Type it at a terminal, or say --stdin."))


def remove_agent(run: Invocation) -> int:
    """Take an agent off the team."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.team.find(ctx, run.options.name)
        if not run.options.yes and not yes(_("Take {name} off the team?").format(name=found.name)):
            raise CrmError(
                _("{name} stays in the team.").format(name=found.name),
                _("Say --yes to take {name} off without a question.").format(name=found.name),
            )
        gone = desk.team.remove(ctx, found.id)
        return _said(run, ctx, gone, _("{name} is off the team; what they did and wrote stays.").format(name=gone.name))


def restore_agent(run: Invocation) -> int:
    """Take an agent who left back into the team."""
    from crm_tui import desk

    with run.desk() as ctx:
        back = desk.team.restore(ctx, desk.team.find(ctx, run.options.name).id)
        return _said(run, ctx, back, _("{name} is in the team.").format(name=back.name))


def list_departments(run: Invocation) -> int:
    """Print the departments."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.departments.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record({"id": one.id, "name": one.name, "members": one.members})
        return 0
    if not found:
        run.out.line(_("There are no departments. Add one with: crm-tui department add NAME"))
        return 0
    rows = [[one.id, one.name, one.members] for one in found]
    run.out.table((_("ID"), _("Name"), _("Members")), rows, right=(0, 2))
    return 0


def add_department(run: Invocation) -> int:
    """Add a department."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.departments.add(ctx, run.options.name)
    return _department(run, number, "added", _("The department {name} is there."))


def rename_department(run: Invocation) -> int:
    """Rename a department."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.departments.find(ctx, run.options.name)
        desk.departments.rename(ctx, number, run.options.new_name)
    return _department(run, number, "renamed", _("The department is called {name} now."), run.options.new_name)


def remove_department(run: Invocation) -> int:
    """Remove a department."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.departments.find(ctx, run.options.name)
        desk.departments.remove(ctx, number)
    return _department(run, number, "removed", _("The department {name} is removed."))


def _given(run: Invocation) -> dict[str, Any]:
    return {name: getattr(run.options, name) for name in _GIVEN if getattr(run.options, name) is not None}


def _record(one: AgentView, tickets: RoutingProfileView) -> dict[str, Any]:
    """An agent for programs; no stages or channels: all of them."""
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "department": one.department or None,
        "language": one.language,
        "login": one.login or None,
        "active": one.active,
        "pin": one.has_pin,
        "takes": tickets.takes,
        "stages": list(tickets.stages),
        "channels": list(tickets.channels),
    }


def _said(run: Invocation, ctx: Context, one: AgentView, sentence: str) -> int:
    from crm_tui import desk

    if run.out.as_json:
        run.out.record(_record(one, desk.routing_profiles.get(ctx, one.id)))
    else:
        run.out.line(sentence, "green")
        _warn_of_fallen(run, one)
    return 0


def _warn_of_fallen(run: Invocation, one: AgentView) -> None:
    from crm_tui import desk

    if one.fallen:
        run.out.line(desk.team.fallen_words(one.fallen), "yellow")


def _department(run: Invocation, number: int, status: str, sentence: str, name: str = "") -> int:
    name = " ".join((name or run.options.name).split())
    if run.out.as_json:
        run.out.record({"id": number, "name": name, "status": status})
    else:
        run.out.line(sentence.format(name=name), "green")
    return 0
