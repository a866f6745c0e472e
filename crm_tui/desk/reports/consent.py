"""Who may be written to or called, and who said so in a period (SPEC §6, §12): the newest word of a channel holds."""

from __future__ import annotations

from typing import Any

from crm_tui.base.i18n import N_, _
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.views import Found
from crm_tui.rules.reporting import Column, Kind, Record
from crm_tui.rules.vocabulary import ConsentChannel

COLUMNS = (
    Column("channel", N_("Channel")),
    Column("guests", N_("Guests"), Kind.COUNT, adds=False),
    Column("yes", N_("Agree"), Kind.COUNT, adds=False),
    Column("no", N_("Refuse"), Kind.COUNT, adds=False),
    Column("unknown", N_("Never said"), Kind.COUNT, adds=False),
    Column("share", N_("Agree %"), Kind.SHARE, of=("yes", "guests")),
    Column("said_yes", N_("Yes in the period"), Kind.COUNT),
    Column("said_no", N_("No in the period"), Kind.COUNT),
)


def compute(asked: Asked) -> Found:
    """Guests in use now, with what they had said by the end of the period; a row for each channel."""
    tag = () if asked.attribute is None else (asked.attribute,)
    whose = f"{_IN_USE} AND {_TAGGED}" if tag else _IN_USE
    guests = int(asked.connection.exec_driver_sql(f"SELECT count(*) FROM guest g WHERE {whose}", tag).scalar_one())
    end = asked.period.end.isoformat()
    held = {
        row[0]: (row[1], row[2]) for row in asked.connection.exec_driver_sql(_HELD.format(whose=whose), (end, *tag))
    }
    asked.check()
    days = asked.period.start.isoformat(), end
    spoken = asked.connection.exec_driver_sql(_SPOKEN.format(whose=whose), (*days, *tag))
    words = {row[0]: (row[1], row[2]) for row in spoken}
    records: list[Record] = []
    for channel in ConsentChannel:
        yes, no = held.get(channel.value, (0, 0))
        said_yes, said_no = words.get(channel.value, (0, 0))
        row: dict[str, Any] = {"channel": said(CONSENTS, channel), "guests": guests, "yes": yes, "no": no}
        records.append(row | {"unknown": guests - yes - no, "said_yes": said_yes, "said_no": said_no})
    chart = charts.rows(_("Who agrees"), ["channel"], "yes")
    return Found(COLUMNS, records, chart=chart, note=_("What was never said is no."))


_IN_USE = "g.merged_into IS NULL AND g.archived_at IS NULL AND g.erased_at IS NULL"
_TAGGED = "EXISTS (SELECT 1 FROM guest_attribute a WHERE a.guest_id = g.id AND a.attribute_id = ?)"
_HELD = (
    "SELECT n.channel, coalesce(sum(n.given), 0), coalesce(sum(NOT n.given), 0) FROM "
    # max() makes the other columns those of the newest word
    "(SELECT c.channel, c.guest_id, c.given, max(c.id) FROM consent c WHERE c.day <= ? GROUP BY c.channel, c.guest_id) n "
    "JOIN guest g ON g.id = n.guest_id WHERE {whose} GROUP BY n.channel"
)
_SPOKEN = (
    "SELECT c.channel, coalesce(sum(c.given), 0), coalesce(sum(NOT c.given), 0) FROM consent c "
    "JOIN guest g ON g.id = c.guest_id WHERE c.day >= ? AND c.day <= ? AND {whose} GROUP BY c.channel"
)
