"""The arguments of ``reservation``, ``import reservations`` and ``export reservations``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import _

Number = Callable[[str], int]


def exchange(importing: Any, exporting: Any, files: Callable[..., None]) -> None:
    """``import reservations`` and ``export reservations``."""
    bringing = importing.command("reservations", "reservations:bring_in", _("of a booking system: CSV or JSON"))
    files(bringing, "file", help_text=_("CSV with a head, a JSON list, or one JSON object a line"))
    bringing.add_argument("--dry-run", action="store_true", help=_("only say what would become of each row"))
    writing = exporting.command("reservations", "reservations:write_out", _("all reservations, as CSV or JSON"))
    writing.add_argument("--csv", action="store_true", help=_("as CSV; so without --json"))


def reservations(made: Any, number: Number) -> None:
    """``reservation``: who is on it."""
    group = made.group("reservation", _("booked stays and trips"))
    adding = group.command("add-guest", "reservations:add_guest", _("add a guest of the client base"))
    removing = group.command("remove-guest", "reservations:remove_guest", _("take a guest out"))
    removing.add_argument("--holder", type=number, default=None, metavar="GUEST", help=_("who is the holder instead"))
    holder = group.command("holder", "reservations:set_holder", _("make a guest the holder"))
    for parser in (adding, removing, holder):
        parser.add_argument("reservation", metavar="RESERVATION", help=_("its number or its code"))
        parser.add_argument("guest", type=number, metavar="GUEST")
