"""The frame: options, exit codes, errors, completion, what a plain start costs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui import __version__
from crm_tui.cli.main import run
from tests.cli.conftest import Crm


def test_version(crm: Crm) -> None:
    done = crm("--version")
    assert (done.code, done.out) == (0, f"crm-tui {__version__}\n")


@pytest.mark.parametrize("argv", [[], ["list"], ["account", "add"], ["import", "mail"], ["show"], ["restore"]])
def test_help_names_every_common_option(crm: Crm, argv: list[str]) -> None:
    done = crm(*argv, "--help")
    assert done.code == 0
    for option in ("--home", "--db", "--agent", "--json", "--debug", "--readonly"):
        assert option in done.out


@pytest.mark.parametrize(
    "argv",
    [
        ["nonsense"],
        ["list"],
        ["list", "Nowhere"],
        ["show", "message", "first"],
        ["show", "message", "-1"],
        ["show", "conversation", "1", "--raw"],
        ["completion", "tcl"],
        ["account"],
        ["demo", "--messages", "many"],
        ["sync", "--acc", "x"],
        ["account", "add", "--password-stdin", "--token-command", "x"],
        ["init", "--property", "x", "--timezone", "Europe/Madrid", "--currency", "EUR"],
    ],
)
def test_wrong_use_is_exit_code_2_and_one_sentence(crm: Crm, argv: list[str]) -> None:
    done = crm(*argv)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("crm-tui: ")
    assert "Traceback" not in done.err


def test_json_stands_before_or_after_the_command(mailed: Crm) -> None:
    before, after = mailed("--json", "list", "Inbox"), mailed("list", "Inbox", "--json")
    assert before.out == after.out
    assert len(before.lines) == 3


def test_errors_are_json_with_json(crm: Crm) -> None:
    done = crm("list", "Inbox", "--json")
    assert done.code == 1
    assert done.complaint["error"].startswith("There is no store at")
    assert done.complaint["hint"] == "Set one up with: crm-tui init"


def test_usage_errors_are_json_with_json(crm: Crm) -> None:
    done = crm("--json", "nonsense")
    assert done.code == 2
    assert "nonsense" in done.complaint["error"]


def test_an_unexpected_error_is_one_sentence_and_debug_shows_it(mailed: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui.desk.conversations import folders

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(folders, "page", broken)
    done = mailed("list", "Inbox")
    assert done.code == 1
    assert "ZeroDivisionError" in done.err
    assert "secret detail" not in done.err
    shown = mailed("list", "Inbox", "--debug")
    assert shown.code == 1
    assert "Traceback" in shown.err
    assert "ZeroDivisionError: secret detail" in shown.err


def test_interrupt_is_130(mailed: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui.desk.conversations import folders

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, "page", interrupted)
    assert mailed("list", "Inbox").code == 130


def test_no_terminal_is_one_sentence(crm: Crm) -> None:
    done = crm()
    assert done.code == 1
    assert "needs a terminal" in done.err
    assert crm("demo").code == 1


def test_the_desk_has_no_json(crm: Crm) -> None:
    assert crm("--json").code == 2


def test_a_wrong_clock_is_named(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TUI_NOW", "yesterday")
    done = crm("list", "Inbox")
    assert done.code == 2
    assert "CRM_TUI_NOW" in done.err


def test_a_broken_settings_file_is_named_with_its_line(desk: Crm, home: Path) -> None:
    (home / "settings.toml").write_text('language = "en"\npoll_seconds = "often"\n', encoding="utf-8")
    done = desk("list", "Inbox")
    assert done.code == 1
    assert "settings.toml, line 2: poll_seconds" in done.err
    (home / "settings.toml").write_text("language = ", encoding="utf-8")
    assert "is broken" in desk("list", "Inbox").err


def test_what_was_typed_and_cannot_be_used_is_2_and_what_failed_is_1(mailed: Crm, home: Path) -> None:
    """The rule of docs/command-line.md."""
    typed: list[list[object]] = [
        ["bogus"],
        ["list", "Nowhere"],
        ["list", "Inbox", "--limit", "x"],
        ["list", "Inbox", "--agent", "Zoe"],
        ["search", "is:lost"],
        ["show", "conversation", "1", "--raw"],
        ["account", "add", "--address", "nobody", "--password-command", "true"],
        ["account", "add", "--address", "a@b.example", "--password-command", "'"],
    ]
    failed: list[list[object]] = [
        ["show", "message", "99"],
        ["account", "test", "nobody@nowhere.example"],
        ["sync"],
        ["restore", home / "nothing"],
        ["--readonly", "sync"],
    ]
    for argv in typed:
        assert mailed(*argv).code == 2, argv
    for argv in failed:
        assert mailed(*argv).code == 1, argv


def test_the_usage_of_init_shows_what_it_needs(crm: Crm) -> None:
    shown = " ".join(crm("init", "--help").out.split("options:")[0].split())
    assert "[--agent NAME]" not in shown
    assert "--agent NAME" in shown
    assert "[--agent NAME]" in " ".join(crm("list", "--help").out.split())
    done = crm("init", "--property", "X", "--timezone", "Europe/Madrid", "--currency", "EUR")
    assert done.code == 2
    assert "--agent" in done.err


def test_an_unknown_agent_is_named(desk: Crm) -> None:
    done = desk("list", "Inbox", "--agent", "Zoe")
    assert done.code == 2
    assert "There is no agent called Zoe" in done.err
    assert "Ana" in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_commands(crm: Crm, shell: str) -> None:
    done = crm("completion", shell)
    assert done.code == 0
    for word in ("account", "backup", "restore", "Waitlist", "crm-tui"):
        assert word in done.out


def test_bash_completes_with_the_script(crm: Crm, tmp_path: Path) -> None:
    script = tmp_path / "complete.bash"
    script.write_text(crm("completion", "bash").out, encoding="utf-8")
    asked = (
        f"source {script}; COMP_WORDS=(crm-tui list In); COMP_CWORD=2; COMP_LINE='crm-tui list In'; COMP_POINT=15; "
        "_shtab_crm_tui; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=30, check=True)
    assert set(done.stdout.split()) == {"Inbox", "Inquiries"}


def test_a_plain_start_imports_no_parser_and_no_database() -> None:
    code = (
        "import sys, json; from crm_tui.cli.main import run; code = run([]); "
        "print(json.dumps([code, [m for m in ('argparse', 'sqlmodel', 'sqlalchemy', 'shtab', 'rich') if m in sys.modules]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, stdin=subprocess.DEVNULL
    )
    assert json.loads(done.stdout) == [1, []]
    assert "needs a terminal" in done.stderr


def test_run_leaves_through_its_return_value() -> None:
    assert run(["--version"]) == 0
    assert run(["nonsense"]) == 2
