"""The arguments of ``move``, ``assign``, ``snooze``, ``star``, ``answered``, ``split`` and ``merge``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def triage(made: _Maker, number: Number) -> None:
    """All of them."""
    move = _on_conversations(made, number, "move", _("put conversations into a folder"))
    move.add_argument("folder", metavar="FOLDER", help="Inbox, Inquiries, Waitlist, Booked, Done, Spam")
    assign = _on_conversations(made, number, "assign", _("give conversations to an agent, or to nobody"))
    assign.add_argument("to", metavar="AGENT", help=_("the agent's name, or nobody"))
    snooze = _on_conversations(made, number, "snooze", _("put conversations out of sight for a while"))
    until = snooze.add_mutually_exclusive_group(required=True)
    day = _("a day and perhaps a time, like 2026-12-24 18:00, 24.12. or tomorrow")
    until.add_argument("--until", nargs="+", metavar="DATE", help=day)
    until.add_argument("--reply", action="store_true", help=_("until the guest answers"))
    until.add_argument("--again", action="store_true", help=_("as before, those that came back"))
    until.add_argument("--wake", action="store_true", help=_("wake them now"))
    star = _on_conversations(made, number, "star", _("star conversations"))
    star.add_argument("--off", action="store_true", help=_("take the star away"))
    _on_conversations(made, number, "answered", _("no answer is needed: close the open turns"))
    split = made.command("split", "triage:split", _("make messages a conversation of their own"))
    split.add_argument("id", type=number, metavar="ID", help=_("number of the conversation"))
    split.add_argument("messages", type=number, nargs="+", metavar="MESSAGE", help=_("numbers of the messages"))
    _on_conversations(made, number, "merge", _("make conversations one"))


def _on_conversations(made: _Maker, number: Number, name: str, text: str) -> ArgumentParser:
    parser = made.command(name, f"triage:{name}", text)
    parser.add_argument("ids", type=number, nargs="+", metavar="ID", help=_("numbers of the conversations"))
    return parser
