"""No file of the program is longer than one can keep in mind, and no function either."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "crm_tui"

LINES_OF_FILE = 400
LINES_OF_FUNCTION = 40
"""Its docstring does not count."""

RELEASED = frozenset(
    f"data/migrations/{name}.py"
    for name in (
        "guests_tables",
        "money_tables",
        "reservations_tables",
        "ticket_tables",
        "versions/0001_baseline",
        "versions/0003_daily_triage",
        "versions/0005_reservations",
    )
)
"""Migrations stay as they were released; those to come keep the limits."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def length(function: Function) -> int:
    """Lines from ``def`` to the end, without decorators and docstring."""
    assert function.end_lineno is not None
    first = function.body[0]
    told = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        assert first.end_lineno is not None
        told = first.end_lineno - first.lineno + 1
    return function.end_lineno - function.lineno + 1 - told


def too_long(source: str) -> Iterator[str]:
    """What is above a limit, in words."""
    lines = len(source.splitlines())
    if lines > LINES_OF_FILE:
        yield f"{lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function) and length(node) > LINES_OF_FUNCTION:
            yield f"{node.name}, {length(node)} lines"


def test_files_and_functions_keep_their_limits() -> None:
    found = [
        f"{path}: {what}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if (path := file.relative_to(PACKAGE).as_posix()) not in RELEASED
        for what in too_long(file.read_text(encoding="utf-8"))
    ]
    assert not found, "divide these along a seam:\n" + "\n".join(found)


@pytest.mark.parametrize("path", sorted(RELEASED))
def test_what_is_excepted_needs_it(path: str) -> None:
    assert any(too_long((PACKAGE / path).read_text(encoding="utf-8"))), f"{path} keeps the limits: take it off the list"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1\n" * 400, []),
        ("x = 1\n" * 401, ["401 lines"]),
        ("def f():\n" + "    x = 1\n" * 39, []),
        ("def f():\n" + "    x = 1\n" * 40, ["f, 41 lines"]),
        ('def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * 39, []),
        ("class A:\n    async def f(\n        self,\n    ):\n" + "        x = 1\n" * 38, ["f, 41 lines"]),
    ],
)
def test_the_count(source: str, found: list[str]) -> None:
    assert list(too_long(source)) == found
