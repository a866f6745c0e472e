"""How a report is narrowed: a field for each of its filters, filled from what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, Form, PickField

if TYPE_CHECKING:
    from crm_tui.desk.reports import Report


class ReportFilter(Dialog[dict[str, str] | None]):
    """Asks what to count; dismissed with the filters by name, or None."""

    DEFAULT_CSS = """
    ReportFilter {
        align: center middle;
        DialogBox { width: 76; }
        Form { height: auto; }
        Field .field--label { width: 14; }
        Field .field--error { padding: 0 0 0 14; }
        Form > .form--help { padding: 0 0 0 14; height: 1; margin: 0; }
    }
    """

    def __init__(self, report: Report, given: Mapping[str, str]) -> None:
        super().__init__()
        self._report, self._given = report, dict(given)
        self._choices: dict[str, list[Choice]] = {}

    def compose(self) -> ComposeResult:
        """Title and form."""
        from crm_tui.desk.reports import FILTERS

        with DialogBox():
            yield DialogTitle(_("What {list} counts").format(list=_(self._report.title)))
            yield Form(
                *(
                    PickField(
                        name,
                        _(FILTERS[name]),
                        self._of(name),
                        self._given.get(name, ""),
                        labels=self._label(name),
                        help=_("Enter chooses; a few letters find it."),
                    )
                    for name in self._report.filters
                )
            )
            yield Static(Content(_("ctrl+s shows that · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The first field; what there is to choose."""
        next(iter(self.query_one(Form).fields.values())).focus_control()
        self.ask(lambda ctx: desk.reports.choices(ctx, self._report), self._offer, topic="choices")

    def _offer(self, found: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        self._choices = {
            name: [Choice("", _("all")), *(Choice(value, label) for value, label in pairs)]
            for name, pairs in found.items()
        }

    def _of(self, name: str) -> Callable[[], Sequence[Choice]]:
        return lambda: self._choices.get(name, [Choice("", _("all"))])

    def _label(self, name: str) -> Callable[[object], str]:
        def label(value: object) -> str:
            if not value:
                return _("all")
            known = {one.value: one.label for one in self._choices.get(name, ())}
            statuses = self._report.statuses if name == "status" else {}
            return known.get(value) or (_(statuses[str(value)]) if str(value) in statuses else str(value))

        return label

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self.dismiss({name: str(value) for name, value in event.values.items() if value})

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
