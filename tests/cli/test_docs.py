"""The operators' page names what there is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.cli.options import build

PAGES = Path(__file__).resolve().parents[2] / "docs"


def commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield (*path, name), inner
                yield from commands(inner, (*path, name))


@pytest.fixture(scope="module")
def pages() -> str:
    return "\n".join(
        (PAGES / name).read_text(encoding="utf-8") for name in ("command-line.md", "accounts.md", "engine.md")
    )


def test_every_command_and_option_is_described(pages: str) -> None:
    for path, parser in commands(build()):
        assert " ".join(("crm-tui", *path)) in pages or path in {("account",), ("import",), ("attribute",)}, path
        for action in parser._actions:
            for option in action.option_strings:
                if option.startswith("--") and option != "--help":
                    assert option in pages, (path, option)


def test_every_list_is_described(pages: str) -> None:
    from crm_tui.cli.options import LISTS

    for name in LISTS:
        assert name in pages
