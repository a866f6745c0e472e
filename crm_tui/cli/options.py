"""The arguments of every command (SPEC §15). Options that all commands share stand before or after the command's name."""

from __future__ import annotations

from argparse import (
    SUPPRESS,
    Action,
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
)
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from crm_tui.base.i18n import _
from crm_tui.cli import (
    event_options,
    feedback_options,
    file_options,
    folio_options,
    guest_list_options,
    inquiry_options,
    money_options,
    notice_options,
    package_options,
    privacy_options,
    quality_options,
    reminder_options,
    report_options,
    reservation_options,
    team_options,
    ticket_options,
    timer_options,
    triage_options,
    watch_options,
)
from crm_tui.cli.making import Commands, Maker, Names, Parser, Sought, formatter_of
from crm_tui.cli.output import Output
from crm_tui.cli.usage import Options

_Maker = Maker
PLACES = ("Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam", "Sent", "Snoozed", "Starred", "All")
LISTS = (
    *PLACES,
    "Drafts",
    "Outbox",
    "messages",
    "accounts",
    "agents",
    "guests",
    "duplicates",
    "packages",
    "reservations",
    "views",
)
SHELLS = ("bash", "zsh", "fish")
# what shtab puts into the scripts where a file or a folder is expected
_FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "fish": "(__fish_complete_path (commandline -ct))"}
_FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "fish": "(__fish_complete_directories)"}
_SECURITY = ("tls", "starttls", "none")


class _NeedsAgent(RawDescriptionHelpFormatter):
    """Shows ``--agent``, which may also stand before the command, as what it is for this one: required."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32)

    def add_usage(
        self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        shown = [copy(action) for action in actions]
        for action in shown:
            action.required = action.required or "--agent" in action.option_strings
        super().add_usage(usage, shown, groups, prefix)


def parse(argv: Sequence[str]) -> Options | None:
    """The options of a command line; None if help or version was asked for and has been printed.

    Raises:
        UsageError: the arguments are wrong.
    """
    values = Options()
    try:
        return made(Sought).parse_args(list(argv), namespace=values)
    except SystemExit as leaving:  # --help, --version
        if leaving.code:
            raise
        return None


def build() -> ArgumentParser:
    """The parser of the whole command line; also what completion is made from."""
    return made(Commands)


def made(commands_class: type[Commands]) -> ArgumentParser:
    """The parser, its commands as this class makes them: all, or the one that is given."""
    parser = Parser(
        prog="crm-tui",
        description=_("The keyboard-driven desk for hotel and travel-agency receptions. Without a command it opens."),
        formatter_class=formatter_of,
        allow_abbrev=False,
    )
    _common(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=_("show the version and leave"))
    commands = parser.add_subparsers(
        title=_("commands"), metavar=_("COMMAND"), parser_class=Parser, action=commands_class
    )
    common = Parser(add_help=False)
    _common(common)
    if isinstance(commands, Sought):
        commands.make = lambda name: _commands(_Maker(commands, common, name))
        _commands(Names(commands))
    else:
        _commands(_Maker(commands, common))
    return parser


def _commands(made: _Maker) -> None:
    """All commands, one after the other."""
    _starting(made)
    _accounts(made)
    _mail(made)
    inquiry_options.inquiries(made, _number)
    inquiry_options.guests(made, _number)
    privacy_options.retention(made, _number)
    inquiry_options.memos(made, _number)
    reservation_options.reservations(made, _number)
    folio_options.options(made, _number)
    money_options.options(made, _number)
    event_options.options(made, _number)
    feedback_options.options(made, _number)
    quality_options.options(made, _number)
    reminder_options.options(made, _number)
    watch_options.options(made, _number, _FILES)
    report_options.options(made, _FILES)
    package_options.options(made, _number)
    notice_options.options(made, _number)
    _searching(made)
    triage_options.triage(made, _number)
    _histories(made)
    _templates(made)
    _colleagues(made)
    team_options.options(made)
    ticket_options.options(made, _number)
    timer_options.options(made, _number)
    _keeping(made)


class _Version(Action):
    """Prints the version; the package is asked only then."""

    def __call__(self, parser: ArgumentParser, *_args: Any) -> None:
        from crm_tui import __version__

        Output(as_json=False).line(f"crm-tui {__version__}")
        parser.exit()


def _common(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(_("options of every command"))
    add = group.add_argument
    home = add("--home", metavar="DIR", default=SUPPRESS, help=_("where store and settings live (or CRM_TUI_HOME)"))
    home.complete = _FOLDERS  # type: ignore[attr-defined]
    add("--db", metavar="URL", default=SUPPRESS, help=_("another store"))
    add("--agent", metavar="NAME", default=SUPPRESS, help=_("who is at the desk"))
    add("--pin-stdin", action="store_true", default=SUPPRESS, help=_("read the agent's PIN from standard input"))
    add("--json", action="store_true", default=SUPPRESS, help=_("one JSON object a line"))
    add("--debug", action="store_true", default=SUPPRESS, help=_("show tracebacks"))
    add("--readonly", action="store_true", default=SUPPRESS, help=_("change nothing"))


def _starting(made: _Maker) -> None:
    demo = made.command("demo", "demo:demo", _("a sample hotel with its own mail server on loopback"))
    demo.add_argument("--messages", type=_number, default=0, metavar="N", help=_("at least so many mails"))
    demo.add_argument("--reset", action="store_true", help=_("begin anew"))
    demo.add_argument("--no-desk", action="store_true", help=_("prepare the sample hotel and leave"))
    init = made.command("init", "setup:init", _("set up the desk of a property"), _NeedsAgent)
    init.add_argument("--property", required=True, metavar="NAME", help=_("name of the hotel or agency"))
    init.add_argument("--timezone", required=True, metavar="ZONE", help=_("like Europe/Madrid"))
    init.add_argument("--currency", required=True, metavar="CODE", help=_("like EUR"))
    init.add_argument("--languages", default="en", metavar="LIST", help=_("of the guests, like es,en,fr"))
    init.add_argument("--login", default="", metavar="USER", help=_("the system user who is this agent"))
    completion = made.command("completion", "completion:completion", _("completion for a shell, to be sourced"))
    completion.add_argument("shell", choices=SHELLS)


def _accounts(made: _Maker) -> None:
    accounts = made.group("account", _("link mail accounts"))
    _account_add(accounts.command("add", "accounts:add", _("link an account; tests both ends before it is saved")))
    accounts.command("list", "accounts:list_accounts", _("the linked accounts and how they stand"))
    for name, text in (("test", _("log in to both ends")), ("remove", _("unlink an account; its mail stays"))):
        parser = accounts.command(name, f"accounts:{name}", text)
        parser.add_argument("account", metavar="ADDRESS", help=_("address or number of the account"))
        if name == "remove":
            parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    sync = made.command("sync", "sync:sync", _("fetch new mail once"))
    sync.add_argument("--account", default="", metavar="ADDRESS", help=_("this account only"))
    made.command("engine", "sync:engine", _("background work without a screen, until it is stopped"))


def _account_add(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--address", default="", metavar="A", help=_("the mail address"))
    add("--name", default="", metavar="N", help=_("display name of outgoing mail"))
    add("--user", default="", metavar="U", help=_("login; the address if not given"))
    for end in ("imap", "smtp"):
        add(f"--{end}-host", default="", metavar="H", help=_("known for many providers"))
        add(f"--{end}-port", type=_number, default=0, metavar="P")
        add(f"--{end}-security", choices=_SECURITY, default="")
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))
    secret.add_argument("--password-command", default="", metavar="CMD", help=_("a command that prints the password"))
    secret.add_argument("--token-command", default="", metavar="CMD", help=_("a command that prints an XOAUTH2 token"))


def _mail(made: _Maker) -> None:
    importing = made.group("import", _("bring in what was kept elsewhere"))
    mail = importing.command("mail", "importing:mail", _(".eml files, mbox files and Maildirs"))
    _files(mail, "paths", nargs="+", help_text=_("files and folders"))
    file_options.import_guests(importing, _files)
    exporting = made.group("export", _("take out what the desk knows"))
    file_options.export_guests(exporting, _files)
    reservation_options.exchange(importing, exporting, _files)
    listing = made.command("list", "mail:list_place", _("a folder, the guests, the accounts or the agents"))
    listing.add_argument("place", metavar=_("FOLDER"), choices=LISTS, type=_place, help=", ".join(LISTS))
    listing.add_argument("--limit", type=_number, default=None, metavar="N", help=_("at most so many; 0: all"))
    listing.add_argument("--unanswered", action="store_true", help=_("only those with an open turn"))
    listing.add_argument("--unread", action="store_true", help=_("only messages of colleagues that were not read"))
    listing.add_argument(
        "--status", default="", metavar="STATUS", help=_("the inquiries themselves: open, all, or a status")
    )
    listing.add_argument(
        "--handler",
        dest="handled_by",
        default="",
        metavar="AGENT",
        help=_("the inquiries themselves: of an agent, me or nobody"),
    )
    guest_list_options.options(listing)
    reservation_options.listing(listing)
    show = made.command("show", "mail:show", _("a conversation, a message, an inquiry, a guest or a reservation"))
    show.add_argument("kind", choices=("conversation", "message", "inquiry", "guest", "reservation"))
    show.add_argument("id", type=_number_or_code, metavar="ID", help=_("its number; of a reservation its code will do"))
    show.add_argument(
        "--history",
        type=_number,
        default=None,
        metavar="N",
        help=_("of a guest so many entries of the history; 0: none"),
    )
    show.add_argument(
        "--kind", dest="kinds", action="append", metavar="KIND", help=_("of a guest only this kind of entry")
    )
    show.add_argument("--raw", action="store_true", help=_("the source of a message"))


def _searching(made: _Maker) -> None:
    search = made.command("search", "searching:search", _("search in mail, inquiries and guests"))
    search.add_argument(
        "query", nargs="*", metavar="QUERY", help=_('words, "phrases", from: subject: guest: before: …')
    )
    search.add_argument("--limit", type=_number, default=None, metavar="N", help=_("at most so many"))
    search.add_argument("--view", default="", metavar="NAME", help=_("one of your saved views instead of a query"))
    demand = made.command("demand", "recalling:demand", _("how many inquiries ask for each day of a month"))
    demand.add_argument("--month", default="", metavar="YYYY-MM", help=_("this month if not given"))
    recall = made.command("recall", "recalling:recall", _("who on the waitlist asked for days that are free now"))
    recall.add_argument("--from", dest="first", required=True, metavar="DAY", help=_("the first free night"))
    recall.add_argument("--to", dest="last", required=True, metavar="DAY", help=_("the last free night"))
    recall.add_argument("--lost", action="store_true", help=_("lost inquiries too"))
    recall.add_argument("--draft", action="store_true", help=_("draft a mail to those who may be written to"))
    recall.add_argument("--inquiry", type=_number, action="append", metavar="ID", help=_("draft to this one only"))
    recall.add_argument("--template", default="", metavar="NAME", help=_("another template than that for recalls"))
    group = made.group("attribute", _("what guests are tagged with"))
    group.command("list", "searching:list_attributes", _("the attributes, and how many guests have them"))
    adding = group.command("add", "searching:add_attribute", _("put one on the list"))
    adding.add_argument("name", metavar="NAME")
    renaming = group.command("rename", "searching:rename_attribute", _("call one otherwise; its guests keep it"))
    renaming.add_argument("attribute", metavar="ATTRIBUTE", help=_("its number or its name"))
    renaming.add_argument("name", metavar="NAME")
    merging = group.command("merge", "searching:merge_attributes", _("make one of two: guests of A get B"))
    merging.add_argument("attribute", metavar="A", help=_("the one that goes: its number or its name"))
    merging.add_argument("into", metavar="B", help=_("the one that stays"))
    removing = group.command("remove", "searching:remove_attribute", _("take one off the list"))
    removing.add_argument("attribute", metavar="ATTRIBUTE", help=_("its number or its name"))
    tagging = group.command("tag", "searching:tag_guest", _("tag a guest, or take it away"))
    tagging.add_argument("attribute", metavar="ATTRIBUTE", help=_("its number or its name"))
    tagging.add_argument("guest", type=_number, metavar="ID", help=_("number of the guest"))
    tagging.add_argument("--remove", action="store_true", help=_("take the attribute away"))


def _colleagues(made: _Maker) -> None:
    message = made.command("message", "messages:send", _("write to a colleague about something; no guest sees it"))
    message.add_argument("to", metavar="AGENT", help=_("the agent's name"))
    message.add_argument("text", metavar="TEXT", help=_("what to say; - reads it from standard input"))
    about = message.add_mutually_exclusive_group(required=True)
    about.add_argument("--conversation", type=_number, default=None, metavar="ID", help=_("what it is about"))
    about.add_argument("--inquiry", type=_number, default=None, metavar="ID", help=_("what it is about"))
    about.add_argument("--guest", type=_number, default=None, metavar="ID", help=_("what it is about"))


def _histories(made: _Maker) -> None:
    journal = made.command("journal", "journal:journal", _("who changed what when; for managers"))
    journal.add_argument("--by", default="", metavar="NAME", help=_("who did it; engine: the desk by itself"))
    journal.add_argument("--thing", default="", metavar="KIND[:ID]", help=_("like guest, or guest:12"))
    journal.add_argument("--action", default="", metavar="WORD", help=_("like create, change, assign"))
    journal.add_argument("--from", dest="first", default="", metavar="DAY", help=_("the first day"))
    journal.add_argument("--to", dest="last", default="", metavar="DAY", help=_("the last day"))
    journal.add_argument("--words", default="", metavar="WORDS", help=_("in what it was before or after"))
    journal.add_argument("--limit", type=_number, default=None, metavar="N", help=_("at most so many; 0: all"))
    undoing = made.command("undo", "undo:undo", _("take back what you did last"))
    undoing.add_argument("--dry-run", action="store_true", help=_("only say what it would be"))
    telling = made.command("history", "undo:history", _("who did what when: comments and changes"))
    telling.add_argument("kind", choices=("conversation", "inquiry", "guest", "reservation"))
    telling.add_argument("id", metavar="ID", help=_("its number; of a reservation its code will do as well"))
    telling.add_argument("--only", choices=("all", "comments", "changes"), default="all", help=_("which entries"))
    telling.add_argument("--newest-first", action="store_true", help=_("turn it round"))
    telling.add_argument("--limit", type=_number, default=None, metavar="N", help=_("at most so many"))


def _templates(made: _Maker) -> None:
    group = made.group("template", _("texts for replies, with variables"))
    listing = group.command("list", "templates:list_templates", _("the templates by purpose and language"))
    listing.add_argument("--language", default="", metavar="CODE", help=_("only in this language"))
    listing.add_argument("--archived", action="store_true", help=_("those put away"))
    show = group.command("show", "templates:show", _("a template, or what it becomes for a guest"))
    show.add_argument("template", metavar="TEMPLATE", help=_("its number or its name"))
    show.add_argument("--language", default="", metavar="CODE", help=_("where several languages have the name"))
    show.add_argument("--conversation", type=_number, default=0, metavar="ID", help=_("filled in for this guest"))
    setting = group.command("set", "templates:set_template", _("write a new template, or change one"))
    setting.add_argument("template", nargs="?", default="", metavar="ID", help=_("number of the one to change"))
    for name, text in (("name", _("its name")), ("language", _("its language")), ("category", _("its purpose"))):
        setting.add_argument(f"--{name}", default=None, metavar=name.upper(), help=text)
    setting.add_argument("--subject", default=None, metavar="TEXT", help=_("subject, may have variables"))
    body = setting.add_argument(
        "--body", default=None, metavar="FILE", help=_("file with the text; - is standard input")
    )
    body.complete = _FILES  # type: ignore[attr-defined]
    setting.add_argument("--version", type=_number, default=0, metavar="N", help=_("refuse if it was changed since"))
    for name, text in (("archive", _("put a template away")), ("restore", _("take it out of the archive"))):
        group.command(name, f"templates:{name}", text).add_argument("template", metavar="ID", type=_number)
    group.command("starter", "templates:starter", _("put the starter set in, as far as it was never there"))


def _keeping(made: _Maker) -> None:
    backup = made.command("backup", "keeping:backup", _("copy the store while the desk runs"))
    _files(backup, "file")
    backup.add_argument("--yes", action="store_true", help=_("overwrite an earlier backup"))
    restore = made.command("restore", "keeping:restore", _("put a backup in the place of the store"))
    _files(restore, "file")
    restore.add_argument("--yes", action="store_true", help=_("replace a store that is there"))
    check = made.command("check", "keeping:check", _("verify database, search index, cursors, counters and sums"))
    check.add_argument("--mend", action="store_true", help=_("reckon anew what is due, where it is wrong"))
    made.command("doctor", "keeping:doctor", _("what this desk runs on, and what is wrong with it"))


def _files(parser: ArgumentParser, name: str, *, nargs: str | None = None, help_text: str = "") -> None:
    action = parser.add_argument(name, metavar=name.removesuffix("s").upper(), nargs=nargs, help=help_text or None)
    action.complete = _FILES  # type: ignore[attr-defined]


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ArgumentTypeError(_("{text!r} is not a whole number").format(text=text))
    return int(text)


def _number_or_code(text: str) -> int | str:
    """A code keeps its zeros: ``007`` is no 7."""
    return text if text.startswith("0") or not text.isascii() or not text.isdecimal() else _number(text)


def _place(text: str) -> str:
    return next((name for name in LISTS if name.casefold() == text.casefold()), text)
