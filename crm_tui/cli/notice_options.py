"""The arguments of ``notices``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    group = made.group("notices", _("reminders of payments by mail and SMS"))
    group.command(
        "preview", "notices:preview", _("what the next run would send and what not, and why; nothing is sent")
    )
    group.command("run", "notices:run_once", _("send what is due now"))
    listing = group.command("list", "notices:list_notices", _("what was sent, is on its way or failed"))
    listing.add_argument("--reservation", default="", metavar="RESERVATION", help=_("its number or its code"))
    listing.add_argument("--limit", type=number, default=100, metavar="N", help=_("at most so many"))
    sending = group.command("send", "notices:send", _("remind of one reservation now"))
    sending.add_argument("reservation", metavar="RESERVATION", help=_("its number or its code"))
    sending.add_argument("--channel", choices=("mail", "sms"), default="mail", help=_("by mail or by SMS"))
    sending.add_argument("--text", default=None, metavar="TEXT", help=_("instead of the template's"))
    sending.add_argument("--subject", default=None, metavar="TEXT", help=_("instead of the template's"))
    sending.add_argument("--yes", action="store_true", help=_("also if the guest may not want it"))
    sending.add_argument("--dry-run", action="store_true", help=_("only show it"))
    for name, text in (
        ("stop", _("send none to a guest or an address any more; without either: who gets none")),
        ("start", _("send reminders to them again")),
    ):
        parser = group.command(name, f"notices:{name}", text)
        parser.add_argument("address", nargs="?", default="", metavar="ADDRESS", help=_("mail address or number"))
        parser.add_argument("--guest", type=number, default=None, metavar="ID", help=_("this guest, wherever"))
    settle = group.command("settle", "notices:settle", _("say what became of a reminder that is uncertain or failed"))
    settle.add_argument("notice", type=number, metavar="ID")
    settle.add_argument(
        "what", choices=("arrived", "again", "drop"), help=_("it did arrive; send it again; give it up")
    )
    gateway = group.command("gateway", "notices:gateway", _("the SMS gateway: show it, set it up, test or remove it"))
    how = gateway.add_mutually_exclusive_group()
    how.add_argument(
        "--keyring", action="store_true", help=_("keep its address in the keyring; read from the terminal")
    )
    how.add_argument("--stdin", action="store_true", help=_("the same, read from standard input"))
    how.add_argument("--command", default="", metavar="CMD", help=_("command that prints its address"))
    how.add_argument("--remove", action="store_true", help=_("forget it"))
    gateway.add_argument("--test", default="", metavar="NUMBER", help=_("send one message to this number"))
