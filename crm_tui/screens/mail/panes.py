"""Folders, list and reading pane: which of them fit, and which has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.containers import Vertical

    from crm_tui.widgets.folder_tree import FolderTree
    from crm_tui.widgets.message_view import ReadingPane

TWO_PANES, THREE_PANES = 110, 150
"""Columns from which that many panes fit (the screen's breakpoints)."""


class Panes:
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        app: Any
        shell: Any
        focused: Any
        set_focus: Any
        folders: FolderTree
        middle: Vertical
        right: Vertical
        list: Any
        reading: ReadingPane

        def show_side(self) -> None: ...
        def preview(self) -> None: ...

    def go_to_pane(self, pane: str) -> None:
        self.show_panes(pane)
        target = {"tree": self.folders, "list": self.list, "reading": self.reading}[pane]
        self.set_focus(target, scroll_visible=False)
        self.show_side()
        self.shell.attend()

    def show_panes(self, pane: str) -> None:
        """Show the panes that fit. Set one by one: a class on the screen would have all its styles computed again."""
        width = self.app.size.width
        self.folders.display = width >= TWO_PANES or pane == "tree"
        self.middle.display = width >= THREE_PANES or pane == "list" or (pane == "tree" and width >= TWO_PANES)
        self.right.display = width >= THREE_PANES or pane == "reading"

    def on_resize(self) -> None:
        """Another number of panes may fit; a reading pane that appears shows the row under the cursor."""
        self.show_panes(self.pane)
        if self.app.size.width >= THREE_PANES and self.pane != "reading" and self.list.current is not None:
            self.preview()

    @property
    def pane(self) -> str:
        """Which pane has the focus: tree, list or reading."""
        return "tree" if self.focused is self.folders else "reading" if self.focused is self.reading else "list"

    def action_next_pane(self) -> None:
        """Tree, list, reading, and round again; reading only if something is open."""
        panes = self._panes()
        self.go_to_pane(panes[(panes.index(self.pane) + 1) % len(panes)])

    def action_previous_pane(self) -> None:
        """The other way round."""
        panes = self._panes()
        self.go_to_pane(panes[(panes.index(self.pane) - 1) % len(panes)])

    def _panes(self) -> list[str]:
        return ["tree", "list"] + (
            ["reading"] if self.reading.conversation is not None or self.pane == "reading" else []
        )
