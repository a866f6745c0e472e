"""The keys that work on this screen, grouped, with the present keymap."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.actions import REGISTRY, key_sign, scope_title
from crm_tui.widgets.cells import fit, wrap

KEYS = 12
"""Cells for the keys of an action."""

KeyList = dict[str, list[tuple[str, str]]]


def keys_of(screen: Screen[object]) -> KeyList:
    """Group heading to (keys, what they do), of all that works on a screen now."""
    by_action: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id and active.enabled:
            by_action.setdefault(active.binding.id, []).append(key)
    groups: KeyList = {}
    for action_id in by_action:  # what has the focus first; not the order in which modules happened to be imported
        action = REGISTRY.get(action_id)
        if action is not None:
            heading = _(action.group) or scope_title(action.scope)
            keys = " ".join(key_sign(key) for key in by_action[action.id][:3])
            groups.setdefault(heading, []).append((keys, _(action.tooltip) or _(action.label)))
    return groups


class HelpScreen(Dialog[None]):
    """Lists the keys; Esc, ``?`` or ``q`` closes."""

    BINDINGS = [
        ("question_mark,f1,q,enter", "close", ""),
        ("down,j", "scroll_keys(1)", ""),
        ("up,k", "scroll_keys(-1)", ""),
        ("pagedown,space", "scroll_keys(15)", ""),
        ("pageup", "scroll_keys(-15)", ""),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 40%; }
    HelpScreen > Vertical { width: 96%; max-width: 120; height: auto; max-height: 94%; padding: 0 1;
        background: $panel; border: round $primary; border-title-color: $primary; border-title-style: bold;
        border-subtitle-color: $desk-muted; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    HelpScreen Static { height: auto; }
    """

    def __init__(self, keys: KeyList, signs: list[tuple[str, str]]) -> None:
        super().__init__()
        self._keys, self._signs = keys, signs

    def compose(self) -> ComposeResult:
        """Two columns of groups where there is room, then the meaning of the signs."""
        with Vertical() as box:
            box.border_title = Content(" " + _("Keys of this screen") + " ")
            box.border_subtitle = Content(" " + _("esc closes · keys can be changed in keymap.toml") + " ")
            with VerticalScroll(can_focus=False):
                yield Static(self._text())

    def action_scroll_keys(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _text(self) -> Content:
        width = min(120, int(self.app.size.width * 0.96)) - 6
        columns = 2 if width >= 70 else 1
        blocks = [self._block(heading, rows, width // columns) for heading, rows in self._keys.items()]
        if self._signs:
            blocks.append(self._block(_("Signs"), self._signs, width // columns))
        blank = Content(" " * (width // columns))
        sides: list[list[Content]] = [[] for _side in range(columns)]
        for block in blocks:
            min(sides, key=len).extend([*block, blank])
        height = max(len(side) for side in sides) - 1
        lines = [
            Content.assemble(*(side[row] if row < len(side) else blank for side in sides)) for row in range(height)
        ]
        return Content("\n").join(lines)

    def _block(self, heading: str, rows: list[tuple[str, str]], width: int) -> list[Content]:
        lines = [Content.styled(fit(heading, width), "bold $accent")]
        for keys, text in rows:
            for number, (start, end) in enumerate(wrap(text, width - KEYS - 3)):
                sign = fit("" if number else keys, KEYS, right=True)
                lines.append(Content.assemble((sign, "bold $primary"), fit("  " + text[start:end], width - KEYS)))
        return lines
