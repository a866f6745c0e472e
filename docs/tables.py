"""Writes the pages that are lists of what the program knows: ``python -m docs.tables``.

``keys.md`` comes from the action registry, ``settings.md`` from the settings' own descriptions; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from crm_tui.base.settings import Settings
from crm_tui.screens import catalog
from crm_tui.widgets.actions import REGISTRY, Action, key_sign, scope_title

PAGES = Path(__file__).parent
_SCOPES = (
    "desk",
    "list",
    "tree",
    "mail",
    "message",
    "run",
    "history",
    "reminders",
    "journal",
    "inquiries",
    "inquiry",
    "inquiry-guests",
    "inquiry-memos",
    "inquiry-reminders",
    "inquiry-history",
    "guest-list",
    "guest",
    "guest-history",
    "guest-form",
    "reservation-list",
    "reservation",
    "reservation-guests",
    "reservation-money",
    "reservation-flights",
    "reservation-mail",
    "reservation-memos",
    "reservation-reminders",
    "reservation-import",
    "folios",
    "payments",
    "departures",
    "tickets",
    "figures",
    "relations",
    "given",
    "working",
    "settings",
    "reports",
    "report",
    "journal",
    "notices",
    "schedule",
    "operators",
    "terms",
    "statement",
    "duplicates",
    "merge",
    "packages",
    "package",
    "mailing-new",
    "mailings",
    "mailing",
    "lists",
    "files",
    "privacy",
    "erase",
    "start",
    "start-mail",
    "start-departures",
    "start-payments",
    "start-reminders",
    "start-complaints",
    "handover",
    "search",
    "views",
    "recall",
    "calendar",
    "compose",
    "outbox",
    "drafts",
    "internal",
    "accounts",
    "team",
    "templates",
    "template",
    "entries",
    "form",
)
_TITLES = {"tree": "In the left pane", "drafts": "Drafts"}
_WHERE = {
    "form.commit": "",
    "settings.keys": "Settings: ",
    "account.servers": "Linking an account: ",
    "account.test": "Linking an account: ",
    "account.save-anyway": "Linking an account: ",
    "setup.sample": "Setting up: ",
}
_KEYS_HEAD = """# The keys

Every key and the name of its action, which [keymap.toml](keymap.md) uses. This page is written by `make tables` from the program itself.

`^p` is Ctrl and p held together, `⇧Tab` Shift and Tab; a capital letter is Shift and the letter. No key needs AltGr. `?` shows the keys
of the screen you are on; where letters are typed (forms, search, writing) `F1` does.
"""
_SETTINGS_HEAD = """# The settings

They are on the settings screen (`g`, then `,`) and in `settings.toml`; `crm-tui doctor` says where that file is. The file needs to name only
what differs from the default. This page is written by `make tables` from the program itself.

    # settings.toml
    theme = "desk-light"
    after_send = "Waitlist"
    undo_seconds = 20

| name | default | values | what it is |
|---|---|---|---|
"""
_SETTINGS_FOOT = """
The colours and what concerns sending take effect at once, agent and language at the next start. A wrong name or value is told at the
start with its line and what would be right; nothing is guessed.
"""


def keys_page() -> str:
    """``keys.md``: a table for each scope, then the letters of the go-to menu."""
    catalog.load_all_actions()
    actions = REGISTRY.all()
    unknown = {action.scope for action in actions} - set(_SCOPES)
    if unknown:
        raise ValueError(f"scopes without a place on the page: {unknown}")
    parts = [_KEYS_HEAD]
    for scope in _SCOPES:
        title = _TITLES.get(scope) or scope_title(scope)
        parts.append(f"## {title}\n\n" + _table(sorted((a for a in actions if a.scope == scope), key=lambda a: a.id)))
    rows = "".join(
        f"| {_code(place.letter)} | {place.label} | {_code(place.mode) if place.mode else ''} |\n"
        for place in catalog.PLACES
    )
    parts.append(f"## After `g`\n\n| letter | goes to | also |\n|---|---|---|\n{rows}")
    return "\n".join(parts)


def settings_page() -> str:
    """``settings.md``: one line a setting."""
    rows = []
    for item in fields(Settings):
        choices, low, high = (item.metadata[name] for name in ("choices", "low", "high"))
        values = ", ".join(f"`{choice}`" for choice in choices) or (f"{low} to {high}" if high else "")
        if isinstance(item.default, bool):
            values = "`true`, `false`"
        rows.append(f"| `{item.name}` | {_default(item.default)} | {values} | {item.metadata['help']} |\n")
    return _SETTINGS_HEAD + "".join(rows) + _SETTINGS_FOOT


def _table(actions: Iterable[Action]) -> str:
    rows = []
    for action in actions:
        signs = " ".join(_code(key_sign(key.strip())) for key in action.key.split(","))
        what = (_WHERE.get(action.id, "") + (action.tooltip or action.label)).replace("|", "\\|")
        rows.append(f"| {signs} | {what} | `{action.id}` |\n")
    return "| key | what it does | action |\n|---|---|---|\n" + "".join(rows)


def _code(text: str) -> str:
    return "`` ` ``" if text == "`" else f"`{text}`".replace("|", "\\|")


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) and value else f"`{value}`" if value != "" else "empty"


def main() -> int:
    """Write both pages."""
    (PAGES / "keys.md").write_text(keys_page(), encoding="utf-8")
    (PAGES / "settings.md").write_text(settings_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
