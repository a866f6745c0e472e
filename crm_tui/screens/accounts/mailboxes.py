"""Choosing which mailboxes of an account are synced."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.i18n import N_, _
from crm_tui.desk.correspondence.sending_views import MailboxChoice
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
        OptionList { height: auto; max-height: 14; border: none; background: $surface; padding: 0; }
        OptionList { scrollbar-size-vertical: 1; }
        OptionList:focus { border: none; }
    }
    """

    BINDINGS = [
        Binding("ctrl+s", "save", N_("Save"), priority=True),
        Binding("space", "turn", N_("Tick"), priority=True),
        Binding("escape", "dismiss(None)", N_("Back")),
    ]

    def __init__(self, address: str, boxes: Sequence[MailboxChoice]) -> None:
        super().__init__()
        self._address = address
        self._boxes = [box for box in boxes if not box.gone]
        self.ticked = {box.id for box in self._boxes if box.chosen or box.role == "inbox"}

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("Mailboxes of {address}").format(address=self._address))
            if not self._boxes:
                yield Static(Content(_("The server has not listed them yet: they appear after the first sync (F5).")))
            yield OptionList(*(Option(Content.assemble(self._row(box))) for box in self._boxes), markup=False)
            yield Static(Content(_("Space ticks · ctrl+s saves · Esc back")), classes="dialog--keys")

    def _row(self, box: MailboxChoice) -> Content:
        """The sign tells whether it is synced, without colour too."""
        role = _(ROLES[box.role]) if box.role in ROLES else ""
        sign = "[x]" if box.id in self.ticked else "[ ]"
        return Content.assemble((sign, "bold"), f" {box.name}", (f"  {role}" if role else "", "dim"))

    def on_mount(self) -> None:
        """The list takes the keys."""
        rows = self.query_one(OptionList)
        rows.display = bool(self._boxes)
        rows.focus()

    def action_turn(self) -> None:
        """Tick or untick the highlighted one; the inbox is always synced."""
        rows = self.query_one(OptionList)
        if rows.highlighted is None:
            return
        box = self._boxes[rows.highlighted]
        if box.role != "inbox":
            self.ticked ^= {box.id}
            rows.replace_option_prompt_at_index(rows.highlighted, self._row(box))

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_turn()

    def action_save(self) -> None:
        """Hand out what is ticked."""
        self.dismiss(set(self.ticked) if self._boxes else None)
