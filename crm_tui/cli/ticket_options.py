"""The arguments of ``ticket``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]

STATES = ("open", "queued", "assigned", "opened", "pending", "done", "flagged")
STAGES = ("before booking", "after booking", "before check-in")
ORDERS = ("oldest", "newest", "pending")


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    group = made.group("ticket", _("whose work it is to answer whom"))
    listed = group.command("list", "tickets:list_tickets", _("list tickets, those that wait longest first"))
    listed.add_argument("--state", choices=STATES, default="open", help=_("only of this state; open are all not done"))
    listed.add_argument("--of", default="", metavar="NAME", help=_("only of this agent; me, or nobody: the queue"))
    listed.add_argument("--stage", choices=STAGES, default="", help=_("only of this stage"))
    listed.add_argument("--channel", default="", metavar="NAME", help=_("only of this channel, like Booking.com"))
    listed.add_argument("--order", choices=ORDERS, default="oldest", help=_("pending: those for a manager first"))
    listed.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many; 0: all"))
    for name, words in (
        ("show", _("one ticket, and why it is where it is")),
        ("why", _("in one line, why it is where it is")),
    ):
        parser = group.command(name, f"tickets:{name}", words)
        parser.add_argument("ticket", type=number, metavar="ID", help=_("see: crm-tui ticket list"))
    group.command("loads", "tickets:loads", _("who has how much in hand; managers see everybody"))
    commands = {
        name: group.command(name, f"tickets:{name}", words)
        for name, words in (
            ("take", _("take tickets for yourself")),
            ("give", _("give tickets to an agent; another's only as a manager")),
            ("release", _("put tickets back into the queue")),
            ("pending", _("let tickets wait for a manager")),
            ("resume", _("they wait for a manager no more")),
        )
    }
    for parser in commands.values():
        parser.add_argument("tickets", type=number, nargs="+", metavar="ID", help=_("see: crm-tui ticket list"))
    commands["give"].add_argument("--to", required=True, metavar="NAME", help=_("the agent's name"))
    commands["pending"].add_argument("--note", default="", metavar="TEXT", help=_("what the manager is asked"))
