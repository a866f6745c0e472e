"""Settings written from the desk leave a person's file as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.errors import SettingsError
from crm_tui.base.settings import Settings, load_settings, save_setting

FILE = """# our desk
theme = "desk-light"  # brighter at noon

# seconds
undo_seconds = 20
"""


def test_comments_and_order_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FILE)
    settings = save_setting(path, "undo_seconds", 30)
    assert settings.undo_seconds == 30
    assert settings.theme == "desk-light"
    assert path.read_text() == FILE.replace("20", "30")
    assert load_settings(path) == settings


def test_a_new_file_is_private_and_a_new_setting_is_added(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    assert save_setting(path, "after_send", "Waitlist") == Settings(after_send="Waitlist")
    assert path.stat().st_mode & 0o777 == 0o600
    save_setting(path, "engine", False)
    assert path.read_text() == 'after_send = "Waitlist"\nengine = false\n'


def test_the_default_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FILE)
    save_setting(path, "undo_seconds", 10)
    assert "undo_seconds" not in path.read_text()
    assert "# our desk" in path.read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [("undo_seconds", 999), ("theme", "pink"), ("engine", "yes"), ("nonsense", 1), ("poll_seconds", True)],
)
def test_a_wrong_value_is_refused_and_nothing_is_written(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FILE)
    with pytest.raises(SettingsError):
        save_setting(path, name, value)
    assert path.read_text() == FILE


def test_a_broken_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = [")
    with pytest.raises(SettingsError):
        save_setting(path, "theme", "desk-16")
    assert path.read_text() == "theme = ["
