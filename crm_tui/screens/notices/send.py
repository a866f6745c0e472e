"""Reminding a guest of a payment by hand: whom, how much, the text as it goes out; ctrl+s sends it."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static, TextArea

from crm_tui import desk
from crm_tui.base.i18n import N_, _, language, ngettext
from crm_tui.desk.watchlists.notice_views import MAIL, SMS, HandNotice
from crm_tui.rules.sms import size
from crm_tui.screens.base import Dialog
from crm_tui.widgets.days import written
from crm_tui.widgets.dialogs import DialogBox
from crm_tui.widgets.forms import shelf
from crm_tui.widgets.forms.field import ERROR_SIGN
from crm_tui.widgets.forms.lines import LinesArea
from crm_tui.widgets.forms.text import SearchLine


class NoticeDialog(Dialog[int | None]):
    """A reminder as it goes out, to be looked at and changed; its result is the reminder's number, or None.

    Where the guest may not want it that is said, and ctrl+s has to be pressed twice.

    Args:
        reservation_id: of which something is missing.
        channel: mail or sms.
    """

    writes = True

    DEFAULT_CSS = """
    NoticeDialog {
        align: center middle;
        DialogBox { width: 90; }
        #notice--head { height: 1; color: $primary; text-style: bold; }
        #notice--whom { height: auto; max-height: 2; margin: 0 0 1 0; }
        SearchLine { margin: 0 0 1 0; }
        LinesArea { height: 8; max-width: 100%; background: $panel; scrollbar-size-vertical: 1; }
        LinesArea:focus { background: $panel; }
        &.-sms LinesArea { height: 5; }
        &.-sms SearchLine { display: none; }
        #notice--said { height: auto; max-height: 3; color: $text-muted; padding: 0 1; }
        #notice--said.-warn { color: $text-warning; }
        #notice--said.-wrong { color: $text-error; }
    }
    """

    BINDINGS = [Binding("escape", "close", N_("Back")), Binding("ctrl+s", "send", N_("Send"), priority=True)]

    def __init__(self, reservation_id: int, channel: str = MAIL) -> None:
        super().__init__(classes="-sms" if channel == SMS else "")
        self._reservation, self._channel = reservation_id, channel
        self._keep = f"notice {reservation_id} {channel}"
        self._shown: HandNotice | None = None
        self._warned = self._sending = self._asked = False
        self._head = Static("", id="notice--head")
        self._whom = Static("", id="notice--whom")
        self._subject = SearchLine("", placeholder=_("Subject"))
        self._area = LinesArea("", soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self._said = Static("", id="notice--said")

    def compose(self) -> ComposeResult:
        """Head, whom, subject, text, what is to be known, keys."""
        with DialogBox():
            yield self._head
            yield self._whom
            yield self._subject
            yield self._area
            yield self._said
            yield Static(Content(_("ctrl+s sends · Tab subject and text · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Ask for the text; one may type at once."""
        self._title("")
        self._area.cursor_blink = False
        self.set_focus(self._area)
        number, channel = self._reservation, self._channel

        def failed(error: Exception) -> None:
            self.shell.report(error)
            self.dismiss(None)

        self.ask(lambda ctx: desk.notices.draft(ctx, number, channel), self._show, failed=failed)

    def on_resize(self) -> None:
        """A longer text where there is room."""
        room = self.size.height - (11 if self._channel == SMS else 16)
        self._area.styles.height = max(5, min(5 if self._channel == SMS else 16, room))

    def _title(self, code: str) -> None:
        words = _("Payment reminder by SMS") if self._channel == SMS else _("Payment reminder by mail")
        self._head.update(Content(f"{words} · {code}" if code else words))

    def _show(self, shown: HandNotice) -> None:
        self._shown = shown
        self._title(shown.code)
        due = _("due {day}").format(day=written(shown.due)) if shown.due else ""
        amount = shown.amount.written(language())
        self._whom.update(
            Content.assemble(
                (shown.name, "bold"), f" <{shown.address}>\n", (amount, "bold $primary"), (f"  {due}", "$desk-muted")
            )
        )
        kept = shelf(self.app).get(self._keep, {})
        if kept.get("of") != shown.text:  # another amount, another day: what was typed then does not hold any more
            kept = {}
        self._subject.value = kept.get("subject", shown.subject)
        self._area.text = kept.get("text", shown.text)
        self._tell()
        if self._asked:  # ctrl+s was quicker than the text: it is looked at first
            self._asked = False

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._warned = False
        self._tell()

    def _tell(self) -> None:
        shown = self._shown
        if shown is None:
            return
        warnings = list(shown.warnings)
        if shown.gaps and any(f"⟦{gap}⟧" in self._area.text + self._subject.value for gap in shown.gaps):
            warnings.append(_("Something is missing in this text: {names}.").format(names=", ".join(shown.gaps)))
        parts = []
        if self._channel == SMS:
            found = size(self._area.text)
            words = ngettext("{letters} letters, {n} message", "{letters} letters, {n} messages", found.parts)
            parts.append(words.format(letters=found.letters, n=found.parts))
        parts += [f"! {one}" for one in warnings]
        if warnings and self._warned:
            parts.append(_("ctrl+s once more sends it nevertheless."))
        self._said.update(Content("\n".join(parts)))
        self._said.set_class(bool(warnings), "-warn")
        self._said.remove_class("-wrong")

    def action_send(self) -> None:
        """Send it; the first time where it may not be wanted only say so."""
        shown = self._shown
        if shown is None or self._sending:
            return
        if shown.warnings and not self._warned:
            self._warned = True
            self._tell()
            return
        self._sending = True
        text, subject = self._area.text, self._subject.value
        number, channel, sure = self._reservation, self._channel, self._warned

        self.ask(
            lambda ctx: desk.notices.by_hand(ctx, number, channel, text, subject=subject or None, sure=sure),
            self._sent,
            failed=self._failed,
            in_order=True,
        )

    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        shown, text, subject = self._shown, self._area.text, self._subject.value
        if shown is not None and (text, subject) != (shown.text, shown.subject):
            shelf(self.app)[self._keep] = {"text": text, "subject": subject, "of": shown.text}
        else:
            shelf(self.app).pop(self._keep, None)
        self.dismiss(None)

    def _sent(self, number: int) -> None:
        shelf(self.app).pop(self._keep, None)
        self.shell.tell(_("The payment reminder goes out · z takes it back"))
        self.dismiss(number)

    def _failed(self, error: Exception) -> None:
        from crm_tui.base.errors import CrmError

        self._sending = False
        if not isinstance(error, CrmError):
            self.shell.report(error)
            return
        self._said.update(Content(f"{ERROR_SIGN} {error}"))
        self._said.remove_class("-warn")
        self._said.add_class("-wrong")
