"""``report`` as a script would use it (SPEC §12, §15)."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from crm_tui.desk.reports import REPORTS
from crm_tui.rules.reporting import NAMES
from tests.cli.conftest import Crm
from tests.cli.test_watchlists import TRIP


@pytest.fixture
def trips(desk: Crm, tmp_path: Path) -> Crm:
    """A reservation of a guest whose name is a formula, and what is due and paid of it."""
    guest = {"reference": "G1", "surname": "=1+1", "given": "-Łucja", "holder": True}
    path = tmp_path / "trips.json"
    path.write_text(json.dumps({**TRIP, "guests": [guest]}), encoding="utf-8")
    done = desk("import", "reservations", path)
    assert done.code == 0, done.out + done.err
    refunded = desk("payment", "refund", "T-1", "20.25", "--day", "2026-06-25", "--method", "cash", "--sure")
    assert refunded.code == 0, refunded.err
    return desk


def test_report_alone_lists_them(desk: Crm) -> None:
    listed = desk("report", "--json").lines
    assert [one["name"] for one in listed] == list(REPORTS)
    assert set(REPORTS) <= set(NAMES)
    out = desk("report").out
    for one in listed:
        assert one["about"] in out
    assert "--of, --department, --channel, --status" in out


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_a_table_csv_and_json_of_an_empty_store(desk: Crm, name: str) -> None:
    for by in (*REPORTS[name].by, ""):
        words = ("report", name, "--period", "2026-06", *(("--by", by) if by else ()))
        lines = desk(*words, "--json").lines
        assert lines[-1]["total"] is True
        assert (lines[-1]["report"], lines[-1]["from"], lines[-1]["to"]) == (name, "2026-06-01", "2026-06-30")
        assert lines[-1]["rows"] == len([one for one in lines if "total" not in one])
        rows = list(csv.DictReader(desk(*words, "--csv", "-").out.splitlines()))
        assert len(rows) == lines[-1]["rows"]
        assert desk(*words).code == 0


def test_amounts_are_decimals_with_a_currency_beside_them(trips: Crm) -> None:
    days = ("--from", "2026-06-01", "--to", "2026-06-30")
    paid, back, total = trips("report", "payments-received", *days, "--json").lines
    assert paid == {
        "day": "2026-06-19",
        "reservation": "T-1",
        "holder": "-Łucja =1+1",
        "operator": "Rainbow",
        "channel": "direct",
        "method": "bank transfer",
        "received": "100.50",
        "refunded": "0.00",
        "net": "100.50",
        "currency": "EUR",
    }
    assert (back["day"], back["net"]) == ("2026-06-25", "-20.25")
    assert total == {
        "total": True,
        "report": "payments-received",
        "from": "2026-06-01",
        "to": "2026-06-30",
        "by": "payment",
        "filters": {},
        "rows": 2,
        "received": "100.50",
        "refunded": "20.25",
        "net": "80.25",
        "currency": "EUR",
    }
    table = trips("report", "payments-received", *days).out
    assert "80.25 EUR" in table
    assert table.splitlines()[0] == "Payments received · 2026-06-01..2026-06-30"


def test_csv_has_no_mark_and_no_formula_and_numbers_stay_numbers(trips: Crm, tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    days = ("--from", "2026-06-01", "--to", "2026-06-30")
    done = trips("report", "payments-received", *days, "--csv", path)
    assert (done.code, done.out) == (0, f"2 rows are in {path}.\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(b'"day","reservation","holder"')
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    assert [row["holder"] for row in rows] == ["'-Łucja =1+1"] * 2
    assert [row["net"] for row in rows] == ["100.50", "-20.25"]
    again = trips("report", "payments-received", *days, "--csv", path)
    assert again.code == 2
    assert "exists already" in again.err
    assert trips("report", "payments-received", *days, "--csv", path, "--overwrite").code == 0
    assert trips("report", "payments-received", *days, "--csv", "-").out.encode() == content.replace(b"\r\n", b"\n")


def test_what_is_typed_wrong_is_usage(desk: Crm) -> None:
    for words, said in (
        (("inquiries", "--from", "2026-06-30", "--to", "2026-06-01"), "The period ends before it begins"),
        (("inquiries", "--period", "someday"), "“someday” is no period."),
        (("inquiries", "--period", "week", "--from", "2026-06-01"), "Give either --period or --from and --to."),
        (("inquiries", "--to", "2026-06-01"), "Without its first day it is no period."),
        (("inquiries", "--from", "2026-02-30"), "30"),
        (("inquiries", "--of", "Zoe"), "There is no agent called Zoe."),
        (("demand", "--code", "noise"), "cannot be narrowed by: Code."),
        (("inquiries", "--by", "moon"), "has no rows by: moon."),
        (("profit",), "profit"),
    ):
        done = desk("report", *words)
        assert done.code == 2, words
        assert said in done.err
        assert "Traceback" not in done.err


def test_periods_have_names(desk: Crm) -> None:
    for period, first, last in (
        ("today", "2026-07-01", "2026-07-01"),
        ("yesterday", "2026-06-30", "2026-06-30"),
        ("last-week", "2026-06-22", "2026-06-28"),
        ("last-month", "2026-06-01", "2026-06-30"),
        ("year", "2026-01-01", "2026-12-31"),
    ):
        total = desk("report", "inquiries", "--period", period, "--json").lines[-1]
        assert (total["from"], total["to"]) == (first, last)


def test_a_desk_that_only_reads_prints_and_writes_no_file(trips: Crm, tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    assert trips("--readonly", "report", "payments-due").code == 0
    refused = trips("--readonly", "report", "payments-due", "--csv", path)
    assert refused.code == 1
    assert "read only" in refused.err
    assert not path.exists()


def test_others_productivity_is_for_managers_on_the_command_line_too(desk: Crm) -> None:
    assert desk("agent", "add", "Leo").code == 0
    for words in ((), ("--of", "Ana"), ("--csv", "-")):
        refused = desk("--agent", "Leo", "report", "productivity", *words)
        assert (refused.code, refused.out) == (1, "")
        assert "Only a manager may see the figures of others." in refused.err
    own = desk("--agent", "Leo", "report", "productivity", "--of", "me", "--json").lines
    assert own[0]["agent"] == "Leo"
    assert desk("--agent", "Leo", "report", "payments-due").code == 0
