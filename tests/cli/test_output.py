"""What is written where: foreign text, broken pipes, full devices, narrow terminals."""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.base.i18n import N_
from crm_tui.cli.options import build
from crm_tui.cli.output import Output, columns_of
from tests.cli.conftest import LETTER, Crm
from tests.cli.test_docs import commands
from tests.cli.test_installed import SCRIPT, Terminal, environment

PAYLOAD = "a\x1b]52;c;aGk=\x07\x9b2J\x7f\u202eb"
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NEVER_ENDS = {("engine",), ("demo",)}


def every_call(*, few: bool = False) -> Iterator[list[str]]:
    """Every command with the payload in each of its arguments in turn, the others being usable.

    Args:
        few: only in its first and its last one: as JSON, what an argument comes to is written by the same few lines for all.
    """
    for path, parser in commands(build()):
        if path in NEVER_ENDS or any(isinstance(one, argparse._SubParsersAction) for one in parser._actions):
            continue
        given = [one for one in parser._actions if one.nargs != 0]
        for spoilt in dict.fromkeys([*given[:1], *given[-1:]]) if few else given:
            words = list(path)
            for one in given:
                value = PAYLOAD if one is spoilt else _usable(one)
                if one.option_strings and (one is spoilt or one.required or one.dest == "agent"):
                    words += [one.option_strings[0], value]
                elif not one.option_strings:
                    words.append(value)
            yield words


def _usable(action: argparse.Action) -> str:
    known = {"id": "1", "timezone": "Europe/Madrid", "currency": "EUR", "agent": "Ana", "query": "x"}
    if action.dest in known:
        return known[action.dest]
    return next(iter(action.choices)) if action.choices else "nowhere"


@pytest.mark.parametrize("manner", ["", "--json"])
def test_no_argument_of_any_command_reaches_the_terminal_raw(
    mailed: Crm, manner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    calls = list(every_call(few=bool(manner)))
    assert len(calls) > 60
    echoed = 0
    for words in calls:
        done = mailed(*words, *([manner] if manner else []))
        written = done.out + done.err
        assert UNSAFE.search(written) is None, (words, written)
        assert "This is a bug" not in written, (words, written)
        echoed += "52;c;aGk=" in written
    assert echoed > 10  # they are shown, only not raw


def test_what_is_stored_under_a_hostile_name_is_shown_safely(mailed: Crm, tmp_path: Path) -> None:
    (tmp_path / PAYLOAD).mkdir()
    target = tmp_path / PAYLOAD / "copy.db"
    for manner in ([], ["--json"]):
        done = mailed("backup", target, "--yes", *manner)
        assert done.code == 0
        assert UNSAFE.search(done.out) is None
    assert json.loads(done.out)["file"] == str(target)
    asked = mailed("restore", target)
    assert asked.code == 1
    assert UNSAFE.search(asked.err) is None


@pytest.mark.parametrize(
    "argv",
    [["--help"], ["--version"], ["doctor"], ["list", "Inbox"], ["list", "Inbox", "--json"], ["completion", "zsh"]],
)
def test_nobody_reads_the_output(mailed: Crm, home: Path, argv: list[str]) -> None:
    line = f"'{SCRIPT}' --home '{home}' {' '.join(argv)} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, env=environment())
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("argv", [["--help"], ["doctor"], ["list", "Inbox"], ["show", "message", "1", "--raw"]])
def test_a_full_device_is_one_sentence(mailed: Crm, home: Path, argv: list[str]) -> None:
    line = f"'{SCRIPT}' --home '{home}' {' '.join(argv)} > /dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, env=environment())
    assert done.returncode == 1
    assert done.stderr == "crm-tui: The output could not be written: No space left on device.\n"


def test_standard_error_that_cannot_be_written_changes_nothing(mailed: Crm, home: Path) -> None:
    for line in (f"'{SCRIPT}' --home '{home}' show message 99 2> /dev/full", f"'{SCRIPT}' --home '{home}' bogus 2>&-"):
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, env=environment())
        assert done.returncode in (1, 2)
        assert done.stdout == ""


def test_an_import_is_finished_though_nobody_reads(desk: Crm, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1, 1201):
        (folder / f"{number}.eml").write_text(LETTER.format(number=number, hour=number % 9), encoding="utf-8")
    line = f"'{SCRIPT}' --home '{home}' import mail '{folder}' --json | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=100, env=environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert len(desk("list", "Inbox", "--json").lines) == 1200


def test_a_search_fits_the_terminal(mailed: Crm, home: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.eml"
    long.write_text(LETTER.format(number=8, hour=8) + "Łodzi i okolice " * 40, encoding="utf-8")
    assert mailed("import", "mail", long).code == 0
    with Terminal([str(SCRIPT), "--home", str(home), "search", "okolice"], environment(), columns=70) as terminal:
        terminal.wait_for("Łucja")
        rows = [line for line in terminal.shown().splitlines() if "Łucja" in line]
    assert len(rows) == 1
    assert "…" in rows[0]


def test_cells_give_way_evenly_and_say_so() -> None:
    class Narrow(Output):
        width = 40

    stream = io.StringIO()
    Narrow(as_json=False, stream=stream).table((N_("A"), N_("B")), [["x" * 50, "界" * 40], ["y", "z"]])
    lines = stream.getvalue().splitlines()
    assert all(columns_of(line) <= 40 for line in lines)
    assert lines[1].count("…") == 2


def test_a_closed_standard_output_is_no_bug(monkeypatch: pytest.MonkeyPatch, mailed: Crm) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert mailed("doctor").code == 0
