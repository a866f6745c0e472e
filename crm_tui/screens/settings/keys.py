"""Every key of the desk in one list, with the clashes and what is wrong in the keymap file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from crm_tui.base.errors import SettingsError
from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.widgets.actions import REGISTRY, Action, keys_sign, scope_title
from crm_tui.widgets.dialogs import DialogBox, DialogTitle, folded
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.keymap import clashes, load_keymap

Parts = list[Content | str | tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action and its keys: those of the keymap file if it names them; ``rival`` shares one of them."""

    action: Action
    keys: str
    changed: bool
    rival: str = ""


def key_rows(actions: Iterable[Action], keymap: Mapping[str, str]) -> list[KeyRow]:
    """Every action with its keys, in the order of declaration, clashes marked on both sides."""
    known = list(actions)
    rivals: dict[str, str] = {}
    for _key, one, other in clashes(known, keymap):
        rivals[one.id] = _(other.label)
        rivals[other.id] = _(one.label)
    return [
        KeyRow(action, keymap.get(action.id, action.key), action.id in keymap, rivals.get(action.id, ""))
        for action in known
    ]


class KeysView(ModalScreen[None]):
    """The keys by where they work; a few letters narrow the list.

    Args:
        path: the keymap file.
    """

    DEFAULT_CSS = """
    KeysView {
        align: center middle;
        DialogBox { width: 94%; max-width: 110; height: 92%; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        #keys { height: auto; }
        #wrong { height: auto; }
    }
    """

    BINDINGS = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("down", "scroll(1)", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False, priority=True),
        Binding("pagedown", "scroll(12)", show=False, priority=True),
        Binding("pageup", "scroll(-12)", show=False, priority=True),
    ]

    def __init__(self, path: Path, actions: Sequence[Action] | None = None) -> None:
        super().__init__()
        self._path = path
        known = REGISTRY.all() if actions is None else list(actions)
        self._wrong = ""
        try:
            keymap = load_keymap(path, known)
        except SettingsError as error:
            self._wrong, keymap = str(error), {}
        self._rows = key_rows(known, keymap)

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("Keys"))
            yield Static(Content.styled(str(self._path), "dim"), classes="dialog--path")
            yield SearchLine(placeholder=_("Type a few letters of an action or its key"))
            yield Static(Content.assemble(("✕ ", "bold $text-error"), self._wrong) if self._wrong else "", id="wrong")
            with VerticalScroll(can_focus=False):
                yield Static("", id="keys")
            yield Static("", classes="dialog--keys")

    def on_mount(self) -> None:
        """All of them first."""
        self.query_one("#wrong").display = bool(self._wrong)
        self.query_one(SearchLine).focus()
        self._fill("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, query: str) -> None:
        wanted = folded(query.strip())
        rows = [row for row in self._rows if wanted in folded(_words(row))]
        parts: Parts = []
        scope = None
        scopes = list(dict.fromkeys(row.action.scope for row in self._rows))
        for row in sorted(rows, key=lambda row: scopes.index(row.action.scope)):
            if row.action.scope != scope:
                scope = row.action.scope
                parts.append((("\n" if parts else "") + scope_title(scope) + "\n", "bold $primary"))
            parts += _line(row)
        self.query_one("#keys", Static).update(Content.assemble(*parts))
        clashing = sum(1 for row in self._rows if row.rival)
        found = _("{found} of {all}").format(found=len(rows), all=len(self._rows))
        trouble = ngettext("✕ {n} clash", "✕ {n} clashes", clashing // 2 or 1).format(n=clashing // 2 or 1)
        state = trouble if clashing else _("✔ no clash")
        words = f"{found} · {state} · " + _('write "action" = "key" to change one')
        self.query_one(".dialog--keys", Static).update(Content(words))

    def action_scroll(self, by: int) -> None:
        """Move the list while the cursor stays in the line."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


def _words(row: KeyRow) -> str:
    return f"{row.action.id} {_(row.action.label)} {_(row.action.tooltip)} {row.keys}"


def _line(row: KeyRow) -> Parts:
    sign = keys_sign(row.keys)
    line: Parts = [
        (f"  {sign:<10}", "bold"),
        Content(_(row.action.label)).truncate(18, ellipsis=True, pad=True),
        (f" {row.action.id:<24}", "dim"),
    ]
    if row.changed:
        line.append((_(" ✎ yours"), "$text-accent"))
    if row.rival:
        line.append((_(" ✕ also {label}").format(label=row.rival), "bold $text-error"))
    line.append("\n")
    return line
