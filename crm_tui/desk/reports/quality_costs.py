"""What was given to guests for occasions, without a complaint (SPEC §11, §12); never added to the cost of complaints."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.quality import quality_reports
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.quality import costs, only
from crm_tui.desk.reports.views import Found
from crm_tui.rules.reporting import Column, Kind


def compute(asked: Asked) -> Found:
    """By code, item, room, employee or month."""
    found = quality_reports.quality_costs(asked.ctx, asked.period, asked.by, only(asked))
    entries = Column("occasions", N_("Occasions"), Kind.COUNT, adds=False)
    return costs(asked, found, entries, _("Cost of quality"))
