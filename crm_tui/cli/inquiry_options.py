"""The arguments of ``inquiry``, ``guest`` and ``memo``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import N_, _
from crm_tui.cli import merging_options, privacy_options

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

FIELDS = {
    "status": N_("new, in progress, offer sent, waiting for guest, booked, lost, cancelled"),
    "lost_reason": N_("why it was lost; required with that status"),
    "planned_end": N_("the day by which its handling should be closed"),
    "handler": N_("an agent, me or nobody"),
    "scope": N_("who sees it: everyone, me, department, an agent or a department"),
    "channel": N_("direct, phone, counter, website, Booking.com…"),
    "arrival": N_("day: 2026-08-14 or 14.8.2026"),
    "departure": N_("day"),
    "period_from": N_("flexible dates: not before this day"),
    "period_to": N_("flexible dates: back by this day"),
    "nights": N_("how many"),
    "adults": N_("how many"),
    "children": N_("an age each, ? if unknown: 7,3,?"),
    "room": N_("room"),
    "destination": N_("destination"),
    "board": N_("board"),
    "budget": N_("amount with currency: 1200.50 EUR"),
    "airport": N_("departure airport"),
    "preferences": N_("what the guest would like"),
    "price": N_("what is offered: 1120 EUR"),
    "valid_until": N_("day until which the offer holds"),
}
"""The fields of an inquiry and their help."""
GUEST_FIELDS = {
    "surname": N_("surname, or name of the company; the one required"),
    "given": N_("given names"),
    "email": N_("mail address; several with commas; with a label: “work <ana@hotel.example>”"),
    "phone": N_("telephone number; several with commas; with a label: “mobile <+34 600 111 222>”"),
    "language": N_("two letters: es, pl, fr, en…"),
    "nationality": N_("a country, by name or two letters"),
    "birth_date": N_("day with its year: 14.8.1985"),
    "document": N_("identity card or the like, with its number"),
    "passport": N_("number of the passport"),
    "passport_expiry": N_("day until which the passport is valid"),
    "street": N_("street and number"),
    "postcode": N_("postcode; checked where the country is known"),
    "city": N_("city"),
    "region": N_("state, province or county"),
    "country": N_("a country, by name or two letters"),
    "tax_number": N_("of a company"),
    "remarks": N_("remarks"),
    "reference": N_("the guest's key in another system; no two guests have the same"),
}
"""The fields of a guest and their help."""
_CONTACT = ("surname", "given", "email", "phone", "language")

Number = Callable[[str], int]


def inquiries(made: _Maker, number: Number) -> None:
    """``inquiry`` and what belongs to it."""
    group = made.group("inquiry", _("requests for a stay or a trip"))
    listing = group.command("list", "inquiries:list_inquiries", _("the inquiries by planned end, the overdue first"))
    listing.add_argument("--status", default="", metavar="STATUS", help=_("open, all, or a status"))
    listing.add_argument("--handler", dest="handled_by", default="", metavar="AGENT", help=_("an agent, me or nobody"))
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
    new = group.command("new", "inquiries:new", _("take an inquiry down, from a conversation or by hand"))
    new.add_argument(
        "--from", dest="conversation", type=number, default=0, metavar="CONVERSATION", help=_("of its mail")
    )
    new.add_argument("--guest", type=number, default=0, metavar="ID", help=_("a guest who is known, as its holder"))
    fields(new, {name: GUEST_FIELDS[name] for name in _CONTACT})
    fields(new, FIELDS)
    setting = group.command("set", "inquiries:set_fields", _("change fields of an inquiry"))
    setting.add_argument("id", type=number, metavar="ID")
    setting.add_argument("values", nargs="*", metavar="FIELD=VALUE", help=_("like status=booked; empty clears"))
    setting.add_argument("--version", type=number, default=0, metavar="N", help=_("refuse if it was changed since"))
    fields(setting, FIELDS)
    for name, text in (("accept", _("take proposals over")), ("reject", _("drop proposals"))):
        parser = group.command(name, f"inquiries:{name}", text)
        parser.add_argument("id", type=number, metavar="ID")
        parser.add_argument("fields", nargs="*", metavar="FIELD", help=_("all of them if none is named"))
    for name, text in (("link", _("let conversations belong to it")), ("unlink", _("take conversations out"))):
        parser = group.command(name, f"inquiries:{name}", text)
        parser.add_argument("id", type=number, metavar="ID")
        parser.add_argument("conversations", nargs="+", type=number, metavar="CONVERSATION")
    removing = group.command("remove", "inquiries:remove", _("take out one that was made by mistake"))
    removing.add_argument("id", type=number, metavar="ID")
    _guests_of(group.group("guest", _("the guests of an inquiry")), number)


def _guests_of(group: _Maker, number: Number) -> None:
    adding = group.command("add", "inquiries:add_guest", _("add a guest, known or new"))
    adding.add_argument("id", type=number, metavar="ID")
    adding.add_argument("guest", type=number, nargs="?", default=0, metavar="GUEST", help=_("number of a guest"))
    fields(adding, {name: GUEST_FIELDS[name] for name in _CONTACT})
    removing = group.command("remove", "inquiries:remove_guest", _("take a guest out; the client base keeps them"))
    removing.add_argument("id", type=number, metavar="ID")
    removing.add_argument("guest", type=number, metavar="GUEST")
    removing.add_argument("--holder", type=number, default=None, metavar="GUEST", help=_("who is the holder instead"))
    holder = group.command("holder", "inquiries:set_holder", _("make a guest the holder"))
    holder.add_argument("id", type=number, metavar="ID")
    holder.add_argument("guest", type=number, metavar="GUEST")


def guests(made: _Maker, number: Number) -> None:
    """``guest``: the client base."""
    group = made.group("guest", _("the persons and companies of the client base"))
    new = group.command("new", "guests:new", _("take a guest into the client base"))
    setting = group.command("set", "guests:set_fields", _("change fields of a guest"))
    setting.add_argument("id", type=number, metavar="ID")
    setting.add_argument("--version", type=number, default=0, metavar="N", help=_("refuse if it was changed since"))
    for parser in (new, setting):
        fields(parser, GUEST_FIELDS)
        parser.add_argument("--kind", default=None, choices=("person", "company"))
        parser.add_argument(
            "--tag", action="append", default=[], metavar="ATTRIBUTE", help=_("tag with it; may be repeated")
        )
    setting.add_argument(
        "--untag", action="append", default=[], metavar="ATTRIBUTE", help=_("take it off; may be repeated")
    )
    for name, text in (("archive", _("put guests away; nothing is lost")), ("unarchive", _("take guests back"))):
        parser = group.command(name, f"guests:{name}", text)
        parser.add_argument("ids", type=number, nargs="+", metavar="ID")
    contact = group.command(
        "contact", "guests:contact", _("a person to talk to at a company, or with --remove nobody any more")
    )
    contact.add_argument("id", type=number, metavar="COMPANY")
    contact.add_argument("person", type=number, metavar="PERSON")
    contact.add_argument("--role", default=None, metavar="TEXT", help=_("what the person does there"))
    contact.add_argument("--first", action="store_true", help=_("before the other contacts"))
    contact.add_argument("--remove", action="store_true", help=_("take the person off the company"))
    consent = group.command("consent", "guests:consent", _("note what a guest said about being written to or called"))
    consent.add_argument("id", type=number, metavar="ID")
    consent.add_argument("channel", choices=("mail", "sms", "phone", "newsletter"))
    consent.add_argument("answer", choices=("yes", "no"))
    consent.add_argument("--source", default="", metavar="TEXT", help=_("how it was said; required with yes"))
    consent.add_argument("--day", default="", metavar="DAY", help=_("when it was said; today if it is not named"))
    privacy_options.of_guest(group, number)
    merging_options.of_guest(group, number)


def memos(made: _Maker, number: Number) -> None:
    """``memo``: an internal note."""
    memo = made.command("memo", "memos:add", _("write an internal note; it is never sent"))
    memo.add_argument("words", nargs="+", metavar="TEXT", help=_("CONVERSATION TEXT, or TEXT; - is standard input"))
    for name in ("inquiry", "conversation", "guest"):
        memo.add_argument(f"--{name}", type=number, default=None, metavar="ID", help=_("what it is on"))


def fields(parser: ArgumentParser, names: dict[str, str]) -> None:
    """An option for each field; :func:`given` reads them."""
    for name, text in names.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, dest=_dest(name), default=None, metavar=_metavar(name), help=_(text))


def _dest(name: str) -> str:
    """Where the parser keeps a field: beside the command's own names."""
    return f"field_{name}"


def _metavar(name: str) -> str:
    return {
        "birth_date": "DAY",
        "passport_expiry": "DAY",
        "arrival": "DAY",
        "departure": "DAY",
        "planned_end": "DAY",
        "valid_until": "DAY",
    }.get(name, name.rpartition("_")[2].upper())


def given(options: Any, names: dict[str, str]) -> dict[str, str]:
    """The fields that stand on the command line."""
    return {name: value for name in names if (value := getattr(options, _dest(name), None)) is not None}
