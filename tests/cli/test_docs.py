"""The operators' page names what there is."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.cli.making import Sought
from crm_tui.cli.options import build, made
from crm_tui.cli.usage import UsageError

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


def test_a_command_is_parsed_as_by_the_parser_of_all() -> None:
    """For a command line only the parser of its command is made."""
    whole = dict(commands(build()))
    assert len(whole) > 150
    for name in [path[0] for path in whole if len(path) == 1]:
        sought = commands_sought()
        with contextlib.suppress(UsageError):
            sought(argparse.ArgumentParser(), argparse.Namespace(), [name, "--no-such-option"])
        parser = sought.choices[name]
        assert [known for known, made in sought.choices.items() if made is not None] == [name]
        one = {(name, *path): inner.format_help() for path, inner in commands(parser)}
        one[(name,)] = parser.format_help()
        assert one == {path: inner.format_help() for path, inner in whole.items() if path[0] == name}


def commands_sought() -> Sought:
    """The commands of a parser that has made none yet."""
    [found] = [action for action in made(Sought)._actions if isinstance(action, Sought)]
    assert not any(found.choices.values())
    return found
