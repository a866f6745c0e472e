"""``payments`` and ``departures`` as a script would use them (SPEC §8, §15)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm

TRIP = {
    "reference": "T-1",
    "status": "confirmed",
    "operator": "Rainbow",
    "destination": "Mallorca",
    "currency": "EUR",
    "value": "1000.00",
    "guests": [
        {"reference": "G1", "surname": "Nowak\x1b[2J", "given": "Łucja", "phone": "+48601234567", "holder": True}
    ],
    "schedule": [
        {"kind": "deposit", "due": "2026-06-20", "amount": "300.00"},
        {"kind": "balance", "due": "2026-07-03", "amount": "700.00"},
    ],
    "payments": [{"reference": "P1", "date": "2026-06-19", "amount": "100.50", "method": "transfer"}],
    "flights": [
        {"number": "LO 351", "from": "WAW", "to": "MUC", "departs": "2026-07-02T06:40", "arrives": "2026-07-02T08:20"},
        {"number": "LH 1834", "from": "MUC", "to": "PMI", "departs": "2026-07-02T09:35", "arrives": "2026-07-02T11:40"},
        {"number": "LH 1835", "from": "PMI", "to": "WAW", "departs": "2026-07-09T12:30", "arrives": "2026-07-09T15:40"},
    ],
}


@pytest.fixture
def trips(desk: Crm, tmp_path: Path) -> Crm:
    """Two reservations: one that owes and flies, one that does neither."""
    paid = {"reference": "T-2", "currency": "JPY", "value": "5000", "guests": [{"surname": "Sato"}],
            "schedule": [{"kind": "balance", "due": "2026-07-01", "amount": "5000"}]}  # fmt: skip
    path = tmp_path / "trips.json"
    path.write_text("\n".join(json.dumps(one) for one in (TRIP, paid)), encoding="utf-8")
    done = desk("import", "reservations", path)
    assert done.code == 0, done.out + done.err
    return desk


def first(crm: Crm, *words: str) -> dict[str, Any]:
    lines = crm(*words, "--json").lines
    assert len(lines) == 1, lines
    return lines[0]


def test_payments_say_who_owes_what(trips: Crm) -> None:
    owed, other = trips("payments", "--json").lines
    assert {name: owed[name] for name in list(owed)[:9]} == {
        "reservation": "T-1",
        "holder": "Łucja Nowak [2J",
        "letters": "ZD",
        "missing_deposit": "199.50",
        "missing_balance": "700.00",
        "overpaid": "0.00",
        "currency": "EUR",
        "due": "2026-06-20",
        "overdue": True,
    }
    assert (other["missing_balance"], other["currency"], other["overdue"]) == ("5000", "JPY", False)
    table = trips("payments").out
    assert "899.50 EUR" in table
    assert "! overdue" in table
    assert "\x1b" not in table
    assert first(trips, "payments", "--state", "overdue")["reservation"] == "T-1"
    assert first(trips, "payments", "--limit", "1")["reservation"] == "T-1"
    assert first(trips, "payments", "--text", "sato")["reservation"] == "T-2"


def test_the_clock_moves_what_is_due(trips: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TUI_NOW", "2026-06-17T23:59:59+02:00")
    assert trips("payments", "--json").out == ""
    assert trips("payments").out == "Nobody owes a payment now.\n"
    monkeypatch.setenv("CRM_TUI_NOW", "2026-06-18T00:00:00+02:00")
    owed = first(trips, "payments")
    assert (owed["letters"], owed["overdue"], owed["due_deposit"], owed["due_balance"]) == (
        "Z",
        False,
        "199.50",
        "0.00",
    )
    assert owed["missing_balance"] == "700.00"


def test_departures_are_told_changed_and_told_again(trips: Crm) -> None:
    row = first(trips, "departures")
    assert {name: row[name] for name in list(row)[:9]} == {
        "reservation": "T-1",
        "holder": "Łucja Nowak [2J",
        "flight": "LO 351",
        "from": "WAW",
        "to": "MUC",
        "departs": "2026-07-02T06:40:00+02:00",
        "state": "to inform",
        "informed_by": None,
        "informed_at": None,
    }
    assert [leg["to"] for leg in row["via"]] == ["PMI"]
    assert first(trips, "departures", "inform", str(row["id"])) == {"changed": 1}
    told = first(trips, "departures", "--state", "informed")
    assert told["informed_by"] == "Ana"
    assert told["informed_at"].startswith("2026-07-01T08:00")
    assert trips("departures", "--state", "open", "--json").out == ""
    changed = first(trips, "departures", "times", "T-1", "--departs", "7:05")
    assert (changed["departs"], changed["state"]) == ("2026-07-02T07:05:00+02:00", "inform again")
    assert changed["told_departs"] == "2026-07-02T06:40"
    assert trips("departures", "inform", "T-1").out == "1 departure informed.\n"
    assert trips("departures", "inform", "T-1").out == "They knew already.\n"
    changed = first(trips, "departures", "times", "T-1", "--leg", "2", "--arrives", "11:45")
    assert (changed["state"], changed["via"][0]["arrives"]) == ("inform again", "2026-07-02T11:45")
    assert "again" in trips("departures").out
    assert trips("undo").code == 0
    assert first(trips, "departures")["state"] == "informed"
    assert trips("departures", "uninform", "T-1").out == "1 departure is to be told.\n"


def test_the_list_follows_the_clock_at_the_airport(trips: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    for now, flights in (
        ("2026-06-29T23:59:59+02:00", []),
        ("2026-06-30T00:00:00+02:00", ["LO 351"]),
        ("2026-07-07T12:00:00+02:00", ["LH 1835"]),
        ("2026-07-10T00:00:00+02:00", []),
    ):
        monkeypatch.setenv("CRM_TUI_NOW", now)
        assert [row["flight"] for row in trips("departures", "--json").lines] == flights
    assert trips("departures").out == "No flight leaves in the next days.\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("departures", "inform", "999"), 1),
        (("departures", "inform", "NONE"), 1),
        (("departures", "inform"), 2),
        (("departures", "times", "T-1"), 2),
        (("departures", "times", "T-1", "--departs", "25:00"), 2),
        (("departures", "times", "T-1", "--leg", "3", "--departs", "7:00"), 2),
        (("departures", "--state", "asleep"), 2),
        (("payments", "--order", "asleep"), 2),
        (("--readonly", "departures", "inform", "T-1"), 1),
    ],
)
def test_what_cannot_be_is_a_sentence(trips: Crm, words: tuple[str, ...], code: int) -> None:
    done = trips(*words)
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err
    assert done.err


@pytest.mark.parametrize(("name", "rows"), [("payments", 2), ("departures", 1)])
def test_a_csv_holds_what_the_list_shows(trips: Crm, tmp_path: Path, name: str, rows: int) -> None:
    path = tmp_path / "list.csv"
    assert trips(name, "--csv", path).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [one["reservation"] for one in found] == ["T-1", "T-2"][:rows]
    assert trips(name, "--csv", path).code == 2  # it is there already
    assert trips(name, "--csv", path, "--overwrite").code == 0
    assert trips(name, "--csv", "-").out.splitlines() == path.read_text(encoding="utf-8").splitlines()


def test_a_code_of_digits_never_means_somebody_elses_flight(trips: Crm, tmp_path: Path) -> None:
    path = tmp_path / "digits.json"
    leg = {"number": "X1", "from": "WAW", "to": "MUC", "departs": "2026-07-02T06:40"}
    codes = ({"reference": "1", "currency": "EUR", "flights": [leg]}, {"reference": "200", "flights": [leg]})
    path.write_text("\n".join(json.dumps(one) for one in codes), encoding="utf-8")
    assert trips("import", "reservations", path).code == 0
    ran = trips("departures", "inform", "1")
    assert (ran.code, "1 is a flight of one reservation and the code of another" in ran.err) == (2, True)
    assert trips("departures", "inform", "200", "--json").lines == [{"changed": 1}]
    assert [one["reservation"] for one in trips("departures", "--state", "informed", "--json").lines] == ["200"]
