"""The arguments of ``agent`` and ``department``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker


def options(made: _Maker) -> None:
    """Both."""
    _agents(made)
    _departments(made)


def _agents(made: _Maker) -> None:
    group = made.group("agent", _("the team: who is at the desk, in which role and department"))
    listing = group.command("list", "team:list_agents", _("the team"))
    listing.add_argument("--all", action="store_true", help=_("those who left as well"))
    for name, text in (("add", _("add a member of the team")), ("set", _("change a member of the team"))):
        parser = group.command(name, f"team:{name}_agent", text)
        parser.add_argument("name", metavar="NAME", help=_("the agent's name"))
        if name == "set":
            parser.add_argument("--name", dest="new_name", default=None, metavar="NAME", help=_("another name"))
        parser.add_argument("--role", choices=("agent", "manager", "admin"), default=None)
        parser.add_argument("--department", default=None, metavar="D", help=_("a department; empty for none"))
        parser.add_argument("--language", default=None, metavar="CODE", help=_("en, es, pl or fr"))
        parser.add_argument("--login", default=None, metavar="USER", help=_("the system user who is this agent"))
        if name == "set":
            _tickets(parser)
    pin = group.command("pin", "team:pin", _("set, change or remove your PIN, or reset that of another"))
    pin.add_argument("name", nargs="?", default="", metavar="NAME", help=_("another agent; you if not given"))
    pin.add_argument("--remove", action="store_true", help=_("take the PIN away"))
    pin.add_argument("--stdin", action="store_true", help=_("read the old PIN, if there is one, and the new from it"))
    removing = group.command("remove", "team:remove_agent", _("take an agent off the team; what they did stays"))
    removing.add_argument("name", metavar="NAME", help=_("the agent's name"))
    removing.add_argument("--yes", action="store_true", help=_("do not ask"))
    back = group.command("restore", "team:restore_agent", _("take an agent who left back into the team"))
    back.add_argument("name", metavar="NAME", help=_("the agent's name"))


def _tickets(parser: ArgumentParser) -> None:
    """Which tickets an agent is given."""
    parser.add_argument("--takes", choices=("yes", "no"), default=None, help=_("whether tickets are given to them"))
    for name in ("stages", "channels"):
        parser.add_argument(f"--{name}", default=None, metavar="LIST", help=_("of tickets they take; empty for all"))


def _departments(made: _Maker) -> None:
    group = made.group("department", _("the departments of the team"))
    group.command("list", "team:list_departments", _("the departments"))
    for name, text in (
        ("add", _("add a department")),
        ("rename", _("give a department another name")),
        ("remove", _("remove a department that nobody is in")),
    ):
        parser = group.command(name, f"team:{name}_department", text)
        parser.add_argument("name", metavar="NAME", help=_("the department's name"))
        if name == "rename":
            parser.add_argument("new_name", metavar=_("NEW"), help=_("another name"))
