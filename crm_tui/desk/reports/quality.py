"""What the reports on feedback and its costs share: what they are narrowed to, and how costs become rows (SPEC §11)."""

from __future__ import annotations

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.desk.quality import quality_reports
from crm_tui.desk.quality.quality_views import Costs, QualityFilter
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.mail.text import display_text
from crm_tui.rules.reporting import Column, Kind, Record

TITLES = {
    "code": N_("Code"),
    "item": N_("Item"),
    "room": N_("Room"),
    "employee": N_("Employee"),
    "month": N_("Month"),
}


def titled(by: str) -> Column:
    """The column that says what a row stands for."""
    return Column(by, TITLES[by])


def label(by: str, words: str) -> str:
    """What a row is called; ``words`` empty: nothing was said."""
    return words or (_("(none)") if by != "month" else "")


def only(asked: Asked) -> QualityFilter:
    """What a report is narrowed to.

    Raises:
        InvalidInput: nothing is filed under that code.
    """
    wanted = asked.filters.get("code", "")
    kind = asked.filters.get("status", "")
    if not wanted:
        return QualityFilter(kind=kind)
    known = quality_reports.choices(asked.ctx).codes
    for code in known:
        if code.casefold() == wanted.casefold():
            return QualityFilter(code=code, kind=kind)
    raise InvalidInput(
        _("Nothing is filed under {code}.").format(code=display_text(wanted)),
        _("Use one of: {names}.").format(names=", ".join(known)) if known else "",
        "code",
    )


def costs(asked: Asked, found: Costs, entries: Column, title: str) -> Found:
    """Costs as rows, a currency each; the totals are those of the figures, as one complaint may have several items."""
    columns = (
        titled(asked.by),
        entries,
        Column("quantity", N_("Things given"), Kind.COUNT),
        Column("cost", N_("Cost"), Kind.MONEY),
    )
    records: list[Record] = [
        {asked.by: label(asked.by, one.label), entries.name: one.entries, "quantity": one.quantity, "cost": one.money}
        for one in found.rows
    ]
    sums: list[Record] = [
        {entries.name: one.entries, "quantity": one.quantity, "cost": one.money} for one in found.totals
    ]
    nothing: list[Record] = [{entries.name: 0, "quantity": 0}]
    chart = charts.bars(title, "month", ("cost",)) if asked.by == "month" else charts.rows(title, [asked.by], "cost")
    note = _("What was given counts on its day, at the value it had then.")
    return Found(columns, records, chart=chart, note=note, sums=sums or nothing)
