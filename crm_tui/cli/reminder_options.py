"""The arguments of ``reminders`` and ``reminder``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    _listing(made, number)
    group = made.group("reminder", _("tasks with a due day"))
    _adding(group, number)
    _changing(group, number)
    for name, text in (
        ("done", _("mark reminders as done; one that comes back is due again")),
        ("reopen", _("take done back")),
        ("remove", _("take reminders away")),
    ):
        group.command(name, f"reminders:{name}", text).add_argument("ids", type=number, nargs="+", metavar="ID")
    moving = group.command("move", "reminders:move", _("give reminders another day"))
    moving.add_argument("ids", type=number, nargs="+", metavar="ID")
    moving.add_argument("--to", default="", metavar="DAY", help=_("like 12.7., fri, tomorrow, +3"))
    moving.add_argument("--by", type=int, default=None, metavar="DAYS", help=_("so many days later"))
    exporting = group.command("export", "reminders:export", _("your open reminders as a calendar file (iCalendar)"))
    exporting.add_argument("file", metavar="FILE", help=_("- writes it to standard output"))
    exporting.add_argument("--overwrite", action="store_true", help=_("if the file is there already"))


def _listing(made: _Maker, number: Number) -> None:
    listing = made.command("reminders", "reminders:list_reminders", _("the open reminders by due day"))
    whose = listing.add_mutually_exclusive_group()
    whose.add_argument("--mine", action="store_true", help=_("only your own"))
    whose.add_argument(
        "--department", nargs="?", const="", default=None, metavar="NAME", help=_("of a department; yours if not named")
    )
    whose.add_argument("--of", default="", metavar="AGENT", help=_("of an agent"))
    whose.add_argument("--all", action="store_true", help=_("everybody's, as without any of these"))
    listing.add_argument(
        "--search", default="", metavar="TEXT", help=_("words of the title or of the guest; done ones too")
    )
    listing.add_argument("--done", action="store_true", help=_("only those that are done"))
    listing.add_argument("--board", action="store_true", help=_("the board: inquiries by planned end date as well"))
    listing.add_argument("--from", dest="due_from", default="", metavar="DAY", help=_("due on this day or later"))
    listing.add_argument("--to", dest="due_to", default="", metavar="DAY", help=_("due on this day or before"))
    _about(listing, number)
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many; 0: all"))


def _about(parser: ArgumentParser, number: Number) -> None:
    parser.add_argument("--guest", type=number, default=None, metavar="ID", help=_("about this guest"))
    parser.add_argument("--reservation", default="", metavar="ID", help=_("about this reservation: number or code"))
    parser.add_argument("--inquiry", type=number, default=None, metavar="ID", help=_("about this inquiry"))
    parser.add_argument("--conversation", type=number, default=None, metavar="ID", help=_("about this conversation"))


def _adding(group: _Maker, number: Number) -> None:
    adding = group.command("add", "reminders:add", _("make a reminder"))
    adding.add_argument("words", nargs="+", metavar="TITLE", help=_("what is to be done"))
    adding.add_argument("--due", default="", metavar="DAY", help=_("like 12.7., fri, tomorrow, in 3 days"))
    adding.add_argument(
        "--repeat", default="", metavar="WORDS", help=_("like every monday, every 2 weeks, monthly on the 15th")
    )
    adding.add_argument("--assignee", default="", metavar="AGENT", help=_("who is to do it; you if not given"))
    adding.add_argument("--department", default="", metavar="NAME", help=_("a department instead of an agent"))
    adding.add_argument("--promised", action="store_true", help=_("it was promised to the guest"))
    _about(adding, number)


def _changing(group: _Maker, number: Number) -> None:
    changing = group.command("set", "reminders:set_fields", _("change a reminder"))
    changing.add_argument("id", type=number, metavar="ID")
    changing.add_argument("--title", default=None, metavar="TEXT", help=_("what is to be done"))
    changing.add_argument("--due", default=None, metavar="DAY", help=_("another day"))
    changing.add_argument("--repeat", default=None, metavar="WORDS", help=_("how it comes back; never: once"))
    changing.add_argument("--assignee", default=None, metavar="AGENT", help=_("another agent"))
    changing.add_argument("--department", default=None, metavar="NAME", help=_("a department instead"))
    changing.add_argument("--version", type=number, default=None, metavar="N", help=_("only if it is still this one"))
