"""The way out to ``$EDITOR`` and back: nothing that was saved there is lost, however the editor or the desk ends."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home
from crm_tui.widgets.forms.clean import clean_text

Run = Callable[[Sequence[str]], int]
"""Runs a command in the foreground and gives its exit code."""

_FILE = "reply.md"


def editor_command(setting: str, env: Mapping[str, str]) -> list[str]:
    """The external editor as arguments: the setting, else ``$VISUAL``, else ``$EDITOR``; empty: there is none."""
    chosen = setting or env.get("VISUAL", "") or env.get("EDITOR", "")
    try:
        return shlex.split(chosen)
    except ValueError:
        return []


def outside_folder(home: Home, draft: int) -> Path:
    """Where the text of a draft lies while an external editor has it. Below the home: ``/tmp`` is emptied at a restart."""
    return home.state / "editor" / f"draft-{draft}"


def left_over(folder: Path) -> str:
    """What an editor had saved when the desk was killed; empty if there is nothing."""
    try:
        return _read(folder / _FILE)
    except OSError:
        return ""


def forget(folder: Path) -> None:
    """The text is in the draft, or nobody wants it: remove it, and the backups that editors leave beside it."""
    shutil.rmtree(folder, ignore_errors=True)


def edit_outside(text: str, command: Sequence[str], folder: Path, run: Run | None = None) -> tuple[str, int]:
    """Give ``text`` to an external editor; returns what it was saved as, and the editor's exit code. Blocks meanwhile.

    What the editor saved counts, whatever its exit code. The text lies in a file of mode 0600 in ``folder`` (0700),
    which is removed once it has been read.

    Raises:
        CrmError: the editor could not be started, or failed without having saved anything; the text is as it was.
    """
    name = Path(command[0]).name
    try:
        forget(folder)
        folder.mkdir(parents=True, mode=0o700)
        path = folder / _FILE
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        code = (run or _run)([*command, str(path)])
        written = _read(path)
    except OSError as error:
        forget(folder)
        raise CrmError(
            _("The editor {name} could not be used: {why}.").format(name=name, why=error.strerror or error),
            _("Set another one in the settings, or write here."),
        ) from None
    forget(folder)
    if code != 0 and written == text.removesuffix("\n"):
        raise CrmError(
            _("The editor {name} ended with code {code}; your text is as it was.").format(name=name, code=code)
        )
    return written, code


def _read(path: Path) -> str:
    return clean_text(path.read_bytes().decode("utf-8", "replace")).removesuffix("\n")


def _run(command: Sequence[str]) -> int:
    return subprocess.run(list(command), check=False).returncode
