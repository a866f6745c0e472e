"""Writing to a colleague: one key, the colleague's letter, the text, ctrl+s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import N_, _
from crm_tui.screens.base import Asking, Dialog
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle
from crm_tui.widgets.forms import shelf
from crm_tui.widgets.forms.lines import LinesArea

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationRow


class About(NamedTuple):
    """What an internal message is about: a conversation, an inquiry, a guest or a reservation, and its display-safe name."""

    conversation: int | None = None
    inquiry: int | None = None
    name: str = ""
    guest: int | None = None
    reservation: int | None = None


def about_row(row: ConversationRow) -> About:
    """A conversation of a list, as what a message is about."""
    return About(conversation=row.id, name=" · ".join(part for part in (row.counterpart.label, row.subject) if part))


class InternalBox(Dialog[None]):
    """A text for one colleague. ctrl+s sends it; Esc keeps it for the next time.

    Args:
        to: the colleague's name.
        about: what it is about.
    """

    writes = True

    DEFAULT_CSS = """
    InternalBox {
        align: center middle;
        DialogBox { width: 84; }
        LinesArea { height: 8; max-width: 100%; background: $panel; }
        LinesArea:focus { background: $panel; }
        #fault { height: auto; }
    }
    """
    BINDINGS = [Binding("escape", "leave", N_("Back")), Binding("ctrl+s", "send", N_("Send"), priority=True)]

    def __init__(self, to: str, about: About) -> None:
        super().__init__()
        self._to, self._about = to, about
        self._keep = f"internal {to} {about.conversation} {about.inquiry} {about.guest} {about.reservation}"
        self._sending = False

    def compose(self) -> ComposeResult:
        """Title, text, fault, keys."""
        kept = shelf(self.app).get(self._keep, {}).get("text", "")
        with DialogBox():
            yield DialogTitle(_("To {name} · about {what}").format(name=self._to, what=cut(self._about.name, 60)))
            yield LinesArea(kept, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, id="text")
            yield Static("", id="fault")
            words = _("For the team only, never sent to a guest · ctrl+s sends · Esc keeps it")
            yield Static(Content(words), classes="dialog--keys")

    @property
    def area(self) -> LinesArea:
        """Where it is written."""
        return self.query_one(LinesArea)

    def on_mount(self) -> None:
        """Type at once, behind what stands there."""
        self.area.cursor_blink = False
        self.area.move_cursor(self.area.document.end)
        self.set_focus(self.area)

    def action_leave(self) -> None:
        """Keep what is written."""
        text = self.area.text.strip()
        if text:
            shelf(self.app)[self._keep] = {"text": text}
        else:
            shelf(self.app).pop(self._keep, None)
        self.dismiss(None)

    def action_send(self) -> None:
        """Send it."""
        if not self._sending:
            text = self.area.text
            self._sending = self.ask(lambda ctx: self._send(ctx, text), self._sent, failed=self._failed)

    def _send(self, ctx: Context, text: str) -> int:
        from crm_tui import desk

        about = self._about
        on = {"inquiry": about.inquiry, "conversation": about.conversation, "guest": about.guest}
        return desk.internal.send(ctx, self._to, text, **on, reservation=about.reservation)

    def _sent(self, _number: int) -> None:
        shelf(self.app).pop(self._keep, None)
        self.shell.tell(_("Sent to {name} · z takes it back until it is read").format(name=self._to))
        self.dismiss(None)

    def _failed(self, error: Exception) -> None:
        from crm_tui.desk.shifts.internal import HiddenFromThem

        self._sending = False
        if isinstance(error, HiddenFromThem) and error.inquiry is not None:
            self._offer_scope(error, error.inquiry)
        else:
            self.query_one("#fault", Static).update(Content.styled(str(error), "$text-error"))

    def _offer_scope(self, error: Exception, inquiry: int) -> None:
        """The colleague may not see the thing: open it to everyone, or leave it as it is."""

        text = self.area.text

        def opened_and_sent(ctx: Context) -> int:
            from crm_tui import desk

            view = desk.inquiries.get(ctx, inquiry)
            desk.inquiries.set(ctx, inquiry, view.version, {"scope": "everyone"})
            return self._send(ctx, text)

        def answered(answer: str | None) -> None:
            if answer == "open":
                self._sending = self.ask(opened_and_sent, self._sent, failed=self._failed)

        answers = (
            Answer("keep", "n", _("Leave it as it is; nothing is sent")),
            Answer("open", "y", _("Show inquiry {number} to everyone and send").format(number=inquiry)),
        )
        self.app.push_screen(Ask(_("{name} may not see this").format(name=self._to), str(error), answers), answered)


class WritesInternal(Asking):
    """Mixin of screens that show a conversation or an inquiry."""

    if TYPE_CHECKING:
        app: Any

    @property
    def about(self) -> About | None:
        """What a message to a colleague would be about; None: nothing is there."""
        raise NotImplementedError

    def action_write_internal(self) -> None:
        """Choose a colleague by a letter, then write."""
        about = self.about
        if about is not None and not self.ask(_recipients, lambda names: write_to(self.app, names, about)):
            self.shell.tell(_("The desk is still opening."), warning=True)


def _recipients(ctx: Context) -> list[str]:
    from crm_tui import desk

    return desk.internal.recipients(ctx)


def write_to(app: Any, names: Sequence[str], about: About) -> None:
    """Ask who shall get it; with one colleague there is nothing to choose."""
    if not names:
        app.tell(_("You are the only agent: a memo is for yourself."))
    elif len(names) == 1:
        app.push_screen(InternalBox(names[0], about))
    else:
        choices = [Choice(letter, name, name) for letter, name in lettered(names)]

        def chosen(name: str | None) -> None:
            if name is not None:
                app.push_screen(InternalBox(name, about))

        app.push_screen(LeaderMenu(_("Write to"), choices), chosen)


def lettered(names: Sequence[str]) -> list[tuple[str, str]]:
    """A letter for each name: its first that is still free, else any; the same names get the same letters."""
    import unicodedata

    taken: set[str] = set()
    found = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).casefold()
        letters = [letter for letter in plain if letter.isascii() and letter.isalnum()]
        free = next(
            (letter for letter in [*letters, *"abcdefghijklmnopqrstuvwxyz0123456789"] if letter not in taken), ""
        )
        if free:
            taken.add(free)
            found.append((free, name))
    return found
