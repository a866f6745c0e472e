"""The criteria of ``list guests`` and ``export guests``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Collection

from crm_tui.base.i18n import N_, _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

TEXTS = {
    "text": (
        "TEXT",
        N_(
            "guests: half a name, digits of a number, a mail, a birthday, a city; reservations: a code, a guest, a destination"
        ),
    ),
    "consent": ("CHANNEL", N_("guests: consent holds for mail, sms, phone or newsletter")),
    "no_consent": ("CHANNEL", N_("guests: no consent, or none ever given")),
    "nationality": ("COUNTRY", N_("guests: by name or two letters")),
    "country": ("COUNTRY", N_("guests: where they live, by name or two letters")),
    "language": ("LANGUAGE", N_("guests: two letters, like es")),
    "city": ("CITY", N_("guests: where they live")),
    "passport_until": ("DAY", N_("guests: whose passport expires by that day")),
    "destination": ("PLACE", N_("guests: who booked to there; reservations: to there")),
    "arrival_from": ("DAY", N_("stay or trip begins then or later")),
    "arrival_to": ("DAY", N_("… or earlier")),
    "departure_from": ("DAY", N_("stay or trip ends then or later")),
    "departure_to": ("DAY", N_("… or earlier")),
    "value_from": ("AMOUNT", N_("guests: with a reservation of that value or more")),
    "value_to": ("AMOUNT", N_("guests: … or less")),
    "born_from": ("DAY", N_("guests: with a birthday from that day and month on, like 24.12.")),
    "born_to": ("DAY", N_("guests: … up to that one")),
    "package": ("PACKAGE", N_("guests: who are in a package, by name or number")),
    "view": ("NAME", N_("guests: what one of your saved views asks for; other criteria narrow or change it")),
}
FLAGS = {
    "never_booked": N_("guests: who never booked"),
    "archived": N_("guests: the archived ones"),
    "newest": N_("guests and reservations: the newest first"),
}


def options(parser: ArgumentParser, *, newest: bool = True) -> None:
    """The criteria of guests; ``newest``: and their order."""
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--persons", dest="kind", action="store_const", const="person", default="", help=_("guests: no companies")
    )
    kinds.add_argument(
        "--companies", dest="kind", action="store_const", const="company", default="", help=_("guests: no persons")
    )
    parser.add_argument(
        "--attribute",
        action="append",
        default=[],
        metavar="NAME",
        help=_("guests: tagged so; several: with all of them"),
    )
    for name, (value, words) in TEXTS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=None, metavar=value, help=_(words))
    for name, words in FLAGS.items():
        if name == "newest" and not newest:
            continue
        parser.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=_(words))


def refuse_for(run: Invocation, place: str, but: Collection[str] = ()) -> None:
    """Criteria of guests are for guests; ``but``: those that the other list has as well.

    Raises:
        UsageError: one was given for another list.
    """
    names = (name for name in ("kind", "attribute", *TEXTS, *FLAGS) if name not in but)
    given = [name for name in names if getattr(run.options, name, None)]
    if given:
        said = {"kind": "--persons, --companies"}.get(given[0], f"--{given[0].replace('_', '-')}")
        raise UsageError(
            _("{option} is for guests, not for {place}.").format(option=said, place=place),
            _("Use: crm-tui list guests"),
        )
