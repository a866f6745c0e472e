"""Files of reservations: what they say nothing about stays, what was wrong is corrected, and trying one locks nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.data.columns import table_of
from crm_tui.data.tables import Payment
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays.reservation_import import SourceRow, import_rows
from crm_tui.files.limits import FileFault
from tests.desk.stays.test_reservation_import import FULL, errors, run, the_one


def test_a_dry_run_locks_nobody_out_and_works_read_only(ctx: Context) -> None:
    run(ctx, FULL)

    def rows() -> Iterator[SourceRow]:
        for number in range(1, 251):
            if number == 150:
                desk.guests.create(ctx, {"surname": "Meanwhile"})
            yield SourceRow(number, {"reference": f"N{number}", "guests": [{"surname": "Neu", "given": str(number)}]})
        yield SourceRow(251, FULL | {"room": "205"})

    told = list(import_rows(replace(ctx, readonly=True), rows(), dry_run=True))
    assert [one.status for one in told] == ["new"] * 250 + ["changed"]
    assert told[0].reservation is None
    assert len(desk.reservations.listed(ctx)) == 1
    assert desk.guests.find(ctx, "Neu") == []


def test_the_rows_of_a_dry_run_come_as_they_are_read(ctx: Context) -> None:
    read: list[int] = []

    def rows() -> Iterator[SourceRow]:
        for number in range(1, 1_001):
            read.append(number)
            yield SourceRow(number, {"reference": f"N{number}"})

    next(import_rows(ctx, rows(), dry_run=True))
    assert len(read) <= 500


def test_a_payment_whose_day_is_corrected_counts_once(ctx: Context) -> None:
    def paid(*payments: tuple[str, str]) -> str:
        listed = [{"date": day, "amount": amount} for day, amount in payments]
        (result,) = run(ctx, {"reference": "P", "currency": "EUR", "payments": listed})
        assert result.status != "error", result
        return str(the_one(ctx).paid)

    assert paid(("2026-01-01", "5")) == "5.00 EUR"
    assert paid(("2026-01-02", "5")) == "5.00 EUR"
    assert paid(("2026-01-02", "5"), ("2026-01-02", "5")) == "10.00 EUR"
    with ctx.write() as tx:
        own = {"reservation_id": the_one(ctx).id, "day": date(2026, 1, 3), "amount": 700, "created_at": tx.now}
        tx.connection.execute(table_of(Payment).insert().values(kind="payment", imported=False, **own))
    assert paid(("2026-01-02", "5"), ("2026-01-02", "6")) == "18.00 EUR"
    assert paid(("2026-02-01", "6")) == "13.00 EUR"
    assert [str(one.day) for one in the_one(ctx).payments if not one.reversed_at] == ["2026-01-03", "2026-02-01"]


def test_the_holder_goes_only_if_another_follows(ctx: Context) -> None:
    ana, jan = {"surname": "Nowak", "given": "Ana"}, {"surname": "Nowak", "given": "Jan"}
    run(ctx, {"reference": "1", "guests": [ana, jan]})
    assert "guests" in errors(run(ctx, {"reference": "1", "guests": [jan]})[0])
    assert len(the_one(ctx).guests) == 2
    assert run(ctx, {"reference": "1", "guests": [jan | {"holder": True}]})[0].status == "changed"
    run(ctx, {"reference": "1", "guests": [ana, jan]})
    holder = the_one(ctx).holder
    assert holder is not None
    assert holder.name == "Jan Nowak"
    run(ctx, {"reference": "1", "guests": []})
    assert the_one(ctx).guests == ()


def test_blank_cells_of_a_table_say_nothing(ctx: Context, tmp_path: Path) -> None:
    head = "reference,status,currency,guests.1.surname,guests.1.given,company.name,payments.1.date,payments.1.amount\n"
    path = tmp_path / "r.csv"
    path.write_text(head + "C1,confirmed,EUR,Abe,A,ACME,2026-01-01,5\n", encoding="utf-8")
    assert [one.status for one in import_rows(ctx, desk.reservation_files.read(path))] == ["new"]
    path.write_text(head + "C1,cancelled,EUR,,,,,\n", encoding="utf-8")
    assert [one.status for one in import_rows(ctx, desk.reservation_files.read(path))] == ["changed"]
    found = the_one(ctx)
    assert (found.status, len(found.guests), str(found.paid)) == ("cancelled", 1, "5.00 EUR")
    assert found.company is not None
    path.write_text('[{"reference": "C1", "guests": [], "company": null}]', encoding="utf-8")
    assert [one.status for one in import_rows(ctx, desk.reservation_files.read(path))] == ["changed"]
    assert the_one(ctx).guests == ()
    assert the_one(ctx).company is None


def test_a_list_is_read_on_after_a_bad_entry_and_numbers_are_exact(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(
        '[{"reference": "A", "currency": "EUR", "value": 1e2, "adults": 2.0}, {"reference": oops},\n'
        '{"reference": "B", "adults": 2.5}, {"reference": "C", "reference": "D"}]\n[{"reference": "E"}]',
        encoding="utf-8",
    )
    told = list(import_rows(ctx, desk.reservation_files.read(path)))
    assert [one.status for one in told] == ["new", "error", "error", "error", "new"]
    assert "reference" in told[3].errors[0][1]
    first = desk.reservations.get(ctx, told[0].reservation or 0)
    assert (str(first.value), first.adults) == ("100.00 EUR", 2)


def test_two_columns_for_one_thing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("reference,guests.surname,guests.1.surname\nA,B,C\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"guests\.surname and guests\.1\.surname"):
        list(desk.reservation_files.read(path))
