"""Every report of the sample hotel, as table, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date
from pathlib import Path

from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from crm_tui.desk.reports import REPORTS, ReportData, files, words
from crm_tui.rules.periods import Period
from crm_tui.rules.reporting import NAMES
from tests.cli.conftest import Crm, _surroundings, crm, home  # noqa: F401 -- fixtures
from tests.demo.test_sample import sample  # noqa: F401

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_every_report_of_the_sample_hotel(sample: Crm, home: Path) -> None:  # noqa: F811
    assert set(REPORTS) == set(NAMES)
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    filled = set()
    try:
        for name, report in REPORTS.items():
            for by in report.by or ("",):
                data = desk.reports.run(ctx, name, YEAR, by=by)
                check(data)
                filled |= {name} if data.table.rows else set()
        team = desk.metrics.team(ctx, YEAR).total
        assert 0 < team.converted < team.eligible_inquiries
        ends = {one.ended for one in desk.timer_corrections.sessions(ctx, YEAR)}
        assert ends >= {"stopped", "capped", "corrected"}
    finally:
        ctx.store.close()
    assert filled >= {"inquiries", "demand", "payments-due", "payments-received", "departures", "consent", "conversion"}
    last = sample("report", "demand", "--from", "2026-06-01", "--to", "2026-06-30", "--json").lines[-1]
    assert (last["total"], last["rows"]) == (True, 30)


def check(data: ReportData) -> None:
    """The table has words for all of it; CSV and JSON have all its rows, under the same names."""
    every = range(len(data.table.columns))
    for row in data.table.rows:
        assert all("\x1b" not in text for text in words.cells(data, row, every, UTC, "es"))
    lines = [json.loads(json.dumps(one)) for one in files.records(data)]
    rows = [one for one in lines if "total" not in one]
    assert len(rows) == len(data.table.rows) == len(data.links)
    assert all(one["rows"] == len(rows) and one["report"] == data.name for one in lines[len(rows) :])
    stream = io.StringIO(newline="")
    assert files.write_rows(data, stream) == len(rows)
    read = list(csv.DictReader(stream.getvalue().splitlines()))
    assert len(read) == len(rows)
    assert not rows or list(read[0]) == list(rows[0])
