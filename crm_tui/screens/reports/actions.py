"""The actions of the reports' screens. Periods, charts and export have the keys that they have among the tickets."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_LIST, _ONE = "reports", "report"
LIST = declare(
    Action("reports.period", "D", N_("Period"), N_("Choose the days"), scope=_LIST, show=True),
    Action("reports.earlier", "left,h", N_("Earlier"), N_("The period before"), scope=_LIST, palette=False),
    Action("reports.later", "right,l", N_("Later"), N_("The period after"), scope=_LIST, palette=False),
)
ONE = declare(
    Action("report.period", "D", N_("Period"), N_("Choose the days"), scope=_ONE, show=True),
    Action("report.earlier", "left,h", N_("Earlier"), N_("The period before"), scope=_ONE, palette=False),
    Action("report.later", "right,l", N_("Later"), N_("The period after"), scope=_ONE, palette=False),
    Action("report.filter", "f", N_("Filter"), N_("Narrow it: agent, department, channel, status…"), scope=_ONE, show=True),
    Action("report.by", "o", N_("Rows by"), N_("What a row stands for"), scope=_ONE, show=True),
    Action("report.chart", "V", N_("Chart"), N_("Chart, table, or both where there is room"), scope=_ONE, show=True),
    Action("report.export", "X", N_("Export"), N_("Write it to a CSV or JSON file"), scope=_ONE, show=True),
    Action("report.again", ".", N_("Again"), N_("Read the figures again"), scope=_ONE),
)  # fmt: skip
