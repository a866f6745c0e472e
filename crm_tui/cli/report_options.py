"""The arguments of ``report``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.rules.reporting import NAMES

if TYPE_CHECKING:
    from crm_tui.cli.options import _Maker

OPTION = {"agent": "of"}
"""Filters whose option has another name: ``--agent`` says who asks."""


def options(made: _Maker, files: dict[str, str]) -> None:
    """``report``. ``files``: what completion offers where a file is expected."""
    parser = made.command("report", "reports:report", _("figures of a period: inquiries, payments, productivity…"))
    add = parser.add_argument
    add("name", nargs="?", default="", choices=("", *NAMES), metavar="NAME", help=_("which one; without it: a list"))
    add(
        "--period",
        default="",
        metavar="PERIOD",
        help=_("today, yesterday, week, last-week, month, last-month, year, 2026-05, 2026-05-01..2026-05-15"),
    )
    add("--from", dest="first", default="", metavar="D", help=_("the first day"))
    add("--to", dest="last", default="", metavar="D", help=_("the last day; today if not given"))
    add("--by", default="", metavar="WHAT", help=_("what a row stands for; the list of reports names it"))
    add("--of", default="", metavar="AGENT", help=_("only of this agent; me: your own"))
    for name, metavar, text in (
        ("department", "D", _("only of the agents of this department")),
        ("channel", "C", _("only what came by this channel")),
        ("status", "S", _("only what stands so; the list of reports names it")),
        ("operator", "NAME", _("only of this tour operator")),
        ("method", "M", _("only what was paid so")),
        ("code", "CODE", _("only what is filed under it")),
        ("attribute", "NAME", _("only guests who are tagged with it")),
    ):
        add(f"--{name}", default="", metavar=metavar, help=text)
    csv = add("--csv", default="", metavar="FILE", help=_("as CSV into a file; - is standard output"))
    csv.complete = files  # type: ignore[attr-defined]
    add("--overwrite", action="store_true", help=_("replace the file if there is one"))
