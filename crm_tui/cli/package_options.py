"""The arguments of ``package`` and ``mailing``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    _packages(made, number)
    _mailings(made, number)


def _packages(made: _Maker, number: Number) -> None:
    group = made.group("package", _("named sets of guests, made from a search or by hand"))
    group.command("list", "packages:list_packages", _("the packages, with size and search"))
    package = _("its number or its name")
    show = group.command("show", "packages:show", _("a package and its guests"))
    show.add_argument("package", metavar="PACKAGE", help=package)
    show.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
    create = group.command("create", "packages:create", _("make a package of what a search finds, or of guests"))
    create.add_argument("name", metavar="NAME")
    create.add_argument("--guest", type=number, action="append", default=[], metavar="ID", help=_("put this guest in"))
    create.add_argument("--attribute", action="append", default=[], metavar="NAME", help=_("guests tagged so"))
    create.add_argument("--criteria", default="", metavar="JSON", help=_('a search, like {"language": "pl"}'))
    for name, text in (("add", _("put guests in")), ("remove", _("take guests out"))):
        parser = group.command(name, f"packages:{name}", text)
        parser.add_argument("package", metavar="PACKAGE", help=package)
        parser.add_argument("guests", type=number, nargs="+", metavar="ID", help=_("numbers of the guests"))
    refresh = group.command("refresh", "packages:refresh", _("who comes and who goes by the search, and take it over"))
    refresh.add_argument("package", metavar="PACKAGE", help=package)
    how = refresh.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help=_("only show the difference"))
    how.add_argument("--only-comers", action="store_true", help=_("nobody goes"))
    rename = group.command("rename", "packages:rename", _("call a package otherwise"))
    rename.add_argument("package", metavar="PACKAGE", help=package)
    rename.add_argument("name", metavar="NAME")
    delete = group.command("delete", "packages:delete", _("put a package away; its guests stay as they are"))
    delete.add_argument("package", metavar="PACKAGE", help=package)


def _mailings(made: _Maker, number: Number) -> None:
    group = made.group("mailing", _("a template to the guests of a package, one mail after the other"))
    for name, text in (
        ("preview", _("who may be written to and who not, and why; nothing is sent")),
        ("start", _("start it; the engine sends the mails one by one")),
    ):
        parser = group.command(name, f"mailings:{name}", text)
        parser.add_argument("package", metavar="PACKAGE", help=_("its number or its name"))
        parser.add_argument("template", metavar="TEMPLATE", help=_("its number or its name"))
        parser.add_argument("--language", default="", metavar="CODE", help=_("where several languages have the name"))
        parser.add_argument(
            "--channel", choices=("mail", "newsletter"), default="mail", help=_("the consent that it needs")
        )
        parser.add_argument("--account", default="", metavar="ADDRESS", help=_("the account it goes out from"))
        parser.add_argument("--again", action="store_true", help=_("also to those who had it already"))
        if name == "preview":
            parser.add_argument("--guest", type=number, default=0, metavar="ID", help=_("the mail of this guest"))
        else:
            parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    status = group.command("status", "mailings:status", _("the mailings and how far they are"))
    status.add_argument("mailing", type=number, nargs="?", default=0, metavar="ID", help=_("this one, guest by guest"))
    for name, text in (
        ("pause", _("send no more for now")),
        ("resume", _("go on with a paused one")),
        ("stop", _("end it for good; what was sent stays sent")),
        ("retry", _("send the mails that failed again")),
    ):
        parser = group.command(name, f"mailings:{name}", text)
        parser.add_argument("mailing", type=number, metavar="ID")
