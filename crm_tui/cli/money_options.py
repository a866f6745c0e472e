"""The arguments of ``payment``, ``schedule``, ``terms``, ``operator`` and ``statement``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    _payments(made, number)
    _schedules(made, number)
    _terms(made)
    _operators(made)
    _statement(made, number)


def _reservation(parser: object) -> None:
    parser.add_argument(  # type: ignore[attr-defined]
        "reservation", metavar="RESERVATION", help=_("its code, its reference or its number")
    )


def _payments(made: _Maker, number: Number) -> None:
    group = made.group("payment", _("money that came for a reservation, or was given back"))
    for name, words in (("add", _("record a payment")), ("refund", _("record money that was given back"))):
        parser = group.command(name, f"money:{name}", words)
        _reservation(parser)
        missing = _("as 1,234.56 or 1.234,56, by your language; what is missing now (or overpaid) if not given")
        parser.add_argument("amount", nargs="?", default=None, metavar="AMOUNT", help=missing)
        parser.add_argument(
            "--method", default="", metavar="HOW", help=_("cash, card, transfer, online, voucher, or a word of yours")
        )
        parser.add_argument("--day", default="", metavar="DAY", help=_("when it came; today if not given"))
        parser.add_argument(
            "--folio", type=number, default=None, metavar="N", help=_("1, 2… of the reservation's bills")
        )
        parser.add_argument("--note", default="", metavar="TEXT")
        parser.add_argument("--sure", action="store_true", help=_("though the same payment stands there already"))
    reversing = group.command("reverse", "money:reverse", _("take a payment back; it stays, with the reason"))
    reversing.add_argument("id", type=number, metavar="ID", help=_("see: crm-tui payment list"))
    reversing.add_argument("reason", nargs="+", metavar="REASON")
    listing = group.command("list", "money:list_payments", _("all payments and refunds of a reservation"))
    _reservation(listing)


def _schedules(made: _Maker, number: Number) -> None:
    group = made.group("schedule", _("what of a reservation is due when"))
    _reservation(group.command("show", "money:show_schedule", _("the lines, and the money that stands on each")))
    setting = group.command("set", "money:set_schedule", _("make the schedule exactly these lines"))
    _reservation(setting)
    setting.add_argument("lines", nargs="+", metavar="LINE", help=_("kind, amount, day: “deposit 300 2026-12-01”"))
    setting.add_argument("--reason", default="", metavar="WHY", help=_("of the lines that change"))
    setting.add_argument("--version", type=number, default=None, metavar="N", help=_("only if it is still this one"))
    making = group.command("generate", "money:generate", _("make the schedule anew from the terms"))
    _reservation(making)
    making.add_argument("--dry-run", action="store_true", help=_("only show what it would be"))


def _terms(made: _Maker) -> None:
    group = made.group("terms", _("payment terms of the property and of operators"))
    operator = _("of this operator; of the property if not given")
    group.command("show", "terms:show", _("what is due when")).add_argument(
        "--operator", default="", metavar="NAME", help=operator
    )
    setting = group.command("set", "terms:set_terms", _("make the terms exactly these lines; administrators only"))
    words = _(
        "kind, share, anchor, days: “deposit 30%% booking 7”, “balance 70%% arrival -30”, “deposit 200 EUR booking 0”"
    )
    setting.add_argument("lines", nargs="*", metavar="LINE", help=words)
    setting.add_argument("--operator", default="", metavar="NAME", help=operator)
    setting.add_argument("--none", action="store_true", help=_("have none"))


def _operators(made: _Maker) -> None:
    group = made.group("operator", _("tour operators"))
    group.command("list", "terms:list_operators", _("all of them, with how many reservations each has"))
    for name, words in (("new", _("put one on the list")), ("set", _("change one"))):
        parser = group.command(name, f"terms:{name}_operator", words)
        parser.add_argument("name", metavar="NAME")
        if name == "set":
            parser.add_argument("--rename", default=None, metavar="NAME", help=_("another name"))
        parser.add_argument("--email", default=None, metavar="ADDRESS")
        parser.add_argument("--phone", default=None, metavar="NUMBER")
        watched = _("days before its departure that a flight is watched; empty: as the settings say")
        parser.add_argument("--watch-days", default=None, metavar="N", help=watched)
    removing = group.command("remove", "terms:remove_operator", _("take one off the list"))
    removing.add_argument("name", metavar="NAME")


def _statement(made: _Maker, number: Number) -> None:
    parser = made.command("statement", "statement:statement", _("bank lines and the reservations they may pay for"))
    parser.add_argument("file", metavar="FILE", help=_("a text as banks export or show it; - reads standard input"))
    parser.add_argument("--confirm", type=number, default=None, metavar="N", help=_("book line N"))
    parser.add_argument(
        "--reservation", default="", metavar="RESERVATION", help=_("on this one; on the likeliest if not given")
    )
    parser.add_argument(
        "--dismiss", type=number, default=None, metavar="N", help=_("put line N aside: it pays nothing here")
    )
    parser.add_argument("--sure", action="store_true", help=_("though the same payment stands there already"))
