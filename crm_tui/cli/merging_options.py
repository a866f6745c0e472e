"""The arguments of ``guest merge`` and ``guest unmerge``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Protocol

from crm_tui.base.i18n import _


class _Group(Protocol):
    def command(self, name: str, handler: str, help_text: str) -> ArgumentParser: ...


def of_guest(group: _Group, number: Callable[[str], int]) -> None:
    """``guest merge`` and ``guest unmerge``."""
    merge = group.command("merge", "merging:merge", _("make one of guests who are the same"))
    merge.add_argument("main", type=number, metavar="MAIN", help=_("the main profile, whose number stays"))
    merge.add_argument("others", type=number, nargs="+", metavar="OTHER", help=_("those that are merged into it"))
    merge.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="FIELD=ID",
        help=_("whose field counts, like surname=7; may be repeated"),
    )
    merge.add_argument("--sure", action="store_true", help=_("though their birth dates or passports differ"))
    merge.add_argument("--dry-run", action="store_true", help=_("only show what it would make"))
    part = group.command("unmerge", "merging:unmerge", _("give a merged guest a profile of their own again"))
    part.add_argument("id", type=number, metavar="ID", help=_("number of the guest who was merged"))
