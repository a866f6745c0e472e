"""Which reports there are (SPEC §12). A new one is a line here and a module of that name with ``compute(asked) -> Found``."""

from __future__ import annotations

from collections.abc import Mapping

from crm_tui.base.i18n import N_
from crm_tui.desk.inquiry_views import STATUSES as INQUIRIES
from crm_tui.desk.reports.views import Report
from crm_tui.rules.vocabulary import FeedbackKind, FlightState

FILTERS: Mapping[str, str] = {
    "agent": N_("Agent"),
    "department": N_("Department"),
    "channel": N_("Channel"),
    "status": N_("Status"),
    "operator": N_("Operator"),
    "method": N_("Method"),
    "code": N_("Code"),
}
"""What the filters are called."""

FLIGHTS = {
    FlightState.TO_INFORM.value: N_("to inform"),
    FlightState.INFORMED.value: N_("informed"),
    FlightState.AGAIN.value: N_("inform again"),
}
DUE = {"open": N_("something is missing"), "overdue": N_("overdue"), "covered": N_("covered")}
FEEDBACK = {
    FeedbackKind.POSITIVE.value: N_("praise"),
    FeedbackKind.NEGATIVE.value: N_("complaint"),
    "open": N_("open complaint"),
    "resolved": N_("resolved complaint"),
}

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
        ),
        Report(
            "demand",
            N_("Demand calendar"),
            N_("How many ask for each night, and how many have it"),
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
            "consent",
            N_("Consent"),
            N_("How many guests may be written to or called, and who said yes or no in these days"),
        ),
    )
}
