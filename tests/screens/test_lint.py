"""No string from outside may reach an API of Textual that parses markup (QUALITY S2), as far as the source can tell.

Only texts that the program itself writes may be plain strings there; anything computed has to be wrapped in ``Content``.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest
from textual.message_pump import MessagePump

import crm_tui.screens
import crm_tui.widgets

PACKAGE = Path(__file__).parents[2] / "crm_tui"
FILES = [
    path
    for room in ("screens", "widgets", "app.py")
    for path in ([PACKAGE / room] if room.endswith(".py") else sorted((PACKAGE / room).rglob("*.py")))
]

PARSING_WIDGETS = {
    "Static",
    "Label",
    "Button",
    "Checkbox",
    "RadioButton",
    "Collapsible",
    "Link",
    "Option",
    "Tab",
    "TabPane",
}
PARSING_CALLS = {"from_markup", "update", "set_label", "add_option", "add_options"}
PARSING_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
CONTENT = {"dialogs.py": {"self._text"}, "rows.py": {"content"}, "field.py": {"label"}}
"""Variables of the type ``Content`` by file: read, not guessed."""
OWN = {"_", "N_", "ngettext"}


def harmless(node: ast.expr | None, markup_off: bool = False) -> bool:
    """Whether an argument cannot be foreign text that is parsed."""
    if node is None or markup_off or isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Call):
        name = called(node)
        return (
            name in OWN
            or name in {"Content", "styled", "assemble", "join", "blank", "Text", "sentence"}
            or name.startswith("_")
        )
    if isinstance(node, ast.IfExp):
        return harmless(node.body) and harmless(node.orelse)
    return False


def known(name: str, node: ast.expr) -> bool:
    """Whether it is a variable that holds ``Content``."""
    return ast.unparse(node) in CONTENT.get(name, set())


def called(node: ast.Call) -> str:
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def complaints(source: str, name: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            off = any(
                key.arg == "markup" and isinstance(key.value, ast.Constant) and key.value.value is False
                for key in node.keywords
            )
            what = called(node)
            if what == "notify" and not off:
                found.append(f"{name}:{node.lineno} notify without markup=False")
            if what == "from_markup":
                found.append(f"{name}:{node.lineno} from_markup")
            if what in PARSING_WIDGETS and node.args and not harmless(node.args[0], off or known(name, node.args[0])):
                found.append(f"{name}:{node.lineno} {what} of something computed")
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in PARSING_ATTRIBUTES and not harmless(node.value):
                    found.append(f"{name}:{node.lineno} {target.attr} of something computed")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_computed_text_reaches_markup(path: Path) -> None:
    assert complaints(path.read_text(), path.name) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(row.subject)",
        "self.notify(text)",
        "box.border_title = row.subject",
        "Content.from_markup(x)",
        'Label(f"{x}")',
    ],
)
def test_the_lint_finds_what_it_is_for(source: str) -> None:
    assert complaints(source, "x.py")


def test_no_handler_stands_where_textual_does_not_look() -> None:
    """``@on`` works in classes that Textual's metaclass makes; in a plain mixin it is never called."""
    dead = []
    for room in (crm_tui.screens, crm_tui.widgets):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            module = importlib.import_module(found.name)
            for one in vars(module).values():
                if isinstance(one, type) and not isinstance(one, type(MessagePump)):
                    dead += [
                        f"{one.__qualname__}.{name}" for name, it in vars(one).items() if hasattr(it, "_textual_on")
                    ]
    assert not dead
