"""The arguments of ``folio``."""

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
    group = made.group("folio", _("the bills of a reservation and what is posted on them"))
    _reservation(group.command("list", "folios:list_folios", _("the folios with their postings and balances")))
    new = group.command("new", "folios:new", _("make another folio"))
    _reservation(new)
    _naming(new, number)
    setting = group.command("set", "folios:change", _("rename a folio, or have another pay it"))
    _reservation(setting)
    _folio(setting, number)
    _naming(setting, number)
    setting.add_argument("--holder", action="store_true", help=_("the holder of the reservation pays it"))
    _posting(group, number)
    closing = group.command("close", "folios:close", _("close a folio for good"))
    deleting = group.command("delete", "folios:delete", _("delete an empty folio"))
    for parser in (closing, deleting):
        _reservation(parser)
        _folio(parser, number)
    closing.add_argument("--sure", action="store_true", help=_("although its balance is not nothing"))
    printing = group.command("print", "folios:print_folio", _("the statement of a folio as text, for who pays it"))
    _reservation(printing)
    _folio(printing, number)
    printing.add_argument("file", nargs="?", default="", metavar="FILE", help=_("a new file; else standard output"))
    printing.add_argument("--language", default="", metavar="CODE", help=_("en, es, pl or fr; else the payer's"))


def _posting(group: _Maker, number: Number) -> None:
    post = group.command("post", "folios:post", _("post an amount"))
    _reservation(post)
    post.add_argument("amount", metavar="AMOUNT", help=_("like 12.50 or “1.200,00 EUR”"))
    post.add_argument("--credit", action="store_true", help=_("in favour of the payer: below nothing"))
    post.add_argument("--category", default="other", metavar="NAME", help=_("lodging, board, extras, transport, fee…"))
    post.add_argument("--text", default="", metavar="TEXT", help=_("what it is for"))
    post.add_argument("--day", default="", metavar="DAY", help=_("today if not given"))
    post.add_argument("--currency", default="", metavar="CODE", help=_("the reservation's if not given"))
    post.add_argument("--folio", type=number, default=None, metavar="N", help=_("else where the routing sends it"))
    move = group.command("move", "folios:move", _("put postings on another folio"))
    move.add_argument("postings", type=number, nargs="+", metavar="POSTING", help=_("numbers of the postings"))
    move.add_argument("--to", type=number, required=True, metavar="N", help=_("number of the folio, like 2"))
    split = group.command("split", "folios:split", _("split a posting; the parts make up the whole"))
    split.add_argument("posting", type=number, metavar="POSTING", help=_("number of the posting"))
    how = split.add_mutually_exclusive_group(required=True)
    how.add_argument("--evenly", type=number, default=0, metavar="N", help=_("into so many equal parts"))
    how.add_argument("--amounts", nargs="+", metavar="AMOUNT", help=_("into these amounts"))
    how.add_argument("--percent", nargs="+", metavar="PERCENT", help=_("into these percentages, 100 together"))
    split.add_argument(
        "--to", type=number, nargs="+", default=[], metavar="N", help=_("folio of each part, in order; else it stays")
    )
    reverse = group.command("reverse", "folios:reverse", _("take a posting back by one of the opposite amount"))
    reverse.add_argument("posting", type=number, metavar="POSTING", help=_("number of the posting"))
    reverse.add_argument("--reason", required=True, metavar="TEXT", help=_("why"))
    reverse.add_argument("--folio", type=number, default=None, metavar="N", help=_("where the reversal goes"))
    route = group.command("route", "folios:route", _("which folio the postings of a category go to"))
    _reservation(route)
    route.add_argument("category", nargs="?", default="", metavar="CATEGORY", help=_("lodging, board, extras…"))
    route.add_argument("folio", nargs="?", type=number, default=None, metavar="N", help=_("0: the first open one"))
    route.add_argument("--existing", action="store_true", help=_("what is posted already goes there too"))


def _reservation(parser: ArgumentParser) -> None:
    parser.add_argument("reservation", metavar="RESERVATION", help=_("its number or its code"))


def _folio(parser: ArgumentParser, number: Number) -> None:
    parser.add_argument("folio", type=number, metavar="N", help=_("number of the folio, like 2"))


def _naming(parser: ArgumentParser, number: Number) -> None:
    parser.add_argument("--name", default=None, metavar="TEXT", help=_("what it is called"))
    parser.add_argument("--payer", type=number, default=None, metavar="GUEST", help=_("person or company that pays"))
