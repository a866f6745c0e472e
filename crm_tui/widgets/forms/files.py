"""The file picker: a path with completion, and what lies in its folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.widgets.dialogs import DialogBox, DialogTitle, folded
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.times import size

LISTED = 2000
"""Entries of one folder that are looked at; the rest is found by typing the name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder: its name on the disk, and its size in bytes (-1: a folder)."""

    name: str
    size: int

    @property
    def folder(self) -> bool:
        """Whether it can be entered."""
        return self.size < 0

    @property
    def shown(self) -> str:
        """The name without anything a terminal would obey."""
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in self.name)


def split_path(typed: str, start: Path) -> tuple[Path, str]:
    """The folder that a typed path is in (relative ones from ``start``), and the beginning of a name in it."""
    expanded = os.path.expanduser(typed)
    if not typed or typed.endswith(os.sep) or typed == "~":
        return start / expanded, ""
    path = start / expanded
    return path.parent, path.name


def list_folder(folder: Path, beginning: str) -> tuple[Entry, ...]:
    """What lies in ``folder`` and begins with ``beginning`` (case and accents do not count): folders, then files.

    Hidden entries only when the beginning asks for them. Blocking; call it in a thread.

    Raises:
        OSError: the folder cannot be read.
    """
    wanted, found = folded(beginning), []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") != beginning.startswith(".") or not folded(entry.name).startswith(wanted):
                continue
            try:
                size = -1 if entry.is_dir() else entry.stat().st_size
            except OSError:
                continue
            found.append(Entry(entry.name, size))
            if len(found) == LISTED:
                break
    return tuple(sorted(found, key=lambda item: (not item.folder, folded(item.name))))


_folders: WeakKeyDictionary[App[Any], Path] = WeakKeyDictionary()


def last_folder(app: App[Any]) -> Path:
    """The folder that the last file was chosen from in this run of the desk; the home folder at first."""
    return _folders.get(app, Path.home())


def remember_folder(app: App[Any], folder: Path) -> None:
    """Begin there the next time."""
    _folders[app] = folder


class PathLine(SearchLine):
    """A line for a path: one that begins anew with ``/`` or ``~`` takes the place of the folder that stood there."""

    prefix = ""
    """What the line was opened with."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Typed or pasted right after the folder that was proposed, an absolute path replaces it."""
        if text[:1] in ("/", "~") and self.value == self.prefix and self.cursor_position == len(self.value):
            self.clear()
        super().insert_text_at_cursor(text)


class FilePicker(ModalScreen[Path | None]):
    """Choose one file. Tab completes, Enter enters a folder or takes the file, backspace at a / goes up.

    Args:
        start: the folder to begin in.
        title: what the file is for.
    """

    DEFAULT_CSS = """
    FilePicker {
        align: center middle;
        DialogBox { height: 80%; }
        OptionList { height: 1fr; border: none; background: $surface; padding: 0; scrollbar-size-vertical: 1; }
    }
    """

    BINDINGS = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
    ]

    class Listed(Message):
        """What lies in a folder, from the thread; ``error`` says why it could not be read."""

        def __init__(self, typed: str, entries: Sequence[Entry], error: str) -> None:
            super().__init__()
            self.typed = typed
            self.entries = entries
            self.error = error

    def __init__(self, start: Path, title: str = "") -> None:
        super().__init__()
        self._start = start
        self._title = title or _("Attach a file")
        self._entries: Sequence[Entry] = ()

    def compose(self) -> ComposeResult:
        home = str(Path.home())
        shown = str(self._start)
        begin = ("~" + shown.removeprefix(home) if shown.startswith(home) else shown).rstrip(os.sep) + os.sep
        with DialogBox():
            yield DialogTitle(self._title)
            line = PathLine(begin, select_on_focus=False)
            line.prefix = begin
            yield line
            yield SignedList(markup=False)
            yield Static("", classes="dialog--keys")

    def on_mount(self) -> None:
        """List the first folder."""
        self.query_one(OptionList).can_focus = False
        line = self.query_one(PathLine)
        self.set_focus(line)
        line.cursor_position = len(line.value)
        self._read(line.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._read(event.value)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self, typed: str) -> None:
        folder, beginning = split_path(typed, self._start)
        try:
            self.post_message(self.Listed(typed, list_folder(folder, beginning), ""))
        except OSError as error:
            self.post_message(self.Listed(typed, (), error.strerror or str(error)))

    def on_file_picker_listed(self, event: Listed) -> None:
        """Show it, unless the person has typed on."""
        if event.typed != self.query_one(PathLine).value:
            return
        self._entries = event.entries
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(self._prompt(entry)) for entry in event.entries])
        listed.highlighted = 0 if event.entries else None
        if event.error:
            words = Content.assemble(("✕ ", "bold $text-error"), event.error)
        elif not event.entries:
            words = Content(_("Nothing here begins like that."))
        else:
            count = ngettext("{n} entry", "{n} entries", len(event.entries)).format(n=len(event.entries))
            words = Content(_("{count} · Tab completes · Enter takes it · Esc back").format(count=count))
        self.query_one(".dialog--keys", Static).update(words)

    def _prompt(self, entry: Entry) -> Content:
        width = 48
        if entry.folder:
            return Content.assemble(("▸ ", "$primary"), (f"{entry.shown}/", "bold"))
        name = Content(entry.shown).truncate(width, ellipsis=True, pad=True)
        return Content.assemble("  ", name, (f"{size(entry.size):>10}", "dim"))

    def action_move(self, how: str) -> None:
        """Move in the list while the cursor stays in the line."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    def _highlighted(self) -> Entry | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._entries[place]

    def _type(self, entry: Entry) -> Path:
        line = self.query_one(PathLine)
        head = line.value[: line.value.rfind(os.sep) + 1]
        line.value = head + entry.name + (os.sep if entry.folder else "")
        line.cursor_position = len(line.value)
        return split_path(line.value, self._start)[0] / entry.name

    def action_complete(self) -> None:
        """Type the highlighted name."""
        entry = self._highlighted()
        if entry is not None:
            self._type(entry)

    @on(Input.Submitted)
    def _take(self) -> None:
        entry = self._highlighted()
        if entry is None:
            return
        path = self._type(entry)
        if not entry.folder:
            self.dismiss(path)

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self._take()
