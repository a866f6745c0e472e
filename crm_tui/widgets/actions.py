"""The action registry: every action is declared once and feeds bindings, footer, palette, help and keymap.

A screen or widget declares its actions at import and turns them into Textual bindings::

    ACTIONS = declare(
        Action("mail.reply", "r", N_("Reply"), N_("Answer the sender"), scope="mail", show=True),
    )

    class MailScreen(DeskScreen):
        BINDINGS = bindings(ACTIONS)

        def action_reply(self) -> None: ...
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from crm_tui.base.i18n import _

EVERYWHERE = "desk"
"""The scope of actions that work on every screen of the desk."""

WIDGET_SCOPES = {"list", "tree", "message", "calendar"}
"""Scopes of widgets that take the focus from each other, so that only one of them acts at a time."""

PART_SCOPES = {
    "inquiry-guests": "inquiry",
    "inquiry-memos": "inquiry",
    "inquiry-reminders": "inquiry",
    **dict.fromkeys(
        (f"reservation-{part}" for part in ("guests", "money", "flights", "mail", "memos", "reminders")), "reservation"
    ),
    "guest-history": "guest",
    "start-mail": "start",
    "start-departures": "start",
    "start-payments": "start",
    "start-reminders": "start",
    "start-complaints": "start",
}
"""Scopes of widgets that stand on one screen only, to the scope of that screen."""

WIDGETS_OF: dict[str, set[str]] = {
    "guest": {"list"},
    "start": {"list", "tree"},
    "merge": set(),
    "files": {"list"},
    "handover": {"list"},
    "working": {"list"},
    "reservation": {"list"},
    "reservation-import": {"list"},
    "departures": {"list"},
    "payments": {"list"},
    "report": {"list"},
    "reports": {"list"},
    "statement": {"list"},
    "folios": set(),
    "figures": {"list"},
    "relations": {"list"},
    "journal": set(),
}
"""Scopes of screens that hold only some of those widgets: the keys of the others are theirs to use."""

FORM_SCOPES = {"form", "settings", "compose", "search", "template", "entries"}
"""Scopes in which letters are typed; only ctrl and function keys act there."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done at the desk.

    Attributes:
        id: unique, ``scope.verb`` with hyphens; what the keymap file names.
        key: the default key or keys, comma separated, in Textual's names or as the character.
        label: one or two words for the footer (marked with ``N_``).
        tooltip: what it does, a short phrase for help and palette (marked with ``N_``).
        scope: where it works; keys may not clash inside a scope nor with ``EVERYWHERE``.
        group: heading in the help; empty: the scope's.
        show: whether it is offered in the footer.
        destructive: it cannot be undone, so it asks first.
        palette: whether the palette finds it.
        call: the Textual action; empty: the last part of the id with underscores.
        priority: it works even where a focused widget would take the key.
        instead: the id of an action of everywhere whose key it takes over, because there it means the same of something else.
    """

    id: str
    key: str
    label: str
    tooltip: str = ""
    scope: str = EVERYWHERE
    group: str = ""
    show: bool = False
    destructive: bool = False
    palette: bool = True
    call: str = ""
    priority: bool = False
    instead: str = ""

    @property
    def textual_action(self) -> str:
        """The action string that Textual runs in the namespace of the declaring class."""
        return self.call or self.id.rsplit(".", 1)[-1].replace("-", "_")


class ActionRegistry:
    """All declared actions by id."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}

    def add(self, action: Action) -> None:
        """Register an action; the same declaration twice is fine, another one under the same id is a bug."""
        known = self._actions.setdefault(action.id, action)
        if known != action:
            raise ValueError(f"action {action.id!r} is declared twice")

    def get(self, action_id: str | None) -> Action | None:
        """The action of an id, or ``None``."""
        return self._actions.get(action_id or "")

    def all(self) -> list[Action]:
        """All actions, in the order of their declaration."""
        return list(self._actions.values())


REGISTRY = ActionRegistry()
"""The registry of the program: filled by ``declare`` when the modules of screens and widgets are imported."""


def declare(*actions: Action) -> tuple[Action, ...]:
    """Register actions and return them, to be handed to :func:`bindings`."""
    for action in actions:
        REGISTRY.add(action)
    return actions


def bindings(*groups: Iterable[Action]) -> list[BindingType]:
    """Textual bindings of the actions; their ids are what the keymap remaps."""
    return [
        Binding(
            action.key,
            action.textual_action,
            action.label,
            show=action.show,
            tooltip=action.tooltip,
            id=action.id,
            priority=action.priority,
        )
        for group in groups
        for action in group
    ]


_KEY_SIGNS = {
    "escape": "esc",
    "question_mark": "?",
    "exclamation_mark": "!",
    "asterisk": "*",
    "slash": "/",
    "space": "space",
    "enter": "enter",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "comma": ",",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "number_sign": "#",
    "ampersand": "&",
    "at": "@",
    "colon": ":",
    "semicolon": ";",
    "underscore": "_",
    "tilde": "~",
    "vertical_line": "|",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
}


def key_sign(key: str) -> str:
    """How a key is written for people: ``ctrl+p`` is ``^p``, ``question_mark`` is ``?``."""
    *modifiers, name = key.split("+") if key != "+" else ["+"]
    sign = _KEY_SIGNS.get(name, name)
    prefix = "".join({"ctrl": "^", "shift": "⇧", "alt": "alt-"}.get(modifier, modifier + "-") for modifier in modifiers)
    return prefix + (sign.upper() if name.startswith("f") and name[1:].isdigit() else sign)


def keys_sign(keys: str) -> str:
    """How the first two keys of a comma-separated list are written."""
    return " ".join(key_sign(key.strip()) for key in keys.split(",")[:2])


def scope_title(scope: str) -> str:
    """The heading of a scope's actions in the help."""
    titles = {
        "desk": _("Everywhere"),
        "list": _("In lists"),
        "mail": _("Mail"),
        "history": _("History"),
        "message": _("Reading"),
        "start": _("Start"),
        "start-mail": _("Mail of the start screen"),
        "start-departures": _("Departures of the start screen"),
        "start-payments": _("Payments of the start screen"),
        "start-reminders": _("Reminders of the start screen"),
        "start-complaints": _("Complaints of the start screen"),
        "entries": _("In lists of addresses and numbers"),
        "search": _("Search"),
        "views": _("Saved views"),
        "recall": _("Recall"),
        "calendar": _("In the calendar"),
        "form": _("In forms"),
        "compose": _("Writing"),
        "outbox": _("Outbox"),
        "internal": _("Internal messages"),
        "run": _("Triage run"),
        "accounts": _("Accounts"),
        "team": _("Team"),
        "journal": _("Journal"),
        "templates": _("Templates"),
        "privacy": _("Privacy"),
        "erase": _("Erasing a guest"),
        "template": _("Writing a template"),
        "duplicates": _("Duplicates"),
        "merge": _("Merging guests"),
        "inquiries": _("Inquiries"),
        "inquiry": _("Inquiry"),
        "guest-list": _("Guests"),
        "departures": _("Departures"),
        "payments": _("Payments"),
        "reservation-list": _("Reservations"),
        "reservation-import": _("Import of reservations"),
        "inquiry-guests": _("Its guests"),
        "packages": _("Packages"),
        "package": _("Package"),
        "mailing-new": _("Before a mailing"),
        "mailings": _("Mailings"),
        "mailing": _("Mailing"),
        "lists": _("Lists"),
        "files": _("Files"),
        "schedule": _("Schedule"),
        "operators": _("Operators"),
        "terms": _("Payment terms"),
        "statement": _("Bank statement"),
        "reports": _("Reports"),
        "report": _("Report"),
        "relations": _("Guest relations"),
        "given": _("Items given"),
        "working": _("Working time"),
        "settings": _("Settings"),
        "handover": _("Shift handover"),
        "inquiry-memos": _("Its memos"),
        "inquiry-reminders": _("Its reminders"),
        "guest": _("Guest"),
        "folios": _("Folios"),
        "guest-history": _("In the history of a guest"),
        "reminders": _("Reminders"),
        "tickets": _("Tickets"),
        "figures": _("Figures of tickets"),
        "reservation": _("Reservation"),
        "reservation-guests": _("Its guests"),
        "reservation-money": _("Its money"),
        "reservation-flights": _("Its flights"),
        "reservation-mail": _("Its mail"),
        "reservation-memos": _("Its memos"),
        "reservation-reminders": _("Its reminders"),
    }
    return titles.get(scope, scope.replace("-", " ").capitalize())
