"""Which mails are one conversation: split one in two, make several one. One key each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import ConversationRow, ConversationView, MessageView
from crm_tui.screens import side
from crm_tui.screens.mail.acting import Acting, named
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class Threading(Acting):
    """Mixin: ``y``, ``Y`` and ``M``."""

    def parting(self) -> tuple[ConversationView, MessageView] | None:
        """The conversation being read and the message with the focus; None where none is read."""
        return None

    def split_off(self, conversation_id: int) -> None:
        """A conversation was split off: show it."""
        self.shell.open_conversation(conversation_id)

    def leave_reading(self) -> None:
        """Back to the list, if a conversation is being read."""

    def action_split(self) -> None:
        """The message with the focus, and what came after it, become a conversation of their own."""
        self._split(alone=False)

    def action_split_one(self) -> None:
        """Only the message with the focus becomes a conversation of its own."""
        self._split(alone=True)

    def _split(self, *, alone: bool) -> None:
        found = self.parting()
        if found is None:
            self.shell.tell(_("Open the conversation and stand on the first message that belongs elsewhere."))
            return
        conversation, message = found
        ids = [one.id for one in conversation.messages]
        place = ids.index(message.id)
        going = ids[place : place + 1] if alone else ids[place:]

        def split(ctx: Context) -> int:
            from crm_tui import desk

            return desk.splitting.split(ctx, conversation.row.id, going)

        count = len(going)
        said = ngettext(
            "{n} message is a conversation of its own now · z takes it back",
            "{n} messages are a conversation of their own now · z takes it back",
            count,
        ).format(n=count)
        self.act(split, lambda row: row, said, rows=[conversation.row], done=self.split_off)

    def action_merge(self) -> None:
        """Make the marked conversations one; a single one is merged with another that is picked."""
        rows = list(self.targets)
        if len(rows) > 1 and len(guests := _guests(rows)) > 1:
            self._ask_merge(rows, guests)
        elif len(rows) > 1:
            self._merge(rows)
        elif rows:
            self.ask(
                lambda ctx: _candidates(ctx, rows[0].id), lambda found: self._pick_other(rows[0], found), topic="merge"
            )

    def _ask_merge(self, rows: Sequence[ConversationRow], guests: Sequence[str]) -> None:
        """Mail of different guests is hardly ever about one thing; a mark too many is soon set."""
        from crm_tui.widgets.dialogs import Answer, Ask

        title = _("{names} and {name} become one conversation?").format(names=", ".join(guests[:-1]), name=guests[-1])
        text = _("They are different guests: whoever answers it answers the one who wrote last.")

        def go(answer: str | None) -> None:
            if answer == "merge":
                self._merge(rows)

        self.app.push_screen(Ask(title, text, (Answer("merge", "m", _("Make them one")),)), go)

    def _pick_other(self, row: ConversationRow, found: Sequence[ConversationRow]) -> None:
        from crm_tui.widgets.dialogs import PickList
        from crm_tui.widgets.forms.choice import Choice

        listed = [one for shown, _query in self.lists for one in shown.visible_rows()]
        others = {one.id: one for one in (*found, *listed) if one.id != row.id}
        now, zone = self.shell.clock.now(), self.shell.zone
        choices = [
            Choice(
                one,
                f"{one.counterpart.label}: {one.subject or _('(no subject)')}",
                f"{side.place_title(one.folder)} · {age(one.last_at, now, zone).strip()}",
            )
            for one in others.values()
        ]

        def go(choice: Any) -> None:
            if choice is not None:
                self._merge([row, choice.value])

        title = _("Merge {what} with").format(what=named([row]))
        self.app.push_screen(PickList(title, choices, empty=_("There is no other conversation here.")), go)

    def _merge(self, rows: Sequence[ConversationRow]) -> None:
        ids = [row.id for row in rows]
        survivor = min(ids)

        def merge(ctx: Context) -> int:
            from crm_tui import desk

            return desk.splitting.merge(ctx, ids)

        def effect(row: ConversationRow) -> ConversationRow | None:
            return row if row.id == survivor else None

        said = ngettext(
            "{n} conversation is one now · z takes it back", "{n} conversations are one now · z takes it back", len(ids)
        ).format(n=len(ids))
        self.act(merge, effect, said, rows=rows)


def _guests(rows: Sequence[ConversationRow]) -> list[str]:
    """With whom the conversations are, everybody once."""
    found: dict[str, str] = {}
    for row in rows:
        who = row.counterpart
        found.setdefault((who.address or who.label).casefold(), who.label or _("(no sender)"))
    return list(found.values())


def _candidates(ctx: Context, conversation_id: int) -> Sequence[ConversationRow]:
    from crm_tui import desk

    return desk.splitting.candidates(ctx, conversation_id)
