"""The schedule of a reservation: what is due when, what stands on it, changed with a reason or made anew from the terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.money import Money
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import ask_reason
from crm_tui.screens.money.actions import SCHEDULE
from crm_tui.screens.money.lines import LineBox
from crm_tui.screens.money.payment import PaymentDialog
from crm_tui.screens.money.words import (
    STATE_LOOKS,
    amount,
    day_words,
    differs_words,
    line_kind,
    state_words,
    sums_parts,
)
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
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.money.money_views import NewLine, ScheduleLineView, SchedulePreview, ScheduleView


class LineRows:
    """Draws the lines of a schedule."""

    terms: str | None = None
    ready = False

    def empty(self) -> Sequence[Part]:
        """What would fill it."""
        if not self.ready:
            return []
        if self.terms is None:
            return [
                (_("Nothing is due, and there are no payment terms yet."), "muted"),
                (_("g O sets terms, + adds a line by hand."), "key"),
            ]
        return [(_("Nothing is due."), "muted"), (_("A makes lines by the terms, + adds one by hand."), "key")]

    def parts(self, row: ScheduleLineView, width: int) -> list[Part]:
        """Sign, kind, day, amount, what is missing, state, reason."""
        sign, look = STATE_LOOKS[row.state]
        missing = (
            _("missing {amount}").format(amount=amount(row.missing)) if row.on.amount and row.missing.amount else ""
        )
        told = " · ".join(one for one in (state_words(row.state), missing, row.reason) if one)
        parts: list[Part] = [
            (f" {sign} ", look),
            (fit(line_kind(row.kind), 11), "strong"),
            (fit(day_words(row.due), 13), "bad" if row.state == "overdue" else ""),
            (fit(amount(row.amount), 16, right=True), "strong"),
            ("  ", ""),
        ]
        return [*parts, (fit(told, max(0, width - 45)), look if row.state != "open" else "muted")]


class ScheduleScreen(DeskScreen[None]):
    """One list; the sums above it."""

    CSS = "ScheduleScreen Line { background: $surface; }"
    BINDINGS = bindings(SCHEDULE)

    def __init__(self, reservation_id: int) -> None:
        super().__init__()
        self._reservation = reservation_id
        self._view: ScheduleView | None = None

    def body(self) -> ComposeResult:
        """Title, sums, warning, lines."""
        self.rows = LineRows()
        self.title_line, self.sums, self.warning = Line(id="title"), Line(id="sums"), Line(id="warning")
        self.list: RecordList[ScheduleLineView] = RecordList(
            self.rows, self.shell.background, markable=False, id="schedule"
        )
        yield self.title_line
        yield self.sums
        yield self.warning
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read it."""
        self.ask(lambda ctx: desk.schedules.shown(ctx, self._reservation), self._show, topic="schedule")

    def desk_changed(self, changes: Changes) -> None:
        """Lines, payments or the reservation itself changed."""
        if changes.everything or self._reservation in changes.ids.get("reservation", ()) or "terms" in changes.ids:
            self.desk_ready()

    def _show(self, view: ScheduleView) -> None:
        self._view = view
        self.rows.terms, self.rows.ready = view.terms, True
        count = ngettext("{n} line", "{n} lines", len(view.lines)).format(n=len(view.lines))
        name = _("SCHEDULE · {code} {holder}").format(code=view.code, holder=view.holder).rstrip()
        terms = "" if view.terms is None else _("terms of the property")
        terms = _("terms of {operator}").format(operator=view.terms) if view.terms else terms
        self.title_line.show(list_title(name, count, filtered=terms))
        self.sums.show(sums_parts(view))
        warning = differs_words(view) or ("" if view.asks else _("Cancelled: nothing is asked for."))
        self.warning.display = bool(warning)
        self.warning.show([(f" ! {warning}", "warn")])
        self.list.set_source(ListSource(list(view.lines)), keep=self.list.current)
        self.list.repaint()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a line there is none to change."""
        if action in ("edit", "remove"):
            return True if self._view is not None and self._view.lines else None
        if action in ("payment", "add"):
            return True if self._view is not None and self._view.currency else None
        return True

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.action_edit()

    def action_payment(self) -> None:
        """Record a payment."""
        self.app.push_screen(PaymentDialog(self._reservation))

    def action_edit(self) -> None:
        """Change the line under the cursor."""
        row, view = self.list.current, self._view
        if row is not None and view is not None:
            title = _("{kind} of {amount}").format(kind=line_kind(row.kind), amount=amount(row.amount))
            self._ask_line(view, title, row)

    def action_add(self) -> None:
        """One more line."""
        if self._view is not None:
            self._ask_line(self._view, _("One more line"), None)

    def _ask_line(self, view: ScheduleView, title: str, row: ScheduleLineView | None) -> None:
        def work(ctx: Context, version: int, values: dict[str, Any]) -> Any:
            return desk.schedule_edits.set_line(
                ctx, view.reservation, version, row.id if row is not None else 0, **values
            )

        def closed(changed: ScheduleView | None) -> None:
            if changed is not None:
                self.shell.tell(_("The schedule is changed · z takes it back"))

        today = lambda: self.shell.clock.now().astimezone(self.shell.zone).date()  # noqa: E731
        self.app.push_screen(LineBox(title, row, view, today, work), closed)

    def action_remove(self) -> None:
        """Take the line out."""
        row, view = self.list.current, self._view
        if row is None or view is None:
            return

        def given(reason: str | None) -> None:
            if reason:
                self.ask(
                    lambda ctx: desk.schedule_edits.remove_line(ctx, view.reservation, view.version, row.id, reason),
                    lambda _view: self.shell.tell(_("The line is out · z brings it back")),
                )

        self.app.push_screen(
            ask_reason(_("Why does the line of {amount} go?").format(amount=amount(row.amount))), given
        )

    def action_anew(self) -> None:
        """Show what the terms make, then make it so."""
        self.ask(lambda ctx: desk.schedules.preview(ctx, self._reservation), self._look)

    def _look(self, seen: SchedulePreview) -> None:
        if seen.same:
            self.shell.tell(_("The schedule is as the terms say."))
            return
        answers = (Answer("no", "n", _("Leave it as it is")), Answer("yes", "y", _("Make it so")))

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.ask(
                    lambda ctx: desk.schedules.regenerate(ctx, seen.reservation, seen.version),
                    lambda _view: self.shell.tell(_("The schedule is as the terms say · z takes it back")),
                )

        self.app.push_screen(Ask(_("Make the schedule anew from the terms?"), _side_by_side(seen), answers), answered)


def _side_by_side(seen: SchedulePreview) -> Content:
    """What goes, what stays, what comes."""
    was, then = [_plain(one) for one in seen.now], [_plain(one) for one in seen.then]
    rows: list[tuple[str, str]] = []
    for one in seen.now:
        stays = _plain(one) in then
        reason = f" ({one.reason})" if one.reason else ""
        rows.append((f"{'  ' if stays else '− '}{_told(one, seen.currency)}{reason}\n", "" if stays else "$text-error"))
    rows += [(f"+ {_told(one, seen.currency)}\n", "$text-success") for one in seen.then if _plain(one) not in was]
    return Content.assemble(*rows)


def _plain(line: NewLine) -> tuple[Any, ...]:
    return line.kind, line.due, line.amount


def _told(line: NewLine, currency: str) -> str:
    return f"{fit(line_kind(line.kind), 11)}{fit(day_words(line.due), 13)}{amount(Money(line.amount, currency)):>16}"
