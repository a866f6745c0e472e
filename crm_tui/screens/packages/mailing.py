"""A mailing under way: how far it is, who is next, and what became of each guest's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.groups.mailing_views import ITEM_STATES, STATES, Letter, MailingItemRow, MailingView
from crm_tui.rules.vocabulary import MailingItemState, MailingState
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.packages.actions import MAILING
from crm_tui.screens.packages.letter import LetterDialog
from crm_tui.screens.packages.rows import STATE_SIGNS, ItemRows, PagedSource, gauge, signs
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

OVER = (MailingState.DONE, MailingState.STOPPED)
_KEYS = {"w": "waiting", "q": "queued", "s": "sent", "x": "failed", "l": "left out"}


class MailingScreen(DeskScreen[None]):
    """A bar above the guests of the mailing."""

    CSS = """
    MailingScreen Line { background: $surface; }
    MailingScreen #bar { height: 1; }
    """
    BINDINGS = bindings(MAILING)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._states: tuple[str, ...] = ()
        self.mailing: MailingView | None = None

    def body(self) -> ComposeResult:
        """Title, bar, what holds it up, guests."""
        self.view = ItemRows(self.shell)
        self.title_line = Line(id="list-title")
        self.bar = Line(id="bar")
        self.note = Line(id="note")
        self.list: RecordList[MailingItemRow] = RecordList(self.view, self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.bar
        yield self.note
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read mailing and guests."""
        self._read()
        self._read_list()

    def desk_changed(self, changes: Changes) -> None:
        """A mail was queued, sent or failed."""
        if changes.everything or changes.ids.keys() & {"mailing", "outbox", "guest", "account"}:
            self._read()
            self.list.reload()

    def minute_passed(self) -> None:
        """Times move on."""
        self.list.repaint()

    def on_resize(self) -> None:
        """The bar fills the width."""
        if self.mailing is not None:
            self._show(self.mailing)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def _read(self) -> None:
        number = self._number
        self.ask(lambda ctx: desk.mailings.progress(ctx, number), self._show, topic="mailing")

    def _read_list(self) -> None:
        ctx = self.shell.ctx
        number, states = self._number, self._states
        self.view.empty_text = [(_("None of its guests stands so."), "muted"), (_("Esc shows all of them."), "key")]
        if ctx is not None:
            self.list.set_source(PagedSource(ctx, lambda: desk.mailing_rows.Items(number, states)))

    def _show(self, found: MailingView) -> None:
        self.mailing = found
        sign, look = STATE_SIGNS[found.state]
        words = said(STATES, found.state)
        states = ", ".join(said(ITEM_STATES, state) for state in self._states)
        title = f"“{found.template_name}” → {found.package_name}"
        self.title_line.show(list_title(title, "", filtered=states), [(f"{sign} {words} ", look)])
        width = max(10, self.size.width - len(found.summary) - 4)
        bar: list[Part] = [(" ", ""), *gauge(found.done, found.total, width), ("  " + found.summary, "strong")]
        self.bar.show(bar)
        self.note.show(*_note(found))
        self.refresh_bindings()

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is None:
            return
        if row.conversation is not None:
            self.shell.open_conversation(row.conversation)
        else:
            self.action_look()

    # Acting

    @property
    def key_words(self) -> dict[str, str]:
        """What is paused goes on by the same key."""
        mailing = self.mailing
        paused = mailing is not None and mailing.state == MailingState.PAUSED
        return {"mailing.pause": _("Resume")} if paused else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is over is over."""
        mailing = self.mailing
        if action in ("pause", "stop"):
            return bool(mailing is not None and mailing.state not in OVER)
        if action == "retry":
            return bool(mailing is not None and mailing.failed and mailing.state != MailingState.STOPPED)
        return True

    def action_pause(self) -> None:
        """Pause, or go on."""
        mailing, number = self.mailing, self._number
        if mailing is not None:
            running = mailing.state == MailingState.RUNNING
            self.ask(lambda ctx: (desk.mailings.pause if running else desk.mailings.resume)(ctx, number), self._show)

    def action_stop(self) -> None:
        """Stop it for good, after asking with the count as it stands then."""
        number = self._number
        self.ask(lambda ctx: desk.mailings.progress(ctx, number), self._ask_stop, topic="stop")

    def _ask_stop(self, mailing: MailingView) -> None:
        self._show(mailing)
        if mailing.state in OVER:
            self.shell.tell(mailing.summary)
            return
        left = mailing.waiting + mailing.under_way
        text = ngettext(
            "{sent} were sent by now and stay so. {n} guest is not written to any more.",
            "{sent} were sent by now and stay so. {n} guests are not written to any more.",
            left,
        ).format(n=left, sent=mailing.sent)
        if mailing.state == MailingState.RUNNING:
            text += " " + _("It goes on while you think; what goes out until you answer stays sent, too.")
        ask = ask_once(_("Stop “{name}” for good?").format(name=mailing.template_name), text, _("Stop it"))
        number = self._number

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.ask(lambda ctx: desk.mailings.stop(ctx, number), self._show)

        self.app.push_screen(ask, answered)

    def action_retry(self) -> None:
        """Send what failed again."""
        number = self._number

        def done(mails: int) -> None:
            words = ngettext("{n} mail is sent again", "{n} mails are sent again", mails).format(n=mails)
            none = _("None can be sent again: they may have arrived, or another mailing reached the guest.")
            self.shell.tell(words if mails else none, warning=not mails)

        self.ask(lambda ctx: desk.mailings.retry(ctx, number), done)

    def action_filter(self) -> None:
        """Choose by a letter whom to show."""
        choices = [Choice("a", _("All"), "")]
        choices += [Choice(key, said(ITEM_STATES, state).capitalize(), state) for key, state in _KEYS.items()]
        self.app.push_screen(LeaderMenu(_("Show"), choices), self._filtered)

    def _filtered(self, answer: str | None) -> None:
        if answer is not None:
            self._states = (str(MailingItemState(answer)),) if answer else ()
            self._read_list()
            self._read()

    def action_look(self) -> None:
        """The mail of this guest, by the frozen texts."""
        row, number = self.list.current, self._number
        if row is None:
            return

        def show(letter: Letter) -> None:
            why = row.words if row.state == MailingItemState.LEFT_OUT else ""
            self.app.push_screen(LetterDialog(letter, why))

        self.ask(lambda ctx: desk.mailings.text_for(ctx, number, row.guest), show, topic="letter")

    def action_back(self) -> None:
        """A filter goes first."""
        if self._states:
            self._filtered("")
        else:
            super().action_back()


def _note(found: MailingView) -> tuple[list[Part], list[Part]]:
    """What holds it up, else who is next; and whom it leaves out."""
    left: list[Part] = []
    if found.holdup:
        left = [(" ! ", "warn"), (found.holdup, "warn")]
    elif found.next_name:
        left = [(" " + _("next: "), "muted"), (found.next_name, "")]
    right = _("from {address}").format(address=found.sender)
    return left, [(right + " ", "muted")]
