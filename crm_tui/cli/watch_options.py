"""The arguments of ``payments`` and ``departures``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import _

Number = Callable[[str], int]
PAYMENT_STATES = ("overdue", "today", "soon", "Z", "D")
PAYMENT_ORDERS = ("due", "name", "amount", "arrival")
DEPARTURE_STATES = ("open", "to inform", "informed", "inform again")
DEPARTURE_ORDERS = ("departs", "state", "name", "operator")


def options(made: Any, number: Number, files: dict[str, str]) -> None:
    """``payments`` and ``departures``. ``files``: what completion offers where a file is expected."""
    payments = made.command("payments", "watchlists:payments", _("who owes a deposit (Z) or a balance (D) now"))
    _filters(payments, number, files, PAYMENT_STATES, PAYMENT_ORDERS)
    departures, group = made.optional_group(
        "departures", "watchlists:departures", _("who flies soon, and whether they know when")
    )
    _filters(departures, number, files, DEPARTURE_STATES, DEPARTURE_ORDERS)
    for name, words in (
        ("inform", _("the guests of these flights were told the times")),
        ("uninform", _("they were not told after all")),
    ):
        parser = group.command(name, f"watchlists:{name}", words)
        parser.add_argument(
            "flights", nargs="+", metavar="ID", help=_("number of the flight in the list, or code of its reservation")
        )
    times = group.command("times", "watchlists:times", _("change when a flight leaves and lands"))
    times.add_argument("flight", metavar="ID", help=_("number of the flight in the list, or code of its reservation"))
    for name in ("departs", "arrives"):
        words = _("on the airport's clock, like 6:20 or 2026-07-10 06:20")
        times.add_argument(f"--{name}", default=None, metavar="TIME", help=words)
    times.add_argument("--leg", type=number, default=1, metavar="N", help=_("of connecting flights the N-th"))


def _filters(
    parser: ArgumentParser, number: Number, files: dict[str, str], states: tuple[str, ...], orders: tuple[str, ...]
) -> None:
    add = parser.add_argument
    add("--state", choices=states, default="", help=_("only these"))
    add("--operator", default="", metavar="NAME", help=_("only of this tour operator"))
    add("--destination", default="", metavar="PLACE", help=_("only to there"))
    add("--text", default="", metavar="TEXT", help=_("only with this in the holder's name or the code"))
    add("--order", choices=orders, default=orders[0], help=_("what they are sorted by"))
    add("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
    csv = add("--csv", default="", metavar="FILE", help=_("as CSV into a file; - is standard output"))
    csv.complete = files  # type: ignore[attr-defined]
    add("--overwrite", action="store_true", help=_("replace the file if there is one"))
