"""The keymap file: every mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.errors import SettingsError
from crm_tui.screens import catalog
from crm_tui.widgets.actions import REGISTRY, Action, key_sign
from crm_tui.widgets.keymap import clashes, load_keymap

ACTIONS = (
    Action("desk.help", "?", "Help"),
    Action("mail.reply", "r", "Reply", scope="mail"),
    Action("mail.done", "e", "Done", scope="mail"),
    Action("start.next", "tab", "Next", scope="start"),
    Action("list.down", "down,j", "Down", scope="list"),
    Action("compose.send", "ctrl+s", "Send", scope="compose"),
)


def load(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "keymap.toml"
    path.write_text(text)
    return load_keymap(path, ACTIONS)


def test_no_file_means_the_default_keys(tmp_path: Path) -> None:
    assert load_keymap(tmp_path / "keymap.toml", ACTIONS) == {}


def test_keys_are_normalised_for_textual(tmp_path: Path) -> None:
    keymap = load(tmp_path, '"mail.reply" = "a, ctrl+r"\n[mail]\ndone = "!"\n')
    assert keymap == {"mail.reply": "a,ctrl+r", "mail.done": "exclamation_mark"}


def test_two_actions_may_change_their_keys(tmp_path: Path) -> None:
    assert load(tmp_path, '"mail.reply" = "e"\n"mail.done" = "r"') == {"mail.reply": "e", "mail.done": "r"}


def test_a_key_may_mean_one_thing_here_and_another_there(tmp_path: Path) -> None:
    assert load(tmp_path, '"start.next" = "r"') == {"start.next": "r"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('\n"mail.repyl" = "a"', 2, "mail.reply"),
        ('"mail.reply" = "a"\n"mail.done" = "hyper+x"', 2, "no key"),
        ('"mail.reply" = "notakey"', 1, "no key"),
        ('"mail.reply" = 3', 1, "text in quotes"),
        ('"mail.reply" = ""', 1, "text in quotes"),
        ('"mail.reply" = "e"', 1, "mail.done"),
        ('# c\n"mail.reply" = "?"', 2, "desk.help"),
        ('"mail.reply" = "j"', 1, "list.down"),
        ('"mail.reply" = "ctrl+i"', 1, "never reaches"),
    ],
)
def test_what_is_wrong_and_where(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert f"line {line}:" in str(caught.value)
    assert says in str(caught.value)
    assert caught.value.hint


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="broken"):
        load(tmp_path, "= nothing")


def test_the_default_keys_do_not_clash() -> None:
    catalog.load_all_actions()
    found = [(key, one.id, other.id) for key, one, other in clashes(REGISTRY.all(), {})]
    assert found == []


def test_every_action_is_worth_finding() -> None:
    catalog.load_all_actions()
    for action in REGISTRY.all():
        assert action.label
        assert action.tooltip or not action.palette, action.id
        assert len(action.label) <= 16, action.id


@pytest.mark.parametrize(("key", "sign"), [("ctrl+p", "^p"), ("question_mark", "?"), ("f5", "F5"), ("escape", "esc")])
def test_how_keys_are_written(key: str, sign: str) -> None:
    assert key_sign(key) == sign
