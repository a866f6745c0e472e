"""The arguments of ``import guests`` and ``export guests``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import _
from crm_tui.cli import guest_list_options

Files = Callable[..., None]


def import_guests(group: Any, files: Files) -> None:
    """``import guests``."""
    parser: ArgumentParser = group.command("guests", "guest_files:import_guests", _("guests from CSV, JSON or vCard"))
    files(parser, "file", help_text=_("the file; - reads standard input"))
    add = parser.add_argument
    add("--dry-run", action="store_true", help=_("only say what would happen"))
    add(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help=_("what a column is; nothing after =: left out"),
    )
    add("--encoding", default="", metavar="NAME", help=_("of the file, if it is not found out right"))
    add("--delimiter", default="", metavar="CHARACTER", help=_("between the columns; tab for a tab"))
    add("--dates", choices=("dmy", "mdy"), default="", help=_("whether the day or the month comes first"))
    add("--match", choices=("mail", "none"), default="mail", help=_("how rows without a reference find their guest"))
    add("--errors", default="", metavar="FILE", help=_("write the rows that are wrong there, to be mended"))


def export_guests(group: Any, files: Files) -> None:
    """``export guests``."""
    parser: ArgumentParser = group.command("guests", "guest_files:export_guests", _("guests as CSV, JSON or vCards"))
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--csv", action="store_true", help=_("the usual, for spreadsheets; --json: one object a line"))
    formats.add_argument("--vcard", action="store_true", help=_("version 4"))
    formats.add_argument("--vcard3", action="store_true", help=_("version 3, for older programs"))
    files(parser, "file", nargs="?", help_text=_("where to; standard output if not given, or -"))
    add = parser.add_argument
    add("--overwrite", action="store_true", help=_("replace the file"))
    add("--bom", action="store_true", help=_("begin the CSV with a mark by which spreadsheets know UTF-8"))
    add("--ids", default="", metavar="LIST", help=_("these guests: 12,15,20"))
    guest_list_options.options(parser, newest=False)
