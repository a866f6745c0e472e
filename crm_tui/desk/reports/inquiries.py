"""What became of the inquiries that came in during a period: realised or not, and why not (SPEC §12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Inquiry
from crm_tui.desk.common import scope
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.desk.requests.inquiry_views import CHANNELS, STATUSES
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.reporting import Column, Kind, Outcome, Record, outcome

_I = columns(Inquiry)

OUTCOMES: Mapping[str, str] = {
    Outcome.REALISED: N_("realised"),
    Outcome.NOT_REALISED: N_("not realised"),
    Outcome.OPEN: N_("open"),
}
_ORDER = tuple(Outcome)
_STATUSES = tuple(STATUSES)
_COUNTS = (
    Column("inquiries", N_("Inquiries"), Kind.COUNT),
    Column("realised", N_("Realised"), Kind.COUNT),
    Column("not_realised", N_("Not realised"), Kind.COUNT),
    Column("open", N_("Open"), Kind.COUNT),
    Column("share", N_("Realised %"), Kind.SHARE, of=("realised", "inquiries")),
)
REASONS = (
    Column("outcome", N_("Outcome")),
    Column("status", N_("Status")),
    Column("reason", N_("Reason")),
    Column("inquiries", N_("Inquiries"), Kind.COUNT),
    Column("share", N_("Share"), Kind.SHARE, part_of="inquiries"),
)


class _One(NamedTuple):
    """An inquiry as far as it is counted."""

    status: str
    reason: str
    channel: str
    handler: int | None
    day: date


def compute(asked: Asked) -> Found:
    """Count the inquiries made in the period that the one who asks may see, as they stand now."""
    found = list(_found(asked))
    if asked.by == "reason":
        chart = charts.rows(_("Inquiries by what became of them"), ("status", "reason"), "inquiries")
        return Found(REASONS, _reasons(found), chart=chart)
    key, title, label = _groups(asked)[asked.by]
    days = asked.period.days() if asked.by == "day" else ()
    records = _counted(found, key, label, asked.by, {day: [] for day in days})
    kind = Kind.DAY if asked.by == "day" else Kind.TEXT
    chart = (
        charts.over_time(_("Inquiries by day"), ("realised", "not_realised", "open"), asked.period, kind="stacked")
        if asked.by == "day"
        else charts.rows(_(title), [asked.by], "inquiries")
    )
    return Found((Column(asked.by, title, kind), *_COUNTS), records, chart=chart)


def _found(asked: Asked) -> Iterator[_One]:
    first, after = asked.instants
    query = select(_I.status, _I.lost_reason, _I.channel, _I.handler_id, _I.created_at).where(
        _I.removed_at.is_(None), _I.created_at >= first, _I.created_at < after, scope.visible(_I.scope)
    )
    wanted = asked.filters.get("status", "")
    for row in asked.connection.execute(query, {scope.BIND: asked.scopes}):
        counts = asked.counts_channel(row.channel) and asked.counts_agent(row.handler_id)
        if counts and (not wanted or row.status == wanted):
            yield _One(row.status, row.lost_reason, row.channel, row.handler_id, asked.day_of(row.created_at))


def _reasons(found: list[_One]) -> list[Record]:
    """A row for each status and reason; reasons that differ in case, accents or blanks only are one."""
    spelled: dict[tuple[str, str], Counter[str]] = {}
    for one in found:
        words = " ".join(display_text(one.reason).split())
        spelled.setdefault((one.status, fold_text(words)), Counter())[words] += 1
    ordered = sorted(
        spelled.items(),
        key=lambda item: (_ORDER.index(outcome(item[0][0])), _place(item[0][0]), -item[1].total(), item[0][1]),
    )
    return [_reason(status, words) for (status, _folded), words in ordered]


def _reason(status: str, words: Counter[str]) -> Record:
    reason = max(sorted(words), key=lambda one: words[one])
    return {
        "outcome": said(OUTCOMES, outcome(status)),
        "status": said(STATUSES, status),
        "reason": reason,
        "inquiries": words.total(),
    }


def _place(status: str) -> int:
    return _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)


Group = int | str | date | None


def _groups(asked: Asked) -> dict[str, tuple[Callable[[_One], Group], str, Callable[[Group], str | date]]]:
    return {
        "channel": (lambda one: one.channel, N_("Channel"), lambda key: display_text(said(CHANNELS, str(key)))),
        "agent": (
            lambda one: one.handler,
            N_("Agent"),
            lambda key: asked.agent_name(key if isinstance(key, int) else None),
        ),
        "day": (lambda one: one.day, N_("Day"), lambda key: key if isinstance(key, date) else str(key)),
    }


def _counted(
    found: list[_One],
    key: Callable[[_One], Group],
    label: Callable[[Group], str | date],
    name: str,
    groups: dict[Group, list[_One]],
) -> list[Record]:
    for one in found:
        groups.setdefault(key(one), []).append(one)
    records: list[Record] = []
    for group, members in groups.items():
        became = Counter(outcome(one.status) for one in members)
        counts = {each.value.replace(" ", "_"): became[each] for each in Outcome}
        records.append({name: label(group), "inquiries": len(members), **counts})
    if name != "day":
        records.sort(key=lambda one: (-int(str(one["inquiries"])), str(one[name])))
    return records
