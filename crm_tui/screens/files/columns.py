"""The columns of a file: what each is taken for, how its days are written, how the file is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.desk.client_files.guest_import_views import Survey
from crm_tui.rules.import_columns import FIELDS, MANY
from crm_tui.rules.import_dates import Order
from crm_tui.screens.files.rows import ColumnRow, ColumnRows, field_words
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms.choice import Choice
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.base.progress import CancelEvent

ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1252", "iso-8859-2", "iso-8859-15", "cp852", "cp1251")


class TakesColumns:
    """Mixin of the screen of files: the file as it is to be read, and the list of its columns."""

    if TYPE_CHECKING:
        app: Any
        refresh_bindings: Any
        columns: RecordList[ColumnRow]
        column_view: ColumnRows
        _work: CancelEvent | None

        def _read(self) -> None: ...

        def _titles(self, busy: str = "") -> None: ...

        def _forget_result(self) -> None: ...

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._encoding = ""
        self._delimiter = ""
        self._survey: Survey | None = None
        self._mapping: dict[str, str] = {}
        self._orders: dict[str, Order] = {}

    def _take_file(self, path: Path | None, encoding: str = "", delimiter: str = "") -> None:
        """Another file, or the same read otherwise: nothing is known of its columns."""
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        self._mapping, self._orders = {}, {}

    def _show_columns(self) -> None:
        found = self._survey
        self.column_view.empty_text = [
            (_("No file is open."), "muted"),
            (_("+ opens a CSV, JSON or vCard file with guests or reservations, X exports guests."), "faint"),
        ]
        rows: list[ColumnRow] = []
        if found is not None:
            for number, column in enumerate(found.columns, 1):
                field, order = self._mapping.get(column.name, ""), self._orders.get(column.name, column.order)
                rows.append(ColumnRow(number, replace(column, field=field, order=order), found.rows))
        keep = self.columns.current
        self.columns.set_source(ListSource(rows), keep=keep if keep and len(rows) >= keep.id else None)
        self._titles()
        self.refresh_bindings()

    def choose_field(self) -> None:
        """Say which field of a guest the column under the cursor is."""
        row = self.columns.current
        if row is None or self._work is not None:
            return
        name = row.column.name
        held = {field: column for column, field in self._mapping.items() if field and field not in MANY}
        choices = [Choice("", field_words(""), _("the column is not imported"))]
        for field in FIELDS:
            by = held.get(field, "")
            choices.append(Choice(field, field_words(field), _("now {column}").format(column=by) if by else ""))

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                self._take_for(name, str(choice.value))

        self.app.push_screen(PickList(_("What is “{column}”?").format(column=name), choices), chosen)

    def _take_for(self, column: str, field: str) -> None:
        """A field that only one column can be leaves the column that was it."""
        if field and field not in MANY:
            self._mapping = {name: "" if one == field else one for name, one in self._mapping.items()}
        self._mapping[column] = field
        self._forget_result()
        self._show_columns()

    def action_days(self) -> None:
        """Day first or month first in the column."""
        row = self.columns.current
        if row is not None:
            now = self._orders.get(row.column.name, Order.DAY_FIRST)
            self._orders[row.column.name] = Order.DAY_FIRST if now is Order.MONTH_FIRST else Order.MONTH_FIRST
            self._forget_result()
            self._show_columns()

    def action_reading(self) -> None:
        """Another encoding or delimiter than the one that was found."""
        choices = [Choice(("", ""), _("as found out"))]
        choices += [Choice((name, self._delimiter), name, _("encoding")) for name in ENCODINGS]
        marks = ((";", _("semicolons")), (",", _("commas")), ("\t", _("tabs")), ("|", _("bars")))
        choices += [Choice((self._encoding, mark), word, _("between the columns")) for mark, word in marks]

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                self._take_file(self._path, *choice.value)
                self._forget_result()
                self._read()

        self.app.push_screen(PickList(_("How is the file read?"), choices), chosen)
