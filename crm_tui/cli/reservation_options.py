"""The arguments of ``reservation``, ``import reservations`` and ``export reservations``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import N_, _
from crm_tui.cli.inquiry_options import fields, given

Number = Callable[[str], int]

FIELDS = {
    "status": N_("option, confirmed, cancelled, completed, no-show"),
    "code": N_("what people call it; without one it gets one"),
    "reference": N_("its key in a booking system"),
    "channel": N_("direct, phone, counter, website, Booking.com…"),
    "operator": N_("tour operator; a new one is added"),
    "product": N_("what is booked of an operator"),
    "destination": N_("where to"),
    "room": N_("the property's room"),
    "booked": N_("day it was booked"),
    "arrival": N_("first day: 2026-08-14 or 14.8.2026"),
    "departure": N_("last day"),
    "adults": N_("how many"),
    "children": N_("how many"),
    "value": N_("amount with currency: 1200.50 EUR"),
    "company": N_("number of the company that pays; empty: none"),
    "remarks": N_("remarks for the house"),
}
"""The fields of a reservation and their help."""
LISTED = ("text", "destination", "arrival_from", "arrival_to", "departure_from", "departure_to", "newest")
"""Options of ``list`` that guests and reservations share."""
OWN = ("channel", "operator", "unpaid", "order")
"""Those of reservations alone."""


def listing(parser: ArgumentParser) -> None:
    """The filters of ``list reservations`` that no other list has."""
    parser.add_argument("--channel", default="", metavar="CHANNEL", help=_("reservations: where they came from"))
    parser.add_argument("--operator", default="", metavar="NAME", help=_("reservations: of a tour operator"))
    parser.add_argument("--unpaid", action="store_true", help=_("reservations: something due is not covered"))
    parser.add_argument(
        "--order",
        choices=("arrival", "latest", "departure", "newest", "code"),
        default=None,
        help=_("reservations: how they are sorted; by arrival if not said"),
    )


def fields_given(options: Any) -> dict[str, str]:
    """The fields of a reservation that stand on the command line."""
    return given(options, FIELDS)


def exchange(importing: Any, exporting: Any, files: Callable[..., None]) -> None:
    """``import reservations`` and ``export reservations``."""
    bringing = importing.command("reservations", "reservation_exchange:bring_in", _("of a booking system: CSV or JSON"))
    files(bringing, "file", help_text=_("CSV with a head, a JSON list, or one JSON object a line"))
    bringing.add_argument("--dry-run", action="store_true", help=_("only say what would become of each row"))
    writing = exporting.command("reservations", "reservation_exchange:write_out", _("all reservations, as CSV or JSON"))
    writing.add_argument("--csv", action="store_true", help=_("as CSV; so without --json"))


def reservations(made: Any, number: Number) -> None:
    """``reservation``: made, changed, how it stands, who is on it."""
    group = made.group("reservation", _("booked stays and trips"))
    new = group.command("new", "reservation_changes:new", _("make a reservation, from an inquiry or a mail too"))
    origin = new.add_mutually_exclusive_group()
    origin.add_argument("--inquiry", type=number, default=None, metavar="ID", help=_("book this inquiry"))
    origin.add_argument("--from", dest="conversation", type=number, default=None, metavar="CONVERSATION",
                        help=_("book what this mail asks for"))  # fmt: skip
    new.add_argument("--guest", type=number, action="append", default=[], metavar="GUEST", dest="guests",
                     help=_("who is on it, by number; the first is the holder; several"))  # fmt: skip
    changing = group.command("set", "reservation_changes:set_fields", _("change fields"))
    _reservation(changing)
    changing.add_argument("--version", type=number, default=0, metavar="N",
                          help=_("refuse if somebody changed the same since that version"))  # fmt: skip
    for parser in (new, changing):
        fields(parser, FIELDS)
    standing = group.command("status", "reservation_changes:status", _("how it stands, with what follows from it"))
    standing.add_argument("status", metavar="STATUS", help=_(FIELDS["status"]))
    standing.add_argument("reservations", nargs="+", metavar="RESERVATION", help=_("by number or code"))
    standing.add_argument("--close-reminders", action="store_true", help=_("their open reminders are done"))
    standing.add_argument(
        "--ask-feedback", action="store_true", help=_("completed ones: remind the team to ask the holder")
    )
    _reservation(group.command("show", "reservations:show_one", _("print it")))
    adding = group.command("add-guest", "reservations:add_guest", _("add a guest of the client base"))
    removing = group.command("remove-guest", "reservations:remove_guest", _("take a guest out"))
    removing.add_argument("--holder", type=number, default=None, metavar="GUEST", help=_("who is the holder instead"))
    holder = group.command("holder", "reservations:set_holder", _("make a guest the holder"))
    for parser in (adding, removing, holder):
        _reservation(parser)
        parser.add_argument("guest", type=number, metavar="GUEST")


def _reservation(parser: Any) -> None:
    parser.add_argument("reservation", metavar="RESERVATION", help=_("its number or its code"))
