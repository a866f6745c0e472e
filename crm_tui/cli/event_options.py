"""The arguments of ``event`` and ``event-type``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    _events(made, number)
    _types(made, number)


def _events(made: _Maker, number: Number) -> None:
    group = made.group("event", _("what happened with a guest: calls, visits, complaints…"))
    when = _("when it happened: 10:30, yesterday 9:15, 2026-07-01T10:00; now if not given")
    adding = group.command("add", "events:add", _("write an event down"))
    adding.add_argument("guest", type=number, metavar="GUEST", help=_("number of the guest"))
    adding.add_argument("type", metavar="TYPE", help=_("see: crm-tui event-type list"))
    adding.add_argument("words", nargs="*", metavar="TEXT", help=_("what happened; - reads it from standard input"))
    adding.add_argument("--at", default="", metavar="WHEN", help=when)
    for name in ("conversation", "inquiry", "reservation"):
        adding.add_argument(f"--{name}", type=number, default=None, metavar="ID", help=_("what it belongs to"))
    editing = group.command("edit", "events:edit", _("change an event"))
    editing.add_argument("id", type=number, metavar="ID")
    editing.add_argument("--type", default=None, metavar="TYPE", help=_("another type"))
    editing.add_argument("--text", default=None, metavar="TEXT", help=_("another text"))
    editing.add_argument("--at", default="", metavar="WHEN", help=when)
    editing.add_argument("--version", type=number, default=None, metavar="N", help=_("only if it is still this one"))
    removing = group.command("remove", "events:remove", _("take an event away; the history keeps that it was there"))
    removing.add_argument("id", type=number, metavar="ID")
    listing = group.command("list", "events:list_events", _("the events of a guest, the newest first"))
    listing.add_argument("guest", type=number, metavar="GUEST", help=_("number of the guest"))
    listing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))


def _types(made: _Maker, number: Number) -> None:
    group = made.group("event-type", _("the types of event"))
    group.command("list", "events:list_types", _("the types, and how many events are of each"))
    adding = group.command("add", "events:add_type", _("put one on the list"))
    adding.add_argument("name", metavar="NAME")
    renaming = group.command("rename", "events:rename_type", _("call one otherwise; its events keep it"))
    renaming.add_argument("type", metavar="TYPE", help=_("its number or its name"))
    renaming.add_argument("name", metavar="NAME")
    removing = group.command("remove", "events:remove_type", _("take one off the list; its events keep it"))
    removing.add_argument("type", metavar="TYPE", help=_("its number or its name"))
    del number
