"""What the filters of reports can be narrowed to, for forms."""

from __future__ import annotations

from sqlalchemy import Connection, select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Reservation
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.words import said
from crm_tui.desk.groups import attributes
from crm_tui.desk.money import operators, payments
from crm_tui.desk.quality import quality_reports
from crm_tui.desk.reports.asking import NOBODY
from crm_tui.desk.reports.views import Report
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.desk.staff import departments, team
from crm_tui.mail.text import display_text

_R = columns(Reservation)

Pairs = list[tuple[str, str]]


def offers(ctx: Context, report: Report, name: str) -> Pairs:
    """The values of a filter with their words, display-safe."""
    if name == "status":
        return [(value, _(words)) for value, words in report.statuses.items()]
    if name == "agent":
        found = [(one.name, one.name) for one in team.agents(ctx, everyone=True)]
        return found if report.people else [*found, (NOBODY, _("nobody"))]
    if name == "department":
        return [(one.name, one.name) for one in departments.listed(ctx)]
    if name == "operator":
        return [(one.name, one.name) for one in operators.listed(ctx)]
    if name == "method":
        return [(value, words) for value, words in payments.methods(ctx)]
    if name == "code":
        return [(code, code) for code in quality_reports.choices(ctx).codes]
    if name == "attribute":
        return [(one.name, one.name) for one in attributes.listed(ctx)]
    with ctx.store.connect() as connection:
        return _channels(connection)


def _channels(connection: Connection) -> Pairs:
    """Those of every desk, then what reservations came by beside them."""
    used = connection.execute(select(_R.channel).distinct()).scalars()
    more = sorted({display_text(one) for one in used if one and one not in CHANNELS})
    return [(value, said(CHANNELS, value)) for value in CHANNELS] + [(one, one) for one in more]
