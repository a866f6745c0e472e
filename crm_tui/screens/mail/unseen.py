"""While the folders have the keys, nothing is decided about a row: the list may be out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events

from crm_tui.base.i18n import _
from crm_tui.screens.mail.actions import ACTIONS

if TYPE_CHECKING:
    from crm_tui.widgets.folder_tree import FolderTree

_ANYWHERE = {"mail.run", "mail.filter", "mail.sort", "mail.panes", "mail.panes-back"}
"""What is about the list as a whole."""

ABOUT_ROWS = frozenset(one.id for one in ACTIONS if one.id not in _ANYWHERE)
"""Ids of the actions on rows."""

_CALLS = frozenset(one.textual_action.partition("(")[0] for one in ACTIONS if one.id in ABOUT_ROWS)


class InSight:
    """Mixin of screens with a left pane and rows."""

    if TYPE_CHECKING:
        folders: FolderTree
        is_mounted: Any
        shell: Any
        _binding_chain: Any

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is done to rows is neither offered nor done from the folders."""
        return not (action in _CALLS and self.is_mounted and self.folders.has_focus)

    def on_key(self, event: events.Key) -> None:
        """Say where such a key would work; it reaches nothing else."""
        if not self.folders.has_focus:
            return
        for _node, bindings in self._binding_chain:
            if any(binding.id in ABOUT_ROWS for binding in bindings.key_to_bindings.get(event.key, ())):
                event.stop()
                event.prevent_default()
                self.shell.tell(_("The folders have the keys: Tab goes to the list, and that key works there."))
                return
