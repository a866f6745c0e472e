"""The actions of the folios of a reservation."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "folios"

FOLIOS = declare(
    Action("folios.post", "n", N_("Post"), N_("Post an amount"), scope=_SCOPE, show=True, instead="desk.compose"),
    Action("folios.move", "m", N_("Move"), N_("Put the marked postings, else this one, on another folio"), scope=_SCOPE, show=True),
    Action("folios.split", "y", N_("Split"), N_("Split the posting evenly, by amounts or by percent"), scope=_SCOPE, show=True),
    Action("folios.reverse", "delete", N_("Take back"), N_("Take the posting back by one of the opposite amount"), scope=_SCOPE, show=True),
    Action("folios.routes", "R", N_("Routing"), N_("Which folio the postings of a category go to"), scope=_SCOPE, show=True),
    Action("folios.new-folio", "N", N_("New folio"), N_("Make another folio"), scope=_SCOPE, show=True, instead="desk.inquiry"),
    Action("folios.edit", "E", N_("Edit"), N_("Rename the folio, or have another pay it"), scope=_SCOPE),
    Action("folios.close", "e", N_("Close"), N_("Close the folio for good"), scope=_SCOPE, destructive=True),
    Action("folios.remove", "D", N_("Delete"), N_("Delete the folio if it is empty"), scope=_SCOPE),
    Action("folios.statement", "v", N_("Statement"), N_("Read the folio as the one who pays it will"), scope=_SCOPE),
    Action("folios.export", "X", N_("Write"), N_("Write the statement of the folio to a file"), scope=_SCOPE),
    Action("folios.pay", "p", N_("Payment"), N_("Record a payment on the folio"), scope=_SCOPE),
    Action("folios.payer", "B", N_("Payer"), N_("Open the profile of who pays the folio"), scope=_SCOPE),
    Action("folios.mark", "space", N_("Mark"), N_("Mark or unmark the posting and go on"), scope=_SCOPE),
    Action("folios.unmark-all", "ctrl+u", N_("Unmark all"), N_("Take all marks away"), scope=_SCOPE),
    Action("folios.next", "tab,right_square_bracket", N_("Next folio"), N_("To the next folio"), scope=_SCOPE, palette=False, call="turn(1)"),
    Action("folios.previous", "shift+tab,left_square_bracket", N_("Folio before"), N_("To the folio before"), scope=_SCOPE, palette=False, call="turn(-1)"),
)  # fmt: skip
