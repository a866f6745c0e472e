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

from crm_tui.base.i18n import N_, _

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


_SCOPE_TITLES = {
    "desk": N_("Everywhere"),
    "list": N_("In lists"),
    "mail": N_("Mail"),
    "history": N_("History"),
    "message": N_("Reading"),
    "start": N_("Start"),
    "start-mail": N_("Mail of the start screen"),
    "start-departures": N_("Departures of the start screen"),
    "start-payments": N_("Payments of the start screen"),
    "start-reminders": N_("Reminders of the start screen"),
    "start-complaints": N_("Complaints of the start screen"),
    "entries": N_("In lists of addresses and numbers"),
    "search": N_("Search"),
    "views": N_("Saved views"),
    "recall": N_("Recall"),
    "calendar": N_("In the calendar"),
    "form": N_("In forms"),
    "compose": N_("Writing"),
    "outbox": N_("Outbox"),
    "internal": N_("Internal messages"),
    "run": N_("Triage run"),
    "accounts": N_("Accounts"),
    "team": N_("Team"),
    "journal": N_("Journal"),
    "templates": N_("Templates"),
    "privacy": N_("Privacy"),
    "erase": N_("Erasing a guest"),
    "template": N_("Writing a template"),
    "duplicates": N_("Duplicates"),
    "merge": N_("Merging guests"),
    "inquiries": N_("Inquiries"),
    "inquiry": N_("Inquiry"),
    "guest-list": N_("Guests"),
    "departures": N_("Departures"),
    "payments": N_("Payments"),
    "reservation-list": N_("Reservations"),
    "reservation-import": N_("Import of reservations"),
    "inquiry-guests": N_("Its guests"),
    "packages": N_("Packages"),
    "package": N_("Package"),
    "mailing-new": N_("Before a mailing"),
    "mailings": N_("Mailings"),
    "mailing": N_("Mailing"),
    "lists": N_("Lists"),
    "files": N_("Files"),
    "schedule": N_("Schedule"),
    "operators": N_("Operators"),
    "terms": N_("Payment terms"),
    "statement": N_("Bank statement"),
    "reports": N_("Reports"),
    "report": N_("Report"),
    "relations": N_("Guest relations"),
    "given": N_("Items given"),
    "working": N_("Working time"),
    "settings": N_("Settings"),
    "handover": N_("Shift handover"),
    "inquiry-memos": N_("Its memos"),
    "inquiry-reminders": N_("Its reminders"),
    "guest": N_("Guest"),
    "folios": N_("Folios"),
    "guest-history": N_("In the history of a guest"),
    "reminders": N_("Reminders"),
    "tickets": N_("Tickets"),
    "figures": N_("Figures of tickets"),
    "reservation": N_("Reservation"),
    "reservation-guests": N_("Its guests"),
    "reservation-money": N_("Its money"),
    "reservation-flights": N_("Its flights"),
    "reservation-mail": N_("Its mail"),
    "reservation-memos": N_("Its memos"),
    "reservation-reminders": N_("Its reminders"),
}


def scope_title(scope: str) -> str:
    """The heading of a scope's actions in the help."""
    return _(_SCOPE_TITLES[scope]) if scope in _SCOPE_TITLES else scope.replace("-", " ").capitalize()
