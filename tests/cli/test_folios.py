"""``folio`` as a person and as a program use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def booked(desk: Crm, tmp_path: Path) -> Crm:
    """A desk with one reservation, R-1, of Łucja, and a company as guest 2."""
    file = tmp_path / "stays.json"
    guest = {"surname": "Nowak", "given": "Łucja"}
    stay = {"reference": "R-1", "arrival": "2026-07-03", "departure": "2026-07-06", "currency": "EUR", "value": "240"}
    file.write_text(json.dumps([{**stay, "room": "12", "guests": [guest]}]), encoding="utf-8")
    assert desk("import", "reservations", file).code == 0
    assert desk("guest", "new", "--kind", "company", "--surname", "ACME").code == 0
    return desk


def test_lodging_for_the_company_and_the_rest_for_the_guest(booked: Crm, tmp_path: Path) -> None:
    made = booked("folio", "new", "R-1", "--payer", 2, "--json")
    assert (made.code, made.lines[0]["number"], made.lines[0]["payer"]["name"]) == (0, 2, "ACME")
    assert booked("folio", "route", "R-1", "lodging", 2).out == "lodging → folio 2 · ACME\n"
    night = booked("folio", "post", "R-1", "1.234,56", "--category", "lodging", "--text", "Nights", "--json").lines[0]
    assert (night["amount"], night["currency"], night["folio"]) == ("1234.56", "EUR", 2)
    credit = booked("folio", "post", "R-1", "5", "--credit", "--json").lines[0]
    assert (credit["amount"], credit["folio"]) == ("-5.00", 1)
    parts = booked("folio", "split", night["id"], "--evenly", 3, "--to", 2, 1, "--json").lines
    assert [(one["amount"], one["folio"]) for one in parts] == [("411.52", 2), ("411.52", 1), ("411.52", 2)]
    assert booked("folio", "move", parts[1]["id"], "--to", 2, "--json").lines == [{"moved": 1, "folio": 2}]
    back = booked("folio", "reverse", credit["id"], "--reason", "wrong", "--json").lines[0]
    assert (back["amount"], back["reverses"]) == ("5.00", credit["id"])
    bills = booked("folio", "list", "R-1", "--json").lines
    assert [one["balances"] for one in bills] == [
        [{"amount": "0.00", "currency": "EUR"}],
        [{"amount": "1234.56", "currency": "EUR"}],
    ]
    shown = booked("show", "reservation", "R-1", "--json").lines[0]
    assert [one["number"] for one in shown["folios"]] == [1, 2]
    assert "Balance: 1234.56 EUR" in booked("folio", "list", "R-1").out
    refused = booked("folio", "close", "R-1", 2)
    assert (refused.code, "not settled" in refused.err) == (1, True)
    assert booked("folio", "close", "R-1", 2, "--sure").code == 0
    assert booked("folio", "post", "R-1", "5", "--folio", 2).code == 1
    file = tmp_path / "bill.txt"
    assert booked("folio", "print", "R-1", 2, file, "--language", "pl").code == 0
    assert "Nocleg: Nights" in file.read_text(encoding="utf-8")
    assert (file.stat().st_mode & 0o777, booked("folio", "print", "R-1", 2, file).code) == (0o600, 1)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("post", "R-1", "twelve"), "no amount"),
        (("post", "R-1", "1.234,567"), "more digits than the currency"),
        (("post", "R-1", "5 XXZ"), "no currency"),
        (("post", "R-1", "5", "--category", "beer"), "no category"),
        (("route", "R-1", "beer", 1), "no category"),
        (("print", "R-1", 1, "--language", "de"), "en, es, pl, fr"),
    ],
)
def test_what_cannot_be_used_is_said(booked: Crm, args: tuple[object, ...], words: str) -> None:
    done = booked("folio", *args)
    assert done.code == 2
    assert words in done.err


def test_percentages_have_to_make_up_the_whole(booked: Crm) -> None:
    number = booked("folio", "post", "R-1", "100", "--json").lines[0]["id"]
    for percents, words in ((("50", "49"), "99 %"), (("50", "51"), "101 %")):
        done = booked("folio", "split", number, "--percent", *percents)
        assert (done.code, words in done.err) == (2, True)
    assert [one["amount"] for one in booked("folio", "split", number, "--percent", "12,5", "87.5", "--json").lines] == [
        "12.50",
        "87.50",
    ]


def test_a_statement_is_of_a_fixed_width_in_the_language_of_who_pays(booked: Crm) -> None:
    assert booked("guest", "set", 1, "--language", "fr").code == 0
    booked("folio", "post", "R-1", "80", "--category", "lodging", "--text", "x" * 180)
    text = booked("folio", "print", "R-1", 1).out
    assert "Hébergement" in text
    assert "80,00 €" in text
    assert "Solde" in text
    assert {len(line) for line in text.splitlines() if line.endswith("€")} == {68}
    assert max(map(len, text.splitlines())) == 68


def test_what_is_not_there_is_said(booked: Crm) -> None:
    for args in (("list", "R-9"), ("close", "R-1", 7), ("reverse", 99, "--reason", "x"), ("move", 99, "--to", 1)):
        done = booked("folio", *args)
        assert (done.code, "no " in done.err) == (1, True)
