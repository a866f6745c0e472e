"""Which reports there are (SPEC §12). A new one is a line here and a module of that name with ``compute(asked) -> Found``."""

from __future__ import annotations

from collections.abc import Mapping

from crm_tui.base.i18n import N_
from crm_tui.desk.reports.views import Report
from crm_tui.desk.requests.inquiry_views import STATUSES as INQUIRIES
from crm_tui.desk.watchlists.departures import STATES as FLIGHTS
from crm_tui.rules.vocabulary import FeedbackKind

FILTERS: Mapping[str, str] = {
    "agent": N_("Agent"),
    "department": N_("Department"),
    "channel": N_("Channel"),
    "status": N_("Status"),
    "operator": N_("Operator"),
    "method": N_("Method"),
    "code": N_("Code"),
    "attribute": N_("Attribute"),
}
"""What the filters are called."""

DUE = {"open": N_("open"), "overdue": N_("overdue"), "covered": N_("covered")}
FEEDBACK = {FeedbackKind.POSITIVE.value: N_("praise"), FeedbackKind.NEGATIVE.value: N_("complaint")}
_TOLD = {"code": N_("code"), "room": N_("room"), "employee": N_("employee"), "month": N_("month")}
_GIVEN = {"code": N_("code"), "item": N_("item"), "room": N_("room"), "employee": N_("employee"), "month": N_("month")}

REPORTS: Mapping[str, Report] = {
    report.name: report
    for report in (
        Report(
            "inquiries",
            N_("Inquiries"),
            N_("What became of the inquiries that came in: realised or not, and why not"),
            by={"reason": N_("reason"), "channel": N_("channel"), "agent": N_("agent"), "day": N_("day")},
            filters=("agent", "department", "channel", "status"),
            statuses=INQUIRIES,
            people_by=("agent",),
        ),
        Report(
            "response-times",
            N_("Response times"),
            N_("How long guests waited for an answer, by the clock and within working hours"),
            by={"agent": N_("agent"), "channel": N_("channel"), "day": N_("day")},
            filters=("agent", "department"),
            people=True,
        ),
        Report(
            "productivity",
            N_("Productivity"),
            N_("What each agent got, answered and has still, working time and conversion"),
            by={"agent": N_("agent"), "day": N_("day")},
            filters=("agent", "department"),
            period="week",
            people=True,
        ),
        Report(
            "conversion",
            N_("Conversion"),
            N_("How many of the inquiries that came in were booked, by channel"),
            by={"channel": N_("channel"), "agent": N_("agent"), "day": N_("day")},
            filters=("agent", "department", "channel"),
            people_by=("agent", "day"),
        ),
        Report(
            "demand",
            N_("Demand calendar"),
            N_("How many ask for each night, and how many have it"),
            filters=("channel",),
        ),
        Report(
            "payments-due",
            N_("Payments due"),
            N_("What falls due in these days, and how much of it is there"),
            by={
                "line": N_("each amount"),
                "day": N_("day"),
                "operator": N_("operator"),
                "channel": N_("channel"),
            },
            filters=("operator", "channel", "status"),
            statuses=DUE,
        ),
        Report(
            "payments-received",
            N_("Payments received"),
            N_("Money that came and was given back, by day and how it came"),
            by={
                "payment": N_("each payment"),
                "day": N_("day"),
                "method": N_("method"),
                "operator": N_("operator"),
                "channel": N_("channel"),
            },
            filters=("operator", "channel", "method"),
        ),
        Report(
            "departures",
            N_("Departures informed"),
            N_("Whose flights left in these days, and who told them the times"),
            by={
                "flight": N_("each flight"),
                "day": N_("day"),
                "operator": N_("operator"),
                "agent": N_("who told them"),
            },
            filters=("operator", "agent", "status"),
            statuses=FLIGHTS,
        ),
        Report(
            "guest-relations",
            N_("Guest relations"),
            N_("Praise and complaints, what was settled, how long it took, how guests took it"),
            by=_TOLD,
            filters=("code", "status"),
            statuses=FEEDBACK,
        ),
        Report(
            "complaint-costs",
            N_("Cost of complaints"),
            N_("What was given to settle complaints"),
            by=_GIVEN,
            filters=("code",),
        ),
        Report(
            "quality-costs",
            N_("Cost of quality"),
            N_("What was given to guests for occasions, without a complaint"),
            by=_GIVEN,
            filters=("code",),
        ),
        Report(
            "consent",
            N_("Consent"),
            N_("How many guests may be written to or called, and who said yes or no in these days"),
            filters=("attribute",),
        ),
    )
}
