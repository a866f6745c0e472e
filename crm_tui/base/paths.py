"""Where the store, the settings and the logs live (SPEC §15: ``--home`` or ``CRM_TUI_HOME``, else platformdirs)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Home:
    """The directories of one desk. With ``--home DIR`` all three lie in DIR."""

    data: Path
    config: Path
    state: Path

    @property
    def store(self) -> Path:
        """The SQLite store."""
        return self.data / "desk.db"

    @property
    def settings(self) -> Path:
        """The settings file (TOML)."""
        return self.config / "settings.toml"

    @property
    def keymap(self) -> Path:
        """The keymap file (TOML)."""
        return self.config / "keymap.toml"

    @property
    def log(self) -> Path:
        """The log file, without secrets."""
        return self.state / "crm_tui.log"

    @property
    def snapshot(self) -> Path:
        """The last list seen, painted at the next start before the store is open. Holds guests' names: mode 0600."""
        return self.state / "snapshot.json"

    @property
    def frame(self) -> Path:
        """The last screen as it was drawn, painted at the next start before anything else. Mode 0600."""
        return self.state / "frame.json"

    def ensure(self) -> None:
        """Create the directories, private to the user (QUALITY S16)."""
        for directory in (self.data, self.config, self.state):
            if not directory.is_dir():
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(DIRECTORY_MODE)


def home_at(directory: Path) -> Home:
    """A desk that keeps everything in one directory."""
    directory = directory.expanduser().absolute()
    return Home(data=directory, config=directory, state=directory)


def find_home(option: str | None, env: Mapping[str, str]) -> Home:
    """The desk's home: the option, else ``CRM_TUI_HOME``, else the platform's directories."""
    chosen = option or env.get("CRM_TUI_HOME", "")
    if chosen:
        return home_at(Path(chosen))
    import platformdirs

    dirs = platformdirs.PlatformDirs("crm_tui", appauthor=False)
    return Home(data=Path(dirs.user_data_dir), config=Path(dirs.user_config_dir), state=Path(dirs.user_state_dir))


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 so that a reader sees the old or the new content, never a half (QUALITY S16)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
