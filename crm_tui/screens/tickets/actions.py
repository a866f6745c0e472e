"""The actions of the tickets' screens. What mail has too has the same keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "tickets"
ON_ROWS = declare(
    Action("tickets.take", "t", N_("Take"), N_("Take it: it is yours from now on"), scope=_SCOPE, show=True),
    Action("tickets.assign", "a", N_("Assign"), N_("Give it to an agent, or back to the queue"), scope=_SCOPE, show=True),
    Action("tickets.release", "delete", N_("Give back"), N_("Give it back to the queue"), scope=_SCOPE),
    Action("tickets.pending", "P", N_("Pending"), N_("It needs a manager, with a note why; or it does not any more"), scope=_SCOPE, show=True),
    Action("tickets.no-answer", "x", N_("Answered"), N_("It needs no answer (any more)"), scope=_SCOPE),
    Action("tickets.internal", "W", N_("Colleague"), N_("Write to a colleague about it"), scope=_SCOPE, call="write_internal"),
    Action("tickets.memo", "c", N_("Memo"), N_("Write a memo on the conversation; it is never sent"), scope=_SCOPE),
    Action("tickets.history", "H", N_("History"), N_("Who did what with the conversation, and when"), scope=_SCOPE),
)  # fmt: skip
LIST = declare(
    Action("tickets.filter", "f", N_("Filter"), N_("By state, stage and channel"), scope=_SCOPE, show=True),
    Action("tickets.sort", "o", N_("Sort"), N_("Pending, longest waiting, or newest first"), scope=_SCOPE),
    Action("tickets.figures", "V", N_("Figures"), N_("Figures and charts of a period, and their export"), scope=_SCOPE, show=True),
    Action("tickets.profile", "T", N_("Takes"), N_("Which tickets an agent takes: stages and channels"), scope=_SCOPE),
    Action("tickets.panes", "tab", N_("Next pane"), N_("Who has what, the tickets, the conversation"), scope=_SCOPE, palette=False, call="next_pane"),
    Action("tickets.panes-back", "shift+tab", N_("Pane before"), N_("Go to the pane before"), scope=_SCOPE, palette=False, call="previous_pane"),
)  # fmt: skip

_FIGURES = "figures"
FIGURES = declare(
    Action("figures.period", "D", N_("Period"), N_("Choose the days"), scope=_FIGURES, show=True),
    Action("figures.earlier", "left,h", N_("Earlier"), N_("The period before"), scope=_FIGURES, show=True, palette=False),
    Action("figures.later", "right,l", N_("Later"), N_("The period after"), scope=_FIGURES, palette=False),
    Action("figures.chart", "V", N_("Chart"), N_("The next chart, or all figures of the row"), scope=_FIGURES, show=True),
    Action("figures.export", "X", N_("Export"), N_("Write the figures to a CSV file"), scope=_FIGURES, show=True),
)  # fmt: skip
