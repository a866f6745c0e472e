"""The arguments of ``timer`` and ``property``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

Number = Callable[[str], int]


def options(made: _Maker, number: Number) -> None:
    """All of them."""
    group = made.group("timer", _("your working time; managers correct everybody's"))
    for name, words in (
        ("start", _("start your timer; managers see when it runs")),
        ("stop", _("stop all of your timers; unopened tickets go back to the queue")),
        ("pause", _("take no new tickets for a while; your time goes on")),
        ("resume", _("take new tickets again")),
        ("show", _("how your timer stands")),
    ):
        group.command(name, f"timers:{name}", words)
    _which(group.command("list", "timers:list_sessions", _("when timers ran")))
    _which(group.command("pauses", "pauses:list_pauses", _("when new tickets were paused")))
    _which(group.command("sheet", "timers:sheet", _("working time day by day")))
    _corrections(group, number)
    _property(made, number)


def _which(parser: ArgumentParser) -> None:
    words = _("today, week, last month, 2026-05, 1.5. .. 15.5. and the like; this week if not given")
    parser.add_argument("period", nargs="?", default="", metavar="PERIOD", help=words)
    parser.add_argument("--from", dest="start", default="", metavar="D", help=_("from this day on"))
    parser.add_argument("--to", dest="end", default="", metavar="D", help=_("up to this day"))
    parser.add_argument("--of", default=None, metavar="NAME", help=_("only of this agent; me is yourself"))


def _corrections(group: Any, number: Number) -> None:
    begins = _("when it began: 8:15, yesterday 22:00, 2026-07-01T08:15")
    ends = _("when it ended; an hour alone is on the same day, or the day after")
    why = _("why it is corrected")
    sessions = (
        ("correct", "timers:correct", _("say when a session really began and ended"), _("see: crm-tui timer list")),
        ("correct-pause", "pauses:correct", _("the same of a pause"), _("see: crm-tui timer pauses")),
    )
    for name, runs, words, where in sessions:
        _correction(group.command(name, runs, words), number, where, begins, ends, why)
    for name, runs, words in (
        ("add", "timers:add", _("write down a session that no timer counted")),
        ("add-pause", "pauses:add", _("the same of a pause")),
    ):
        _addition(group.command(name, runs, words), begins, ends, why)
    for name, runs, words, where in (
        ("remove", "timers:remove", _("take a session out of the count"), _("see: crm-tui timer list")),
        ("remove-pause", "pauses:remove", _("the same of a pause"), _("see: crm-tui timer pauses")),
    ):
        removing = group.command(name, runs, words)
        removing.add_argument("session", type=number, metavar="ID", help=where)
        removing.add_argument("--reason", required=True, metavar="TEXT", help=why)


def _correction(correct: ArgumentParser, number: Number, where: str, begins: str, ends: str, why: str) -> None:
    correct.add_argument("session", type=number, metavar="ID", help=where)
    correct.add_argument("--started", default="", metavar="WHEN", help=begins)
    correct.add_argument("--stopped", default="", metavar="WHEN", help=ends)
    correct.add_argument("--reason", required=True, metavar="TEXT", help=why)


def _addition(adding: ArgumentParser, begins: str, ends: str, why: str) -> None:
    adding.add_argument("name", metavar="NAME", help=_("the agent's name"))
    adding.add_argument("--started", required=True, metavar="WHEN", help=begins)
    adding.add_argument("--stopped", required=True, metavar="WHEN", help=ends)
    adding.add_argument("--reason", required=True, metavar="TEXT", help=why)


def _property(made: _Maker, number: Number) -> None:
    group = made.group("property", _("what holds for the whole property, such as its working hours"))
    group.command("show", "property:show", _("show it"))
    change = group.command("set", "property:change", _("change it"))
    change.add_argument(
        "--hours", default=None, metavar="HOURS", help=_("like “Mon-Fri 08:00-20:00; Sat 09:00-14:00”, or always")
    )
    change.add_argument(
        "--checkin-days", type=number, default=None, metavar="N", help=_("days before arrival that count as check-in")
    )
    change.add_argument(
        "--resolved-days",
        type=_days,
        default=None,
        metavar="N",
        help=_("midnights more that resolved feedback stays on its page; -1: for ever"),
    )


def _days(text: str) -> int:
    """A number that may be less than nothing."""
    return int(text)
