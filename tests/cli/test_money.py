"""``payment``, ``schedule``, ``terms``, ``operator`` and ``statement`` as a person and as a program use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def booked(desk: Crm, tmp_path: Path) -> Crm:
    """A desk with terms and one reservation of Łucja, R-10042, worth 240 EUR; the clock stands in July 2026."""
    assert desk("terms", "set", "deposit 30% booking 0", "balance 70% arrival 0").code == 0
    file = tmp_path / "stays.json"
    guest = {"surname": "Nowak", "given": "Łucja"}
    stay = {
        "reference": "R-10042",
        "arrival": "2026-07-30",
        "departure": "2026-08-06",
        "currency": "EUR",
        "value": "240",
    }
    file.write_text(json.dumps([{**stay, "guests": [guest]}]), encoding="utf-8")
    assert desk("import", "reservations", file).code == 0
    assert desk("schedule", "generate", "R-10042").code == 0
    return desk


def test_payments(booked: Crm) -> None:
    made = booked("payment", "add", "R-10042", "--method", "Card", "--json").lines[0]
    assert (made["amount"], made["currency"], made["method"], made["missing_balance"]) == (
        "72.00",
        "EUR",
        "card",
        "168.00",
    )
    again = booked("payment", "add", "R-10042", "72")
    assert (again.code, "of that day already" in again.err, "--sure" in again.err) == (1, True, True)
    assert booked("payment", "add", "R-10042", "1.168,00", "--note", "all").code == 0
    assert booked("payment", "refund", "R-10042").out.startswith("Refund 3 of 1000.00 EUR is recorded.")
    assert booked("payment", "reverse", 3, "wrong", "account").code == 0
    rows = booked("payment", "list", "R-10042", "--json").lines
    assert [(one["kind"], one["amount"], one["reversal"]) for one in rows] == [
        ("payment", "72.00", ""),
        ("payment", "1168.00", ""),
        ("refund", "1000.00", "wrong account"),
    ]
    assert "overpaid 1000.00 EUR" in booked("payment", "list", "R-10042").out
    assert booked("undo").code == 0
    assert booked("payment", "list", "R-10042", "--json").lines[2]["reversed_at"] is None


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("add", "R-10042", "-5"), "less than nothing"),
        (("add", "R-10042", "1.234"), "more digits"),
        (("add", "R-10042", "5 PLN"), "reservation is in EUR"),
        (("add", "R-10042", "5", "--day", "2099-01-01"), "cannot lie ahead"),
        (("add", "R-10042", "5", "--folio", "7"), "no folio 7"),
        (("add", "R-99", "5"), "no reservation"),
        (("reverse", "99", "why"), "no payment 99"),
    ],
)
def test_payments_that_are_refused(booked: Crm, args: tuple[str, ...], words: str) -> None:
    refused = booked("payment", *args)
    assert (refused.code, words in refused.err) == (2 if args[1] == "R-10042" and "folio" not in words else 1, True)


def test_schedules(booked: Crm) -> None:
    assert [one["amount"] for one in booked("schedule", "show", "R-10042", "--json").lines] == ["72.00", "168.00"]
    silent = booked("schedule", "set", "R-10042", "deposit 100 2026-07-20", "balance 140 2026-07-30")
    assert (silent.code, "Say why" in silent.err) == (2, True)
    lines = ("deposit 100 2026-07-20", "balance 140 2026-07-30")
    shown = booked("schedule", "set", "R-10042", *lines, "--reason", "asked for time", "--json").lines
    assert [(one["due"], one["amount"], one["reason"]) for one in shown] == [
        ("2026-07-20", "100.00", "asked for time"),
        ("2026-07-30", "140.00", "asked for time"),
    ]
    would = booked("schedule", "generate", "R-10042", "--dry-run", "--json").lines
    assert [one["amount"] for one in would] == ["72.00", "168.00"]
    assert booked("schedule", "set", "R-10042", "deposit 100 soonish", "--reason", "x").code == 2


@pytest.mark.parametrize(("share", "total"), [("29%", "99 %"), ("31%", "101 %")])
def test_terms_total_a_hundred(desk: Crm, share: str, total: str) -> None:
    refused = desk("terms", "set", f"deposit {share} booking 3", "balance 70% arrival -30")
    assert (refused.code, total in refused.err) == (2, True)
    assert desk("terms", "set").code == 2


def test_operators_and_their_terms(desk: Crm) -> None:
    made = desk("operator", "new", "Słońce Tours", "--email", "a@b.example", "--watch-days", "3", "--json").lines[0]
    assert (made["name"], made["watch_days"], made["terms"]) == ("Słońce Tours", 3, [])
    told = desk("terms", "set", "--operator", "slonce tours", "deposit 200 EUR booking 0", "balance 100% departure -42")
    assert told.out == "deposit €200.00, at booking\nbalance 100 %, 42 days before departure\n"
    assert desk("operator", "set", "Słońce Tours", "--rename", "Sun Tours", "--watch-days", "").code == 0
    (one,) = desk("operator", "list", "--json").lines
    assert (one["name"], one["watch_days"], len(one["terms"])) == ("Sun Tours", None, 2)
    assert desk("terms", "set", "--operator", "Sun Tours", "--none").code == 0
    assert desk("operator", "remove", "Sun Tours").code == 0
    assert desk("operator", "list").out == "There are no operators yet.\n"


def test_statements(booked: Crm, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_text("2026-06-30;NOWAK R-10042;72,00\n2026-06-30;Electricity;-80,00\n", encoding="utf-8")
    first, second = booked("statement", file, "--json").lines
    assert first["proposals"][0] == {
        "reservation": "R-10042", "holder": "Łucja Nowak", "reasons": ["code", "amount", "name"], "missing": "240.00",
    }  # fmt: skip
    assert (second["amount"], second["proposals"]) == ("-80.00", [])
    assert booked("statement", file, "--confirm", 2).code == 2
    paid = booked("statement", file, "--confirm", 1, "--json").lines[0]
    assert (paid["reservation"], paid["amount"], paid["date"]) == ("R-10042", "72.00", "2026-06-30")
    twice = booked("statement", file, "--confirm", 1, "--reservation", "R-10042")
    assert (twice.code, "booked already" in twice.err) == (1, True)
    states = booked("statement", file, "--dismiss", 2, "--json").lines
    assert [one["state"] for one in states] == ["booked", "dismissed"]
    assert booked("statement", tmp_path / "nowhere").code == 1
