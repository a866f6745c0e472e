"""The payment terms of an operator or the property, line by line; saved together, as percentages must total 100."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.schedule import WHOLE, TermLine
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.money.actions import TERMS
from crm_tui.screens.money.lines import TermBox
from crm_tui.screens.money.words import line_kind
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.money_views import TermsView


class TermRow(NamedTuple):
    """A line, told and as it is typed."""

    id: int
    line: TermLine
    share: str
    when: str
    typed: str


class TermRows:
    """Draws them."""

    def empty(self) -> Sequence[Part]:
        """What would fill it."""
        return [
            (_("No terms: nothing is due by itself."), "muted"),
            (_("+ adds a line, such as a deposit of 30 % seven days after booking."), "key"),
        ]

    def parts(self, row: TermRow, width: int) -> list[Part]:
        """Kind, share, when."""
        parts: list[Part] = [(" " + fit(line_kind(row.line.kind), 12), "strong"), (fit(row.share, 14, right=True), "")]
        return [*parts, (fit("  " + row.when, max(0, width - 27)), "muted")]


class TermsScreen(DeskScreen[None]):
    """One list; nothing is stored before ctrl+s."""

    CSS = "TermsScreen Line { background: $surface; }"
    BINDINGS = bindings(TERMS)

    def __init__(self, operator: int | None = None) -> None:
        super().__init__()
        self._operator = operator
        self._view: TermsView | None = None
        self._lines: list[TermLine] = []
        self._began: list[TermLine] = []
        self._currency = ""

    def body(self) -> ComposeResult:
        """Title, total, lines."""
        self.title_line, self.total = Line(id="title"), Line(id="total")
        self.list: RecordList[TermRow] = RecordList(TermRows(), self.shell.background, markable=False, id="terms")
        yield self.title_line
        yield self.total
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the terms once; what is being changed is not overwritten."""
        if self._view is None:

            def read(ctx: Context) -> tuple[TermsView, str]:
                with ctx.store.connect() as connection:
                    return desk.terms.shown(ctx, self._operator), desk.money_typed.property_currency(connection)

            self.ask(read, self._show, topic="terms")

    def _show(self, found: tuple[TermsView, str]) -> None:
        self._view, self._currency = found
        self._lines = [
            TermLine(
                one.kind,
                one.percent,
                one.amount.amount if one.amount else None,
                one.anchor,
                one.days,
                one.amount.currency if one.amount else "",
            )
            for one in self._view.lines
        ]
        self._began = list(self._lines)
        self._draw()

    def _draw(self) -> None:
        lines = list(self._lines)

        def told(_ctx: Context) -> list[TermRow]:
            words, view = desk.term_words, desk.terms.view
            return [
                TermRow(
                    number,
                    one,
                    words.share_words(view(one)),
                    words.when_words(one.anchor, one.days),
                    words.typed_share(view(one)),
                )
                for number, one in enumerate(lines, 1)
            ]

        self.ask(told, self._drawn, topic="draw")

    def _drawn(self, rows: list[TermRow]) -> None:
        name = self._view.name if self._view is not None else ""
        title = _("TERMS OF {name}").format(name=name) if name else _("TERMS OF THE PROPERTY")
        count = ngettext("{n} line", "{n} lines", len(rows)).format(n=len(rows))
        self.title_line.show(list_title(title, count, filtered=_("changed, ctrl+s saves") if self.dirty else ""))
        total = sum(one.percent or 0 for one in self._lines)
        shares = any(one.percent is not None for one in self._lines)
        good = total == WHOLE or not shares
        words = _("Percentages total {total} %").format(total=f"{total / 100:g}") if shares else ""
        rest = _("the last line takes the rest") if self._lines and not shares else ""
        sign = "✔" if good else "!"
        text = f" {sign} {words or rest}" if words or rest else ""
        self.total.show([(text, "good" if good else "bad")])
        self.list.set_source(ListSource(rows), keep=self.list.current)
        self.list.repaint()
        self.refresh_bindings()

    @property
    def dirty(self) -> bool:
        """Whether something was changed and not saved."""
        return self._lines != self._began

    @property
    def unsaved(self) -> str:
        """Terms that were changed."""
        return _("These terms are changed and not saved.") if self.dirty else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a line there is none to change."""
        if action in ("edit", "remove"):
            return True if self._lines else None
        return (True if self.dirty else None) if action == "save" else True

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.action_edit()

    def action_add(self) -> None:
        """One more line."""
        self.app.push_screen(TermBox(_("One more line"), None, self._currency), self._added)

    def _added(self, line: Any) -> None:
        if line is not None:
            self._lines.append(line)
            self._draw()

    def action_edit(self) -> None:
        """Change the line under the cursor."""
        row = self.list.current
        if row is None:
            return
        typed = {"kind": row.line.kind, "share": row.typed, "anchor": row.line.anchor, "days": str(row.line.days)}

        def changed(line: Any) -> None:
            if line is not None and row.id <= len(self._lines):
                self._lines[row.id - 1] = line
                self._draw()

        self.app.push_screen(TermBox(f"{line_kind(row.line.kind)} {row.share}", typed, self._currency), changed)

    def action_remove(self) -> None:
        """Take the line out; nothing is stored yet."""
        row = self.list.current
        if row is not None and row.id <= len(self._lines):
            del self._lines[row.id - 1]
            self._draw()

    def action_save(self) -> None:
        """Store them."""
        view, lines = self._view, list(self._lines)
        if view is None:
            return

        def saved(_terms: Any) -> None:
            self._began = lines
            self.shell.tell(_("The terms are saved; they hold for what is booked from now on · z takes it back"))
            self.dismiss()

        self.ask(lambda ctx: desk.terms.set(ctx, view.operator, lines, mark=view.mark), saved, in_order=True)

    def action_back(self) -> None:
        """Leave; changed terms are asked about once."""
        if not self.dirty:
            super().action_back()
            return
        answers = (
            Answer("save", "y", _("Save them")),
            Answer("stay", "n", _("Go on changing them")),
            Answer("drop", "d", _("Leave them as they were"), danger=True),
        )

        def answered(answer: str | None) -> None:
            if answer == "save":
                self.action_save()
            elif answer == "drop":
                self.dismiss()

        self.app.push_screen(Ask(_("These terms are changed and not saved."), "", answers), answered)
