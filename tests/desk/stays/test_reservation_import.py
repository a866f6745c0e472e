"""Reservations from a booking system: idempotent by reference, row by row (SPEC §7, §15)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import SQLModel

from crm_tui import desk
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Flight,
    Guest,
    GuestEmail,
    GuestPhone,
    Journal,
    Payment,
    Reservation,
    ReservationGuest,
    ScheduleLine,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays.reservation_import import RowResult, SourceRow, import_rows
from crm_tui.desk.stays.reservation_views import ReservationView

FULL: dict[str, Any] = {
    "reference": "B-1001",
    "status": "confirmed",
    "channel": "Booking.com",
    "operator": "Rainbow Coast",
    "product": "Week in the sun",
    "destination": "Palma",
    "room": "204",
    "booked": "2026-05-02",
    "arrival": "2026-08-01",
    "departure": "2026-08-08",
    "adults": 2,
    "children": 1,
    "currency": "EUR",
    "value": "1200.50",
    "guests": [
        {"reference": "G1", "surname": "Nowak", "given": "Łucja", "email": "l.nowak@example.com"},
        {
            "surname": "Nowak",
            "given": "Jan",
            "birth_date": "1980-02-01",
            "passport_expiry": "2027-01-01",
            "holder": True,
        },
    ],
    "company": {"reference": "F1", "name": "Wierzba Sp. z o.o.", "tax_number": ""},
    "schedule": [
        {"kind": "deposit", "due": "2026-05-09", "amount": "300"},
        {"kind": "balance", "due": "2026-07-01", "amount": "900.50"},
    ],
    "payments": [{"reference": "P1", "date": "2026-05-08", "amount": "300.00", "method": "transfer"}],
    "flights": [
        {"number": "LO123", "from": "waw", "to": "PMI", "departs": "2026-08-01T06:35", "arrives": "2026-08-01T09:40"}
    ],
}


def run(ctx: Context, *records: Any, dry_run: bool = False) -> list[RowResult]:
    rows = [SourceRow(number, record) for number, record in enumerate(records, 1)]
    return list(import_rows(ctx, rows, dry_run=dry_run))


def the_one(ctx: Context) -> ReservationView:
    (row,) = desk.reservations.listed(ctx)
    return desk.reservations.get(ctx, row.id)


def errors(result: RowResult) -> dict[str, str]:
    assert result.status == "error"
    return dict(result.errors)


def held(ctx: Context) -> dict[str, list[Any]]:
    """All that an import may write, without the journal and without numbers that follow from the order of rows."""
    with ctx.store.connect() as connection:
        guest, reservation = columns(Guest), columns(Reservation)
        of = {row.id: row.reference for row in connection.execute(select(reservation.id, reservation.reference))}
        who = {row.id: (row.folded, str(row.birth_date)) for row in connection.execute(select(table_of(Guest)))}
        found: dict[str, list[Any]] = {"guests": sorted(map(str, who.values()))}
        assert guest.id is not None
        # that a row was confirmed once is history: it depends on how often the file said so before it said otherwise
        left_out = ("id", "version", "company_id", "operator_id", "confirmed_at")
        found["reservations"] = [
            {k: v for k, v in row._mapping.items() if k not in left_out}
            for row in connection.execute(select(table_of(Reservation)).order_by(reservation.reference))
        ]
        links = connection.execute(select(table_of(ReservationGuest)))
        found["links"] = sorted((of[row.reservation_id], str(who[row.guest_id]), bool(row.holder)) for row in links)
        parts: dict[str, type[SQLModel]] = {"lines": ScheduleLine, "payments": Payment, "flights": Flight}
        for name, model in parts.items():
            rows = connection.execute(select(table_of(model)).where(columns(model).reservation_id.is_not(None)))
            found[name] = sorted(
                (of[row.reservation_id], str({k: v for k, v in row._mapping.items() if not k.endswith("id")}))
                for row in rows
            )
        contacts: dict[str, type[SQLModel]] = {"mails": GuestEmail, "phones": GuestPhone}
        for name, model in contacts.items():
            found[name] = sorted(str(who[row.guest_id]) for row in connection.execute(select(table_of(model))))
    return found


def journal_length(ctx: Context) -> int:
    with ctx.store.connect() as connection:
        return len(connection.execute(select(columns(Journal).id)).all())


def test_every_name_of_the_format_lands(ctx: Context) -> None:
    (result,) = run(ctx, FULL)
    assert (result.status, result.errors, result.unknown) == ("new", (), ())
    found = the_one(ctx)
    assert (found.code, found.reference, found.status) == ("B-1001", "B-1001", "confirmed")
    assert (found.channel, found.operator, found.title) == (
        "Booking.com",
        "Rainbow Coast",
        "Week in the sun · Palma · 204",
    )
    assert (str(found.arrival), str(found.departure), found.nights, found.adults, found.children) == (
        "2026-08-01",
        "2026-08-08",
        7,
        2,
        1,
    )
    assert str(found.value) == "1200.50 EUR"
    assert found.holder is not None
    assert found.holder.name == "Jan Nowak"
    assert [one.name for one in found.guests] == ["Jan Nowak", "Łucja Nowak"]
    assert found.company is not None
    assert found.company[1] == "Wierzba Sp. z o.o."
    assert [(one.kind, str(one.amount)) for one in found.schedule] == [
        ("deposit", "300.00 EUR"),
        ("balance", "900.50 EUR"),
    ]
    assert str(found.paid) == "300.00 EUR"
    (leg,) = found.flights
    assert (leg.from_airport, leg.departs) == ("WAW", "2026-08-01T06:35")


def test_the_same_again_changes_nothing_at_all(ctx: Context) -> None:
    run(ctx, FULL)
    before, told = held(ctx), journal_length(ctx)
    (result,) = run(ctx, copy.deepcopy(FULL))
    assert result.status == "same"
    assert (held(ctx), journal_length(ctx)) == (before, told)


def test_a_changed_row_changes_what_it_names_and_tells_of_it(ctx: Context) -> None:
    run(ctx, FULL)
    lines_before = {line.id for line in the_one(ctx).schedule}
    legs_before = [leg.id for leg in the_one(ctx).flights]
    changed = copy.deepcopy(FULL) | {"status": "cancelled", "room": ""}
    changed["flights"][0]["departs"] = "2026-08-01T07:10"
    changed["payments"].append({"date": "2026-06-01", "amount": "-50", "method": "card"})
    (result,) = run(ctx, changed)
    assert result.status == "changed"
    found = the_one(ctx)
    assert (found.status, found.room, found.destination) == ("cancelled", "", "Palma")
    assert {line.id for line in found.schedule} == lines_before
    assert [leg.id for leg in found.flights] == legs_before  # the same leg at another time
    assert found.flights[0].departs == "2026-08-01T07:10"
    assert str(found.paid) == "250.00 EUR"
    assert [one.kind for one in found.payments] == ["payment", "refund"]
    assert run(ctx, changed)[0].status == "same"


def test_what_the_desk_changed_stays_until_the_file_says_something_else(ctx: Context) -> None:
    run(ctx, FULL)
    found = the_one(ctx)
    desk.reservations.set(ctx, found.id, found.version, {"room": "311"})
    assert run(ctx, FULL)[0].status == "same"
    assert the_one(ctx).room == "311"


def test_one_that_was_taken_back_comes_again(ctx: Context) -> None:
    number = desk.reservations.create(ctx, {"reference": "B-1001"})
    desk.undo.undo(ctx)
    assert desk.reservations.listed(ctx) == []
    assert run(ctx, FULL)[0].reservation == number
    assert the_one(ctx).room == "204"


def test_guests_are_known_by_reference_mail_phone_or_birthday(ctx: Context) -> None:
    known = [
        desk.guests.create(ctx, {"surname": "Kaya", "reference": "G9"}),
        desk.guests.create(ctx, {"surname": "Lefèvre", "given": "Éloïse", "email": "Eloise@example.com"}),
        desk.guests.create(ctx, {"surname": "Martín", "given": "José", "phone": "+34612345678"}),
        desk.guests.create(ctx, {"surname": "Žák", "given": "Jan", "birth_date": "1970-01-02"}),
    ]
    guests = [
        {"reference": "G9", "surname": "Kaya-Maier"},
        {"surname": "LEFEVRE", "given": "Eloise", "email": "eloise@example.com", "birth_date": "1984-03-12"},
        {"surname": "Martin", "phone": "612 345 678"},
        {"surname": "Zak", "given": "Jan", "birth_date": "1970-01-02"},
    ]
    assert run(ctx, {"reference": "1", "guests": guests})[0].errors == ()
    assert sorted(one.id for one in the_one(ctx).guests) == known
    assert str(desk.guests.get(ctx, known[1]).birth_date) == "1984-03-12"  # filled in
    assert desk.guests.get(ctx, known[0]).surname == "Kaya"  # not overwritten


def test_of_two_with_the_same_mail_the_name_decides_and_a_birthday_parts(ctx: Context) -> None:
    mother = desk.guests.create(
        ctx, {"surname": "Nowak", "given": "Anna", "email": "family@example.com", "birth_date": "1950-01-01"}
    )
    guests = [
        {"surname": "Nowak", "given": "Piotr", "email": "family@example.com"},
        {"surname": "Nowak", "given": "Anna", "email": "family@example.com", "birth_date": "1981-01-01"},
    ]
    run(ctx, {"reference": "1", "guests": guests})
    found = {one.id for one in the_one(ctx).guests}
    assert mother not in found
    assert len(found) == 2


def test_a_merged_guest_stands_for_the_survivor(ctx: Context) -> None:
    old = desk.guests.create(ctx, {"surname": "Kaya", "reference": "G9"})
    new = desk.guests.create(ctx, {"surname": "Kaya"})
    with ctx.write() as tx:
        table = table_of(Guest)
        tx.connection.execute(table.update().where(table.c.id == old).values(merged_into=new))
    run(ctx, {"reference": "1", "guests": [{"reference": "G9", "surname": "Kaya"}]})
    assert [one.id for one in the_one(ctx).guests] == [new]


def test_good_rows_land_bad_ones_do_not_and_nothing_half(ctx: Context) -> None:
    bad = copy.deepcopy(FULL) | {"reference": "B-2"}
    bad["guests"] = [{"surname": "Neu", "given": "Ida"}, {"surname": "Alt", "email": "no address"}]
    results = run(ctx, FULL | {"reference": "B-1"}, bad, FULL | {"reference": "B-3", "guests": []})
    assert [one.status for one in results] == ["new", "error", "new"]
    assert list(errors(results[1])) == ["guests[1].email"]
    assert {row.reference for row in desk.reservations.listed(ctx)} == {"B-1", "B-3"}
    assert desk.guests.find(ctx, "Neu") == []


def test_what_is_wrong_is_said_at_its_field(ctx: Context) -> None:
    wrong: dict[str, Any] = {
        "status": "maybe",
        "arrival": "2026-02-30",
        "departure": "01.08.2026",
        "adults": "two",
        "currency": "EURO",
        "channel": ["x"],
        "guests": [{"given": "Jan"}, {"surname": "A", "holder": "perhaps"}, "me"],
        "company": "Firm",
        "schedule": [{"kind": "rest", "due": "", "amount": "1"}],
        "flights": [{"from": "PALMA", "departs": "2026-08-01T06:35+02:00"}],
    }
    found = errors(run(ctx, wrong)[0])
    assert set(found) == {
        "reference",
        "status",
        "arrival",
        "departure",
        "adults",
        "currency",
        "channel",
        "guests[0].surname",
        "guests[1].holder",
        "guests[2]",
        "company",
        "schedule[0].kind",
        "schedule[0].due",
        "schedule[0].amount",
        "flights[0].from",
        "flights[0].departs",
    }
    assert all(text and "{" not in text for text in found.values())


def test_two_holders_a_company_as_guest_and_a_person_as_payer_are_refused(ctx: Context) -> None:
    desk.guests.create(ctx, {"surname": "Firm", "kind": "company", "reference": "F1"})
    desk.guests.create(ctx, {"surname": "Kaya", "reference": "G1"})
    two = [{"surname": "A", "holder": "x"}, {"surname": "B", "holder": True}]
    assert "guests[1].holder" in errors(run(ctx, {"reference": "1", "guests": two})[0])
    assert "guests[0].reference" in errors(run(ctx, {"reference": "1", "guests": [{"reference": "F1"}]})[0])
    assert "company.reference" in errors(run(ctx, {"reference": "1", "company": {"reference": "G1"}})[0])
    assert desk.reservations.listed(ctx) == []


def test_amounts_are_those_of_a_program(ctx: Context) -> None:
    for currency, text, amount in (
        ("EUR", "1.2", 120),
        ("EUR", "1.200", 120),
        ("EUR", "1.200,50", 120050),
        ("EUR", 7, 700),
        ("JPY", "1200", 1200),
        ("KWD", "1.234", 1234),
        ("HUF", "99.00", 9900),
    ):
        (result,) = run(ctx, {"reference": f"{currency}{text}", "currency": currency, "value": text})
        assert result.reservation is not None, result
        value = desk.reservations.get(ctx, result.reservation).value
        assert value is not None
        assert value.amount == amount, text
    for currency, text in (
        ("EUR", "1.234"),
        ("JPY", "12.5"),
        ("EUR", "-1"),
        ("EUR", "1e5"),
        ("EUR", "9" * 30),
        ("", "5"),
    ):
        assert errors(run(ctx, {"reference": "x", "currency": currency, "value": text})[0]), text


def test_the_currency_of_money_that_came_in_cannot_change(ctx: Context) -> None:
    run(ctx, FULL)
    assert "currency" in errors(run(ctx, FULL | {"currency": "PLN"})[0])
    assert str(the_one(ctx).paid) == "300.00 EUR"


def test_a_dry_run_says_the_same_and_leaves_nothing(ctx: Context) -> None:
    bad = {"reference": "2", "arrival": "soon"}
    again = FULL | {"room": "205"}
    before = held(ctx)
    told = [(one.status, one.errors) for one in run(ctx, FULL, bad, again, again, dry_run=True)]
    assert [status for status, _errors in told] == ["new", "error", "changed", "same"]
    assert held(ctx) == before
    assert told == [(one.status, one.errors) for one in run(ctx, FULL, bad, again, again)]


def test_hostile_cells_are_kept_as_harmless_text(ctx: Context) -> None:
    nasty = "=cmd|' /C calc'!A0\x00\x1b]52;c;x\x07\u202e"
    (result,) = run(ctx, {"reference": "1", "product": nasty, "guests": [{"surname": "A\x00B", "given": nasty}]})
    assert result.status == "new"
    found = the_one(ctx)
    shown = found.title + "".join(one.name for one in found.guests)
    assert not any(char in shown for char in "\x00\x1b\x07\u202e")
    assert found.product.startswith("=cmd")


def test_an_import_is_not_taken_back_by_one_key(ctx: Context) -> None:
    run(ctx, FULL)
    assert desk.undo.last(ctx) is None


names = st.sampled_from(["Nowak", "Żak", "Lefèvre", "Martín", "zak"])
mails = st.sampled_from(["", "a@example.com", "b@example.com"])
guest_records = st.fixed_dictionaries(
    {"surname": names, "given": st.sampled_from(["", "Jan", "Ana"]), "email": mails},
    optional={"birth_date": st.sampled_from(["1980-01-01", "1990-01-01"])},
)
amounts = st.integers(1, 10**7).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
records = st.fixed_dictionaries(
    {"currency": st.just("EUR"), "value": amounts},
    optional={
        "status": st.sampled_from(["option", "confirmed", "cancelled"]),
        "room": st.sampled_from(["", "204", "Świt"]),
        "operator": st.sampled_from(["", "Sun", "SUN", "Łódź Tours"]),
        "guests": st.lists(guest_records, max_size=3),
        "schedule": st.lists(
            st.fixed_dictionaries({"kind": st.just("balance"), "due": st.just("2026-08-01"), "amount": amounts}),
            max_size=2,
        ),
        "payments": st.lists(
            st.fixed_dictionaries(
                {"date": st.sampled_from(["2026-05-01", "2026-05-02"]), "amount": st.sampled_from(["1", "2", "-1"])}
            ),
            max_size=3,
        ),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(records, min_size=1, max_size=4), data=st.data())
def test_any_rows_twice_are_as_once(ctx: Context, rows: list[dict[str, Any]], data: st.DataObject) -> None:
    start = len(desk.reservations.listed(ctx, limit=10_000))
    named = [row | {"reference": f"{start}/{number}"} for number, row in enumerate(rows)]
    assert {one.status for one in run(ctx, *named)} == {"new"}
    before, told = held(ctx), journal_length(ctx)
    again = data.draw(st.permutations(named))
    assert {one.status for one in run(ctx, *again)} == {"same"}
    assert (held(ctx), journal_length(ctx)) == (before, told)
    with ctx.write() as tx:  # without the memory of the last import, the rows still change nothing
        tx.connection.execute(table_of(Reservation).update().values(imported=""))
    assert {one.status for one in run(ctx, *again)} == {"same"}
    assert journal_length(ctx) == told


def test_who_is_named_by_more_than_a_name_claims_their_guest_first(ctx: Context) -> None:
    """Three of one name, two with the mail of somebody who is there: a second import chooses nobody else."""
    fourth = desk.guests.create(ctx, {"surname": "Nowak", "given": "Jan", "emails": ["a@example.com"]})
    plain = {"surname": "Nowak", "given": "Jan", "email": ""}
    mailed = plain | {"email": "a@example.com"}
    for place, row in enumerate(
        ([mailed, mailed, plain], [plain, mailed, mailed], [plain | {"birth_date": "1980-01-01"}, plain, mailed])
    ):
        record = {"reference": f"B{place}", "guests": row}
        run(ctx, record)
        before = held(ctx)
        with ctx.write() as tx:
            tx.connection.execute(table_of(Reservation).update().values(imported=""))
        told = journal_length(ctx)
        assert [one.status for one in run(ctx, record)] == ["same"]
        assert journal_length(ctx) == told
        assert held(ctx)["guests"] == before["guests"]
        number = desk.reservations.find(ctx, f"B{place}") or 0
        assert fourth in {one.id for one in desk.reservations.get(ctx, number).guests}


def _crowd(count: int) -> list[dict[str, Any]]:
    """Rows of all kinds: families, returning guests, payers, codes that clash, a wrong one, the same reference twice."""
    rows: list[dict[str, Any]] = []
    for number in range(count):
        guest = {
            "surname": f"Nowak{number % 7}",
            "given": "Łucja",
            "email": f"g{number % 7}@mail.example",
            "holder": True,
        }
        row: dict[str, Any] = {
            "reference": f"B-{number}",
            "arrival": "2026-08-01",
            "departure": "2026-08-08",
            "currency": "EUR",
            "value": "900.00",
            "operator": ("", "Itaka", "Rainbow")[number % 3],
            "guests": [guest, {"reference": f"C{number}", "surname": "Petit", "birth_date": "1990-01-02"}],
            "schedule": [{"kind": "deposit", "due": "2026-07-02", "amount": "300.00"}],
            "payments": [{"reference": f"P{number}", "date": "2026-07-01", "amount": "100.00", "method": "card"}],
            "flights": [{"number": "LO1", "from": "waw", "to": "PMI", "departs": "2026-08-01T06:35"}],
        }
        if number % 5 == 0:
            row["company"] = {"name": f"Firma {number % 2}", "tax_number": ""}
        if number % 6 == 0:
            row["guests"].append(
                {"surname": f"Nowak{number % 7}", "given": "Łucja", "phone": f"+486012345{number % 7}0"}
            )
        if number % 8 == 0:
            row["code"] = f"K-{number % 3}"
        if number == 9:
            row["arrival"] = "soon"
        rows.append(row)
    rows.insert(12, rows[3] | {"room": "204"})
    return rows


def _held(ctx: Context) -> list[dict[str, Any]]:
    """All that the store says of reservations and their guests, without numbers."""
    from crm_tui.desk.stays import reservation_files

    return list(reservation_files.records(ctx))


def test_many_at_once_hold_what_one_after_the_other_would(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_tui.data import dues, record_search
    from crm_tui.desk.stays.reservation_batch_guests import Unclear
    from crm_tui.desk.stays.reservation_batches import Batch
    from tests.desk.house import make_house

    rows = [SourceRow(place, row) for place, row in enumerate(_crowd(40), 1)]
    quick = list(import_rows(ctx, rows))
    assert sum(one.status == "new" for one in quick) > 25
    with ctx.store.connect() as connection:
        assert [record_search.wrong(connection, kind) for kind in ("guest", "inquiry", "reservation")] == [0, 0, 0]
        assert connection.exec_driver_sql(dues.WRONG).scalar() == 0
    other = make_house(tmp_path / "other")

    def unclear(*_given: object) -> None:
        raise Unclear

    monkeypatch.setattr(Batch, "take", unclear)
    slow = list(import_rows(other, rows))
    assert [(one.number, one.status, one.errors) for one in slow] == [
        (one.number, one.status, one.errors) for one in quick
    ]
    assert _held(other) == _held(ctx)
    other.store.close()


def test_half_an_import_is_made_whole_by_the_next(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui.desk.stays import reservation_import

    monkeypatch.setattr(reservation_import, "CHUNK", 10)
    rows = [SourceRow(place, row) for place, row in enumerate(_crowd(40), 1)]

    def cut() -> Iterator[SourceRow]:
        yield from rows[:25]
        raise KeyboardInterrupt  # in the middle of a batch

    with pytest.raises(KeyboardInterrupt):
        list(import_rows(ctx, cut()))
    assert len(_held(ctx)) <= 20
    second = {one.number: one.status for one in import_rows(ctx, rows)}
    assert len(_held(ctx)) == 37  # two codes clash, one day is none
    assert all(second[number] in ("same", "changed") for number in range(1, 21) if number not in (10, 13))
    before = _held(ctx)
    again = list(import_rows(ctx, [row for row in rows if row.number != 4]))
    assert {one.status for one in again} <= {"same", "error"}
    assert _held(ctx) == before


def test_a_flight_in_an_hour_that_the_clock_skips_is_refused_and_an_unknown_airport_is_taken(ctx: Context) -> None:
    legs = [
        {"number": "IB 1", "from": "MAD", "to": "PMI", "departs": "2027-03-28T02:30"},
        {"number": "IB 2", "from": "XQZ", "to": "PMI", "departs": "2027-03-28T02:30", "arrives": "2027-03-28T02:15"},
    ]
    (wrong,) = run(ctx, {"reference": "D-1", "flights": legs[:1]})
    assert dict(wrong.errors) == {
        "flights[0].departs": "There is no 2027-03-28 02:30 on that day at the airport: "
        "the clocks are put forward over that hour."
    }
    (also,) = run(ctx, {"reference": "D-2", "flights": legs[1:]})
    assert [name for name, _text in also.errors] == ["flights[0].arrives"]
    (fine,) = run(ctx, {"reference": "D-3", "flights": [{**legs[1], "arrives": ""}]})
    assert fine.status == "new"
