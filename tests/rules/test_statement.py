"""Reading pasted bank statements and saying which reservation a line may pay for (SPEC §7)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.statement import BankLine, read
from crm_tui.rules.statement_matching import Candidate, match

EUR = {"currency": "EUR", "decimal": ","}


def found(text: str, **more: str) -> list[tuple[date | None, int | None, str]]:
    return [(one.day, one.amount, one.currency) for one in read(text, **{**EUR, **more})]


def test_a_table_with_a_head_and_semicolons() -> None:
    text = (
        "Fecha;Concepto;Importe;Saldo\n"
        "21/11/2026;TRANSFERENCIA NOWAK R00042;1.234,56;9.876,54\n"
        "22/11/2026;COMISION;-3,50;9.873,04\n"
    )
    assert found(text) == [(date(2026, 11, 21), 1234_56, "EUR"), (date(2026, 11, 22), -3_50, "EUR")]


def test_a_table_with_tabs_credit_and_debit_columns() -> None:
    text = "Date\tDetails\tDebit\tCredit\tBalance\n2026-11-21\tRent\t1,000.00\t\t5.00\n2026-11-22\tR1 deposit\t\t300.00\t305.00"
    assert found(text, decimal=",") == [(date(2026, 11, 21), -1000_00, "EUR"), (date(2026, 11, 22), 300_00, "EUR")]


def test_commas_with_quotes_and_a_currency_column() -> None:
    text = 'Data,Opis,Kwota,Waluta\n2026-11-22,"Nowak, zaliczka","1.500,00",PLN\n2026-11-22,Kowalski,"20,00",PLN\n'
    assert found(text) == [(date(2026, 11, 22), 1500_00, "PLN"), (date(2026, 11, 22), 20_00, "PLN")]


def test_without_a_head_the_balance_is_not_the_amount() -> None:
    text = "22.11.2026;R00042 Zaliczka;300,00;5.300,00\n23.11.2026;R00043;+20,00 EUR;5.320,00"
    assert found(text) == [(date(2026, 11, 22), 300_00, "EUR"), (date(2026, 11, 23), 20_00, "EUR")]


def test_plain_lines() -> None:
    text = (
        "22.11.2026 TRANSFER FROM JAN KOWALSKI R00042 1,234.56\n"
        "2026-11-22  Nowak  booking 118  EUR 300.00 CR\n"
        "23/11/26 refund R00040 -50.00 EUR\n"
        "just words\n"
    )
    assert found(text, decimal=".") == [
        (date(2026, 11, 22), 1234_56, "EUR"),
        (date(2026, 11, 22), 300_00, "EUR"),
        (date(2026, 11, 23), -50_00, "EUR"),
    ]


def test_mt940() -> None:
    text = (
        ":20:STARTUMS\n:25:10020030/1234\n:60F:C261120PLN1000,00\n"
        ":61:2611211121C1234,56NTRFNONREF//B4\n:86:166?00UZNANIE?20R00042 zaliczka?32LUCJA NOWAK\n"
        ":61:261122D12,NMSC\n:86:prowizja\n:61:261122RD7,50NTRF\n:62F:C261122PLN2222,56\n-"
    )
    lines = read(text, **EUR)
    assert [(one.day, one.amount, one.currency) for one in lines] == [
        (date(2026, 11, 21), 1234_56, "PLN"),
        (date(2026, 11, 22), -12_00, "PLN"),
        (date(2026, 11, 22), 7_50, "PLN"),
    ]
    assert "R00042 zaliczka LUCJA NOWAK" in lines[0].text


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("22.11.2026;A;1.234;9,50", ",", 1234_00),
        ("22.11.2026;A;1.234 JPY", ",", 1234),
        ("22.11.2026;A;1.234 KWD", ".", 1_234),
        ("22.11.2026;A;-1.234,5 KWD", ".", -1234_500),
        ("22.11.2026;A;(12.50);1", ".", -12_50),
        ("22.11.2026;A;12,50-;1", ",", -12_50),
        ("22.11.2026;A;− 12,50;1", ",", -12_50),
        ("22.11.2026;A;1 234,56;1", ",", 1234_56),
        ("22.11.2026;A;1'234.56;1", ".", 1234_56),
    ],
)
def test_amounts_as_banks_write_them(text: str, decimal: str, amount: int) -> None:
    assert read(text, currency="EUR", decimal=decimal)[0].amount == amount


def test_the_statement_shows_its_own_decimal_sign() -> None:
    text = "22.11.2026;A;1,234\n22.11.2026;B;12.50"
    assert [one.amount for one in read(text, currency="EUR", decimal=",")] == [1234_00, 12_50]


def test_equal_lines_are_told_apart_and_known_again() -> None:
    text = "22.11.2026;Room;20,00\n22.11.2026;Room;20,00\n22.11.2026;Bar;5,00"
    first = read(text, **EUR)
    assert len({one.digest for one in first}) == 3
    again = read(text.replace("Room", "ROOM").replace(";", "\t").replace("\t", ";"), **EUR)
    assert [one.digest for one in again] == [one.digest for one in first]


@given(st.text(max_size=300))
def test_nothing_breaks_it(text: str) -> None:
    for one in read(text, **EUR):
        assert one.digest
        assert one.text


@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "PLN", "JPY", "KWD"])), min_size=1, max_size=5
    )
)
def test_amounts_written_plainly_are_read_back(rows: list[tuple[int, str]]) -> None:
    from crm_tui.rules.money import Money

    text = "\n".join(f"2026-11-22;Nowak R{n:05};{Money(*row).decimal};{row[1]}" for n, row in enumerate(rows))
    assert [(one.amount, one.currency) for one in read(text, currency="EUR", decimal=".")] == rows


# Matching


def line(text: str, amount: int | None = 300_00, currency: str = "EUR") -> BankLine:
    return BankLine(1, text, None, amount, currency, "x")


def candidate(number: int = 1, code: str = "R00042", name: str = "Nowak", **more: object) -> Candidate:
    values: dict[str, object] = {"currency": "EUR", "missing": frozenset({300_00, 1000_00}), "paid": 0} | more
    return Candidate(number, (code,), (("Łucja", name),), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "amount", "reasons"),
    [
        ("transfer R00042 Lucja Nowak", 300_00, ("code", "amount", "name")),
        ("transfer r00042", 17_00, ("code",)),
        ("transfer R 00042", 300_00, ("code", "amount")),
        ("NOWAK", 300_00, ("amount", "name")),
        ("somebody", 300_00, ("amount",)),
        ("ŁUCJA NOWAK", 17_00, ("name",)),
    ],
)
def test_reasons(text: str, amount: int, reasons: tuple[str, ...]) -> None:
    (one,) = match(line(text, amount), [candidate()])
    assert one.reasons == reasons


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("somebody", 17_00, "EUR"),
        ("Nowak", 17_00, "EUR"),  # a surname alone is of many
        ("R000421", 17_00, "EUR"),
        ("XR00042", 17_00, "EUR"),
        ("R00042", 300_00, "PLN"),
        ("R00042", None, "EUR"),
        ("Lucja Nowak", -300_00, "EUR"),  # nothing to give back
    ],
)
def test_nothing_is_proposed(text: str, amount: int | None, currency: str) -> None:
    assert match(line(text, amount, currency), [candidate()]) == []


def test_codes_with_signs_in_them() -> None:
    for text in ("BK-2026/118", "bk2026118", "BK 2026 118", "ref:BK-2026/118,"):
        assert match(line(text, 1), [candidate(code="BK-2026/118")])[0].reasons == ("code",)


def test_money_that_went_out_needs_the_code() -> None:
    assert match(line("R00042 back", -50_00), [candidate(paid=100_00)])[0].reasons == ("code", "amount")


def test_the_likeliest_comes_first() -> None:
    several = [candidate(1, "R1"), candidate(2, "R00077", "Kowalski"), candidate(3, "R3", "Zima")]
    assert [one.reservation for one in match(line("R00077 zima"), several)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-06-30;ACME;3000.00;x", False),
        ("30.06.2026;ACME;3.000,00;x", False),
        ("2026-06-30;ACME 3000;12.00;x", True),
        ("2026-06-30;booking no. 2026, thanks;12.00;x", True),
    ],
)
def test_a_code_that_is_a_mere_number_is_no_day_and_no_amount(text: str, found: bool) -> None:
    (line,) = read(text, currency="EUR", decimal=".")
    candidates = [Candidate(at, (code,), (), "EUR", frozenset()) for at, code in enumerate(("2026", "3000", "300000"))]
    assert bool(match(line, candidates)) is found
