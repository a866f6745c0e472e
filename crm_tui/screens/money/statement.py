"""Bank statements: lines that were pasted, the reservation each may pay for and why; one key books one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.money.statement_views import REASONS, BankLineView, ProposalView, StatementView
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.screens.base import DeskScreen, Dialog
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.money.actions import STATEMENT
from crm_tui.screens.money.words import amount, day_words
from crm_tui.screens.packages.naming import needed
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle, PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.forms.lines import LinesArea
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

_CODE = object()
"""The choice of typing a code."""


class BankRows:
    """Draws the lines."""

    def empty(self) -> Sequence[Part]:
        """What would fill it."""
        return [
            (_("No bank line waits."), "muted"),
            (_("Paste lines of a statement onto this list, or press v for a box."), "key"),
            (_("Tables with tabs, semicolons or commas, MT940, and plain lines are read."), "muted"),
        ]

    def parts(self, row: BankLineView, width: int) -> list[Part]:
        """Day, amount, proposal, text."""
        day = day_words(row.day) if row.day else "–"
        money = amount(row.amount) if row.amount is not None else _("no amount")
        look = "bad" if row.amount is None else "" if row.amount.amount > 0 else "warn"
        parts: list[Part] = [(" " + fit(day, 12), "muted"), (fit(money, 15, right=True), look), ("  ", "")]
        if row.proposals:
            first = row.proposals[0]
            sign = "→" if row.certain else "?"
            told = f"{first.code} {first.holder}"
            parts += [(f"{sign} ", "good" if row.certain else "warn"), (fit(told, 24), "strong" if row.certain else "")]
        else:
            parts.append((fit("–", 26), "muted"))
        return [*parts, (fit(" " + row.text, max(0, width - 56)), "muted")]


class PasteBox(Dialog[str | None]):
    """A box for the text of a statement; dismissed with it."""

    DEFAULT_CSS = """
    PasteBox {
        align: center middle;
        DialogBox { width: 96%; max-width: 140; }
        LinesArea { height: 12; max-width: 100%; background: $panel; }
    }
    """
    BINDINGS = [("ctrl+s", "take", "")]

    def compose(self) -> ComposeResult:
        """Title and area."""
        self.area = LinesArea("", soft_wrap=False, tab_behavior="indent", highlight_cursor_line=False)
        with DialogBox():
            yield DialogTitle(_("Paste the lines of a bank statement"))
            yield self.area
            yield Static(Content(_("ctrl+s reads them · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Paste at once."""
        self.area.focus()

    def action_take(self) -> None:
        """Hand it out."""
        if self.area.text.strip():
            self.dismiss(self.area.text)


class StatementScreen(DeskScreen[None]):
    """The lines that wait; above them the whole of the one under the cursor, and why a reservation is proposed."""

    CSS = """
    StatementScreen Line { background: $surface; }
    StatementScreen #detail { height: 7; padding: 0 1; border-bottom: solid $panel; overflow-y: auto; }
    """
    BINDINGS = bindings(STATEMENT)

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[int, ProposalView] = {}

    def body(self) -> ComposeResult:
        """Title, lines, detail."""
        self.title_line = Line(id="title")
        self.list: RecordList[BankLineView] = RecordList(BankRows(), self.shell.background, id="bank-lines")
        self.detail = Static("", id="detail")
        yield self.title_line
        yield self.detail  # above the list: what is told in passing stands at the lower right
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [("→", _("this reservation is likelier than any other")), ("?", _("several are as likely"))]

    def desk_ready(self) -> None:
        """Read what waits."""
        self.ask(lambda ctx: desk.statements.waiting(ctx), self._show, topic="statement")

    def desk_changed(self, changes: Changes) -> None:
        """Lines were pasted or booked, or what is missing changed."""
        if changes.everything or changes.ids.keys() & {"bank line", "payment", "reservation"}:
            self.desk_ready()

    def _show(self, view: StatementView) -> None:
        n, sure = len(view.lines), sum(one.certain for one in view.lines)
        count = ngettext("{n} line waits", "{n} lines wait", n).format(n=n)
        proposed = ngettext("{n} with a proposal", "{n} with a proposal", sure).format(n=sure) if n else ""
        self.title_line.show(list_title(_("BANK STATEMENT"), count, filtered=proposed))
        self.list.set_source(ListSource(list(view.lines)), keep=self.list.current)
        self.list.repaint()
        self._tell_detail()

    @on(RecordList.Highlighted)
    @on(RecordList.Loaded)
    def _tell_detail(self) -> None:
        row = self.list.current
        self.refresh_bindings()
        self.detail.display = row is not None
        if row is None:
            return
        parts: list[Any] = [row.text, "\n"]
        chosen = self._proposal(row)
        for one in self._offered(row):
            reasons = ", ".join(_(REASONS[word]) for word in one.reasons) or _("chosen by hand")
            missing = _("missing {amount}").format(amount=amount(one.missing)) if one.missing.amount else _("covered")
            here = chosen is not None and chosen.reservation == one.reservation
            parts += [
                ("\n▸ " if here else "\n  ", "bold"),
                (f"{one.code} {one.holder}", "bold" if here else ""),
                (f" · {missing} · {reasons}", "" if here else "dim"),
            ]
        if not row.proposals and row.id not in self._chosen:
            words = _("No reservation fits: a chooses one by its code, x puts the line aside.")
            parts += ["\n", (words, "dim")]
        self.detail.update(Content.assemble(*parts))

    def _offered(self, row: BankLineView) -> list[ProposalView]:
        by_hand = self._chosen.get(row.id)
        known = [one for one in row.proposals if by_hand is None or one.reservation != by_hand.reservation]
        return ([by_hand] if by_hand is not None else []) + known

    def _proposal(self, row: BankLineView) -> ProposalView | None:
        offered = self._offered(row)
        return offered[0] if offered and (row.id in self._chosen or row.certain) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only what has one likeliest reservation is booked by one key."""
        row = self.list.current if hasattr(self, "list") else None
        if action == "confirm":
            return False if row is None else True if self._proposal(row) is not None else None
        if action in ("other", "aside"):
            return row is not None
        return True

    # Pasting

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted onto the list is a statement."""
        event.stop()
        self._pasted(event.text)

    def action_paste(self) -> None:
        """A box, for terminals that paste key by key."""
        self.app.push_screen(PasteBox(), self._pasted)

    def _pasted(self, text: str | None) -> None:
        if text:
            self.ask(lambda ctx: desk.statements.paste(ctx, text), self._told_paste, in_order=True)

    def _told_paste(self, view: StatementView) -> None:
        n, waiting = len(view.lines), len(view.open)
        words = ngettext("{n} line read", "{n} lines read", n).format(n=n)
        if waiting < n:
            known = n - waiting
            words += ", " + ngettext("{n} was dealt with before", "{n} were dealt with before", known).format(n=known)
        self.shell.tell(_("{done} · z takes it back").format(done=words))

    # One line

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        one = self._proposal(row) if row is not None else None
        if one is not None:
            self.shell.open_reservation(one.reservation)
        elif row is not None:
            self.action_other()

    def action_confirm(self) -> None:
        """Book the line."""
        row = self.list.current
        one = self._proposal(row) if row is not None else None
        if row is not None and one is not None:
            self._book(row, one, sure=False)

    def _book(self, row: BankLineView, one: ProposalView, *, sure: bool) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, CrmError) and getattr(error, "doubtful", False):
                answers = (Answer("no", "n", _("Do not record it")), Answer("yes", "y", _("Record it all the same")))
                ask = Ask(error.message, error.hint, answers)
                self.app.push_screen(ask, lambda answer: self._book(row, one, sure=True) if answer == "yes" else None)
            else:
                self.shell.report(error)

        def booked(made: PaymentView) -> None:
            facts = {"amount": amount(made.amount), "code": one.code}
            self.shell.tell(_("{amount} booked on {code} · z takes it back").format(**facts))

        self.ask(
            lambda ctx: desk.statements.confirm(ctx, row.id, one.reservation, sure=sure),
            booked,
            failed=failed,
            in_order=True,
        )

    def action_other(self) -> None:
        """Choose among those proposed, or type a code."""
        row = self.list.current
        if row is None:
            return
        choices = [
            Choice(one, f"{one.code} {one.holder}", ", ".join(_(REASONS[word]) for word in one.reasons))
            for one in row.proposals
        ]
        if not choices:
            self._ask_code(row)
            return
        choices.append(Choice(_CODE, _("Another: by its code")))

        def picked(choice: Choice | None) -> None:
            if choice is not None and choice.value is _CODE:
                self._ask_code(row)
            elif choice is not None:
                self._choose(row, choice.value)

        self.app.push_screen(PickList(_("Which reservation does this pay for?"), choices), picked)

    def _ask_code(self, row: BankLineView) -> None:
        def typed(code: str | None) -> None:
            if code:
                self.ask(lambda ctx: desk.statements.proposal_of(ctx, code), lambda one: self._choose(row, one))

        self.app.push_screen(AskLine(_("Code of the reservation"), judge=needed), typed)

    def _choose(self, row: BankLineView, one: ProposalView) -> None:
        self._chosen[row.id] = one
        self._tell_detail()
        self.shell.tell(_("{code} is chosen; y books it.").format(code=one.code))

    def action_aside(self) -> None:
        """Put the line, or those marked, aside."""
        row = self.list.current
        ids = [one.id for one in self.list.marked] or ([row.id] if row is not None else [])
        if ids:
            said = ngettext("{n} line put aside", "{n} lines put aside", len(ids)).format(n=len(ids))
            self.ask(
                lambda ctx: desk.statements.dismiss(ctx, ids),
                lambda _done: self.shell.tell(_("{done} · z takes it back").format(done=said)),
                in_order=True,
            )
