"""Choosing which mailboxes of an account are synced."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from crm_tui.base.i18n import N_, _
from crm_tui.desk.sending_views import MailboxChoice
from crm_tui.widgets.dialogs import DialogBox, DialogTitle

ROLES = {
    "inbox": N_("new mail; always synced"),
    "sent": N_("sent mail: replies written elsewhere"),
    "drafts": N_("drafts"),
    "junk": N_("spam"),
    "trash": N_("deleted mail"),
    "archive": N_("archive"),
    "all": N_("everything once more"),
}


NOT_OFFERED = ("drafts", "junk", "trash", "all")
"""Roles for which nobody is asked while linking; they can be chosen later."""


class MailboxPicker(ModalScreen[set[int] | None]):
    """Tick with space, save with ctrl+s.

    Args:
        address: whose mailboxes; display-safe.
        boxes: as the server last listed them.
    """

    DEFAULT_CSS = """
    MailboxPicker {
        align: center middle;
        SelectionList { height: auto; max-height: 14; border: none; background: $surface; padding: 0; }
        SelectionList:focus { border: none; }
    }
    """

    BINDINGS = [
        Binding("ctrl+s", "save", N_("Save"), priority=True),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, address: str, boxes: Sequence[MailboxChoice]) -> None:
        super().__init__()
        self._address = address
        self._boxes = [box for box in boxes if not box.gone]

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("Mailboxes of {address}").format(address=self._address))
            if not self._boxes:
                yield Static(Content(_("The server has not listed them yet: they appear after the first sync (F5).")))
            yield SelectionList[int](*(self._selection(box) for box in self._boxes))
            yield Static(Content(_("Space ticks · ctrl+s saves · Esc back")), classes="dialog--keys")

    @staticmethod
    def _selection(box: MailboxChoice) -> Selection[int]:
        role = _(ROLES[box.role]) if box.role in ROLES else ""
        prompt = Content.assemble(box.name, (f"  {role}" if role else "", "dim"))
        return Selection(prompt, box.id, box.chosen or box.role == "inbox", disabled=box.role == "inbox")

    def on_mount(self) -> None:
        """The list takes the keys."""
        boxes = self.query_one(SelectionList)
        boxes.display = bool(self._boxes)
        boxes.focus()

    def action_save(self) -> None:
        """Hand out what is ticked."""
        if self._boxes:
            self.dismiss(set(self.query_one(SelectionList).selected))
        else:
            self.dismiss(None)
