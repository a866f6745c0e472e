"""The arguments of ``guest erase|export|consents``, ``retention`` and ``erasure``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import _

Number = Callable[[str], int]


def of_guest(group: Any, number: Number) -> None:
    """What ``guest`` has for privacy."""
    erasing = group.command("erase", "privacy:erase", _("erase a person; counts and accounts stay"))
    erasing.add_argument("id", type=number, metavar="ID")
    erasing.add_argument(
        "--reason", default="", metavar="TEXT", help=_("what it is done for; nothing about the person")
    )
    erasing.add_argument(
        "--also",
        default="linked",
        metavar="all|linked|none|PLACES",
        help=_(
            "where the surname stands alone in what is about others: black out such places, like memo:12,message:4.2"
        ),
    )
    erasing.add_argument("--dry-run", action="store_true", help=_("only say what it would erase"))
    erasing.add_argument("--yes", action="store_true", help=_("do not ask"))
    export: ArgumentParser = group.command("export", "privacy:export", _("everything that is held on a guest"))
    export.add_argument("id", type=number, metavar="ID")
    export.add_argument("file", nargs="?", default="", metavar="FILE", help=_("write it there, readable by you alone"))
    export.add_argument("--overwrite", action="store_true", help=_("replace the file"))
    export.add_argument("--text", action="store_true", help=_("as text to read, not as JSON"))
    export.add_argument("--attachments", default="", metavar="DIR", help=_("write the files of the mail there"))
    words = group.command("consents", "privacy:consents", _("what a guest said about being written to, ever"))
    words.add_argument("id", type=number, metavar="ID")


def retention(made: Any, number: Number) -> None:
    """``retention`` and ``erasure``."""
    group = made.group("retention", _("rules that propose whom to erase"))
    group.command("list", "privacy:list_rules", _("the rules"))
    adding = group.command("add", "privacy:add_rule", _("make a rule"))
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("months", type=number, metavar="MONTHS", help=_("since the last contact"))
    adding.add_argument("--criteria", default="", metavar="JSON", help=_('narrow it, like {"never_booked": true}'))
    group.command("remove", "privacy:remove_rule", _("take a rule away")).add_argument("id", type=number, metavar="ID")
    proposing = group.command("proposals", "privacy:proposals", _("whom the rules propose to erase, and why"))
    proposing.add_argument("--rule", type=number, default=None, metavar="ID", help=_("of this rule only"))
    proposing.add_argument("--limit", type=number, default=None, metavar="N", help=_("at most so many"))
    keeping = group.command("keep", "privacy:keep", _("propose guests no more until a day"))
    keeping.add_argument("ids", nargs="+", type=number, metavar="ID")
    keeping.add_argument("--until", required=True, metavar="DAY")
    group = made.group("erasure", _("what was erased"))
    group.command("list", "privacy:list_erasures", _("past erasures with their counts"))
    group.command("show", "privacy:show_erasure", _("the report of one")).add_argument("id", type=number, metavar="ID")
