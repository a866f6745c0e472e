"""The arguments of ``quality``: costs of quality, codes, items."""

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
    group = made.group("quality", _("what guests are given for an occasion, and the lists of codes and items"))
    adding = group.command("add", "quality:add", _("write a cost of quality down"))
    adding.add_argument("words", nargs="*", metavar="TEXT", help=_("a comment; - reads it from standard input"))
    item_option(adding)
    for name in ("guest", "reservation", "conversation"):
        adding.add_argument(f"--{name}", type=number, default=None, metavar="ID", help=_("whose it is"))
    for name, text in (
        ("room", _("the room, where no guest is known")),
        ("code", _("what it is filed under; see: crm-tui quality code list")),
        ("occasion", _("birthday, honeymoon, anniversary, VIP…")),
    ):
        adding.add_argument(f"--{name}", default="", metavar=name.upper(), help=text)
    adding.add_argument("--at", default="", metavar="WHEN", help=_("when it was given; now if not given"))
    changing = group.command("set", "quality:change", _("change a cost of quality"))
    changing.add_argument("id", type=number, metavar="ID")
    change_options(changing, number)
    occasion = _("birthday, honeymoon, anniversary, VIP…")
    changing.add_argument("--occasion", default=None, metavar="OCCASION", help=occasion)
    item_option(changing, _("all that was given: an item, how many, the value of one if it is another; once for each"))
    listing = group.command("list", "quality:list_costs", _("costs of quality, the newest first"))
    listing.add_argument("--guest", type=number, default=None, metavar="ID", help=_("of one guest"))
    listing.add_argument("--code", default="", metavar="CODE", help=_("only what is filed under it"))
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
    showing = group.command("show", "quality:show", _("one of them, with what was given"))
    showing.add_argument("id", type=number, metavar="ID")
    removing = group.command("remove", "quality:remove", _("take one away; the journal keeps that it was there"))
    removing.add_argument("id", type=number, metavar="ID")
    _codes(group)
    _items(group)


def change_options(parser: ArgumentParser, number: Number) -> None:
    """What can be changed of feedback and of costs of quality; a text that is empty takes it away."""
    for name, text in (("guest", _("another guest")), ("reservation", _("another stay"))):
        parser.add_argument(f"--{name}", type=number, default=None, metavar="ID", help=text)
    for name, text in (
        ("room", _("another room")),
        ("code", _("what it is filed under; see: crm-tui quality code list")),
        ("text", _("another text; - reads it from standard input")),
    ):
        parser.add_argument(f"--{name}", default=None, metavar=name.upper(), help=text)
    parser.add_argument("--at", default="", metavar="WHEN", help=_("when it was"))
    parser.add_argument("--version", type=number, default=None, metavar="N", help=_("only if it is still this one"))


def item_option(parser: ArgumentParser, words: str = "") -> None:
    """``--item``: what was given; may stand several times."""
    words = words or _(
        "what was given: an item of the list, how many, the value of one if it is another; once for each"
    )
    parser.add_argument("--item", nargs="+", action="append", default=[], metavar="ITEM [N [VALUE]]", help=words)


def _codes(made: _Maker) -> None:
    group = made.group("code", _("the codes that feedback and costs are filed under"))
    group.command("list", "quality:list_codes", _("the codes, and how much is filed under each"))
    group.command("add", "quality:add_code", _("put one on the list")).add_argument("name", metavar="NAME")
    renaming = group.command("rename", "quality:rename_code", _("call one otherwise; what is filed under it too"))
    renaming.add_argument("code", metavar="CODE", help=_("its number or its name"))
    renaming.add_argument("name", metavar="NAME")
    removing = group.command("remove", "quality:remove_code", _("take one off the list; what is filed under it stays"))
    removing.add_argument("code", metavar="CODE", help=_("its number or its name"))


def _items(made: _Maker) -> None:
    group = made.group("item", _("the things that guests are given, with the value of one"))
    group.command("list", "quality:list_items", _("the items, and how often each was given"))
    adding = group.command("add", "quality:add_item", _("put one on the list"))
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("value", metavar="VALUE", help=_("of one, like 18.50 or 18.50 EUR"))
    changing = group.command("change", "quality:change_item", _("another name or value; what was given keeps its own"))
    changing.add_argument("item", metavar="ITEM", help=_("its number or its name"))
    changing.add_argument("--name", default=None, metavar="NAME", help=_("another name"))
    changing.add_argument("--value", default=None, metavar="VALUE", help=_("another value of one"))
    removing = group.command("remove", "quality:remove_item", _("take one off the list; what was given stays written"))
    removing.add_argument("item", metavar="ITEM", help=_("its number or its name"))
