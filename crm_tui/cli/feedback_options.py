"""The arguments of ``feedback`` and ``handover``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.cli.quality_options import change_options, item_option

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    _feedback(made, number)
    _handover(made, number)


def _feedback(made: _Maker, number: Number) -> None:
    group = made.group("feedback", _("what guests praise and complain about"))
    adding = group.command("add", "feedback:add", _("write a compliment or a complaint down"))
    adding.add_argument("kind", choices=("positive", "negative"))
    adding.add_argument("words", nargs="*", metavar="TEXT", help=_("what was said; - reads it from standard input"))
    for name in ("guest", "reservation", "conversation"):
        adding.add_argument(f"--{name}", type=number, default=None, metavar="ID", help=_("whose it is"))
    for name, text in (
        ("room", _("the room, where no guest is known")),
        ("code", _("what it is about; see: crm-tui quality code list")),
        ("employee", _("whom it is about")),
        ("emoji", _("a face that says it")),
    ):
        adding.add_argument(f"--{name}", default="", metavar=name.upper(), help=text)
    adding.add_argument("--at", default="", metavar="WHEN", help=_("when it was said; now if not given"))
    adding.add_argument("--resolved", action="store_true", help=_("it was settled at once"))
    _resolution(adding, number)
    changing = group.command("set", "feedback:change", _("change what was written down; how it was settled: resolve"))
    changing.add_argument("id", type=number, metavar="ID")
    changing.add_argument("--kind", choices=("positive", "negative"), default=None, help=_("the other kind"))
    change_options(changing, number)
    for name, text in (("employee", _("whom it is about")), ("emoji", _("a face that says it"))):
        changing.add_argument(f"--{name}", default=None, metavar=name.upper(), help=text)
    removing = group.command("remove", "feedback:remove", _("take one away; the journal keeps that it was there"))
    removing.add_argument("id", type=number, metavar="ID")
    resolving = group.command("resolve", "feedback:resolve", _("say that a complaint is settled"))
    resolving.add_argument("id", type=number, metavar="ID")
    _resolution(resolving, number)
    showing = group.command("show", "feedback:show", _("one of them, with what was done and given"))
    showing.add_argument("id", type=number, metavar="ID")
    reopening = group.command("reopen", "feedback:reopen", _("it is not settled after all"))
    reopening.add_argument("id", type=number, metavar="ID")
    listing = group.command("list", "feedback:list_feedback", _("the complaints that nobody settled, the oldest first"))
    which = listing.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help=_("all there is, the newest first"))
    which.add_argument("--today", action="store_true", help=_("open ones, and what came or was settled today"))
    which.add_argument("--guest", type=number, default=None, metavar="ID", help=_("of one guest"))
    listing.add_argument("--kind", choices=("positive", "negative"), default="", help=_("only this kind"))
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))


def _resolution(parser: ArgumentParser, number: Number) -> None:
    add = parser.add_argument
    item_option(parser)
    add("--resolution", default="", metavar="TEXT", help=_("what was done"))
    add("--satisfaction", type=number, default=None, metavar="N", help=_("how the guest took it, 1 to 5"))


def _handover(made: _Maker, number: Number) -> None:
    group = made.group(
        "handover", _("what one shift leaves to the next: the open page, or what would be on one"), "handovers:show"
    )
    making = group.command("make", "handovers:make", _("hand over what is open"))
    making.add_argument(
        "words", nargs="*", metavar="NOTE", help=_("what else the next shift must know; - reads it from standard input")
    )
    taking = group.command("ack", "handovers:acknowledge", _("take lines of the open page over"))
    taking.add_argument("lines", nargs="*", type=number, metavar="LINE", help=_("numbers of lines; all of them: --all"))
    taking.add_argument("--all", action="store_true", help=_("every line that nobody took yet"))
    taking.add_argument("--note", default="", metavar="TEXT", help=_("written to each of them"))
    printing = group.command("print", "handovers:print_page", _("a page as plain text, for a printer or a file"))
    printing.add_argument("id", nargs="?", type=number, default=None, metavar="ID", help=_("an older page"))
    printing.add_argument("--width", type=number, default=80, metavar="N", help=_("letters of a line; 80 if not given"))
    listing = group.command("list", "handovers:list_pages", _("the last pages"))
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
