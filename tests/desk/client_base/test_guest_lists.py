"""The lists of guests: pages, order, search, criteria."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.data import record_search
from crm_tui.data.columns import columns
from crm_tui.data.store import Store
from crm_tui.data.tables import Reservation
from crm_tui.desk.client_base import guest_lists, guests
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.desk.client_base.guest_shared_words import answers_singly, spelled_out
from crm_tui.desk.common.context import Context
from crm_tui.desk.undoing import undo
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.asked import add_guest, consent
from tests.desk.bookings import add_reservation


def test_pages_walk_the_names(ctx: Context) -> None:
    made = [add_guest(ctx, f"Guest {number % 7}", f"{number:03}") for number in range(50)]
    query = GuestQuery()
    whole = guest_lists.page(ctx, query)
    assert [row.id for row in whole.rows] == sorted(made, key=lambda one: ((one - made[0]) % 7, one))
    assert whole.total == guest_lists.total(ctx, query) == 50
    first = guest_lists.page(ctx, query, limit=10).rows
    second = guest_lists.page(ctx, query, after=first[-1].cursor, limit=10).rows
    assert [*first, *second] == list(whole.rows)[:20]
    assert guest_lists.page(ctx, query, before=second[0].cursor, limit=4).rows == list(whole.rows)[6:10]
    assert guest_lists.page(ctx, query, last=True, limit=3).rows == list(whole.rows)[-3:]
    assert guest_lists.page(ctx, query, at=20, limit=2).rows == list(whole.rows)[20:22]
    assert guest_lists.position(ctx, query, whole.rows[33].cursor) == 33
    assert guest_lists.row_in_list(ctx, query, whole.rows[5].id) == whole.rows[5]
    assert guest_lists.ids(ctx, GuestCriteria(), limit=3) == [row.id for row in whole.rows[:3]]


def test_the_newest_word_on_a_consent_holds(ctx: Context) -> None:
    yes, no, never = (add_guest(ctx, name) for name in ("Yes", "No", "Never"))
    consent(ctx, yes)
    consent(ctx, no)
    consent(ctx, no, given=False)
    consent(ctx, never, channel="sms")
    assert guest_lists.ids(ctx, GuestCriteria(consent="mail")) == [yes]
    assert guest_lists.ids(ctx, GuestCriteria(no_consent="mail")) == [never, no]


@pytest.mark.parametrize("criteria", [GuestCriteria(kind="dog"), GuestCriteria(value_from=2, value_to=1)])
def test_what_cannot_be_asked_is_refused(ctx: Context, criteria: GuestCriteria) -> None:
    with pytest.raises(InvalidInput):
        guest_lists.ids(ctx, criteria)


def test_words_name_attributes(ctx: Context) -> None:
    from crm_tui.desk.groups import attributes

    golf = attributes.add(ctx, "Golf")
    asked = GuestCriteria(attributes=(golf,), passport_by=date(2026, 12, 1))
    assert guest_lists.words(ctx, asked) == "Golf · passport expires by 2026-12-01"


def test_a_company_that_pays_has_booked(ctx: Context) -> None:
    firm, other = (add_guest(ctx, name, kind="company") for name in ("Pol-Trans", "Other"))
    jan = add_guest(ctx, "Jan")
    trip: dict[str, Any] = {
        "arrival": date(2026, 5, 1),
        "value": 100_000,
        "currency": "EUR",
        "folded_destination": "lanzarote",
    }
    add_reservation(ctx, "R1", jan, company=firm, **trip)
    gone = add_reservation(ctx, "R2", company=other, **trip)
    with ctx.write() as tx:
        tx.connection.execute(update(Reservation).where(columns(Reservation).id == gone).values(removed_at=tx.now))
    assert guest_lists.ids(ctx, GuestCriteria(never_booked=True)) == [other]
    for asked in (
        GuestCriteria(destination="lanza"),
        GuestCriteria(arrival_from=date(2026, 5, 1), arrival_to=date(2026, 5, 1)),
        GuestCriteria(value_from=100_000, currency="EUR"),
    ):
        assert guest_lists.ids(ctx, asked) == [jan, firm]
        assert guest_lists.row_in_list(ctx, GuestQuery(replace(asked, text="pol")), firm) is not None
    assert guest_lists.ids(ctx, GuestCriteria(destination="lanza", arrival_from=date(2026, 5, 2))) == []


@pytest.mark.parametrize(
    "typed",
    [
        "+49 (0)30 901820",
        "+49(0)30901820",
        "29 feb 1980",
        "29 February 1980",
        "29 February 80",
        "29 feb",
        "29. 2. 1980",
        "29 / 02 / 1980",
        "Feb 29, 1980",
        "29 de febrero de 1980",
        "29 lutego 1980",
        "29 févr 1980",
        "29feb1980",
        "strauss 29 feb 1980",
        "29 feb 1980 jorg",
        "AB-12",
        "ab12",
        "ab-1",
        "a-b12",
    ],
)
def test_forms_of_a_number_a_birthday_and_a_reference_are_found(ctx: Context, typed: str) -> None:
    joerg = add_guest(
        ctx, "Strauß", "Jörg", phones=["+4930901820"], birth_date=date(1980, 2, 29), reference="AB-12", city="Ulm"
    )
    add_guest(ctx, "Feb", phones=["+4930901821"], birth_date=date(1980, 3, 1), reference="AC-12")
    assert guest_lists.ids(ctx, GuestCriteria(text=typed)) == [joerg]
    assert [row.id for row in guests.find(ctx, typed)] == [joerg]


def test_a_name_that_begins_like_a_month_is_no_day(ctx: Context) -> None:
    add_guest(ctx, "Kos", birth_date=date(1980, 3, 5))
    assert guest_lists.ids(ctx, GuestCriteria(text="maria 5")) == []
    assert len(guest_lists.ids(ctx, GuestCriteria(text="mar 5"))) == 1
    may = add_guest(ctx, "May", "5")
    assert may in guest_lists.ids(ctx, GuestCriteria(text="may 5"))


def test_pickers_find_whom_the_list_finds_in_its_order(ctx: Context) -> None:
    for surname, given, mail in (("Wiśniewska", "Ł.", "lucja.w"), ("Wiśniewska", "Łucja", "x"), ("Lu", "Wisn", "y")):
        add_guest(ctx, surname, given, mails=[f"{mail}@poczta.example"], city="Łódź", reference=f"R-{mail}")
    for text in ("lucja wisn", "wisniewska lucja", "lu wisn", "wisn lu", "lodz", "r-x", "poczta", "Łódź wisn"):
        listed = [row.id for row in guest_lists.page(ctx, GuestQuery(GuestCriteria(text=text))).rows]
        assert listed
        assert [row.id for row in guests.find(ctx, text)] == listed
    assert guests.find(ctx, "lu wisn")[0].name == "Wisn Lu"
    assert [row.name for row in guests.find(ctx, "lucja wisn")] == ["Łucja Wiśniewska", "Ł. Wiśniewska"]


def test_a_currency_alone_asks_nothing() -> None:
    assert GuestCriteria(currency="EUR").empty
    assert not GuestCriteria(currency="EUR", value_from=1).empty


def test_many_are_archived_and_taken_back_in_few_statements(ctx: Context) -> None:
    made = [add_guest(ctx, f"Guest {number:03}") for number in range(600)]
    merged = add_guest(ctx, "Merged", merged_into=made[0])
    guests.archive(ctx, made[:1])
    said: list[str] = []
    event.listen(ctx.store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    assert guests.archive(ctx, [*made, made[1], merged]) == 599
    assert len(said) < 60
    assert guest_lists.ids(ctx, GuestCriteria(text="guest")) == []
    assert guest_lists.ids(ctx, GuestCriteria(text="guest", archived=True)) == made
    with pytest.raises(NotFound):
        guests.unarchive(ctx, [*made, 99_999])
    said.clear()
    undo.undo(ctx)
    assert len(said) < 60
    assert guest_lists.ids(ctx, GuestCriteria(text="guest")) == made[1:]
    with ctx.store.connect() as connection:
        assert record_search.wrong(connection, "guest") == 0


@pytest.mark.parametrize("typed", ["e", "ex", "exa", "example", "exam", "e@", "ana@exam", "ana@example.o", "nobody"])
def test_a_word_that_very_many_share_finds_whom_the_set_of_all_would(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    mails = ("ana@example.org", "exa@mple.org", "ana@exa.org", "jan@example.org", "", "eva@else.org")
    for number, mail in enumerate(mails):
        guests.create(ctx, {"surname": f"Ex{number}" if number % 2 else f"Mora{number}", "email": mail})
    for few in ("FEW", "FEW_MEMBERS"):  # along the names, as with very many
        monkeypatch.setattr(f"crm_tui.desk.client_base.guest_walks.{few}", 0)
    gathered = found(ctx, typed)
    for name, value in (("SHARED", -1), ("EVERY", 10**9)):
        monkeypatch.setattr(f"crm_tui.desk.client_base.guest_walks.{name}", value)
    said: list[str] = []
    event.listen(ctx.store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    assert found(ctx, typed) == gathered
    assert any("EXISTS (SELECT s.rowid" in one for one in said) == (typed not in {"nobody", "ana@example.o"})
    assert bool(gathered[0]) == (typed != "nobody")


@pytest.mark.parametrize("typed", ["e", "example", "exampl", "ana@example", "mora", "nobody", "ana", "ana exam"])
def test_the_first_page_is_there_before_it_is_counted(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    for number in range(5):
        guests.create(ctx, {"surname": f"Mora{number}", "given": "Ana", "email": f"ana{number}@example.org"})
    query = GuestQuery(GuestCriteria(text=typed))
    whole = guest_lists.page(ctx, query, limit=3)
    assert guest_lists.first(ctx, query, 3) == (whole.rows, whole.total)
    monkeypatch.setattr("crm_tui.desk.client_base.guest_walks.FEW", 0)
    many = guest_lists.first(ctx, query, 3)
    assert many == (whole.rows, None if whole.total else 0)
    assert guest_lists.total(ctx, query, many=True) == whole.total


def test_a_long_beginning_is_spelled_out_as_the_words_that_begin_so(ctx: Context) -> None:
    guests.create(ctx, {"surname": "Mora", "city": "Exampleton", "email": "ana@example.org"})
    with ctx.store.connect() as connection:
        assert spelled_out(connection, 'names : "exam"*') == 'names : ("example" OR "exampleton")'
        assert spelled_out(connection, '("ana@exam"*)') == '(("ana@example" OR "ana@exampleton"))'
        for kept in ('"exa"*', '"nobody"*', 'facts : "\ue000b0512"*', '"exam"', '"exam_p"*'):
            assert spelled_out(connection, kept) == kept
        assert answers_singly('"exa"* OR "example"')
        assert not answers_singly('"exam"* OR "e"*')
        for number in range(9):
            guests.create(ctx, {"surname": f"Exampler{number}"})
    with ctx.store.connect() as connection:
        assert spelled_out(connection, '"exampler"*') == '"exampler"*'


def test_a_store_that_is_only_read_is_searched_too(ctx: Context) -> None:
    guests.create(ctx, {"surname": "Mora", "email": "ana@example.org"})
    store = Store(ctx.store.url, readonly=True)
    assert found(replace(ctx, store=store), "example")[0] == 1
    store.close()


def found(ctx: Context, typed: str) -> tuple[int, list[int]]:
    page = guest_lists.page(ctx, GuestQuery(GuestCriteria(text=typed)), limit=100)
    last = guest_lists.page(ctx, GuestQuery(GuestCriteria(text=typed)), last=True, limit=100)
    assert page.rows == last.rows
    return page.total, [row.id for row in page.rows]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王小明", ["王"]),
        ("王小", ["王"]),
        ("小明", ["王"]),
        ("小明王", ["王"]),
        ("王 小明", ["王"]),
        ("田中太郎", ["田中", "田中太郎"]),
        ("田中太", ["田中", "田中太郎"]),
        ("田中 太郎", ["田中", "田中太郎"]),
        ("田中", ["田中", "田中花子", "田中太郎"]),
        ("ﾀﾅｶ", []),
        ("김민수", ["김"]),
        ("김민", ["김"]),
        ("민수", ["김"]),
        ("สมชายใจดี", ["ใจดี"]),
        ("王小明 shanghai", ["王"]),
        ("王大", []),
    ],
)
def test_names_are_typed_as_they_are_written(ctx: Context, typed: str, found: list[str]) -> None:
    """Chinese, Japanese, Korean and Thai write surname and given names together."""
    for surname, given in (
        ("王", "小明"),
        ("田中", "太郎"),
        ("田中太郎", ""),
        ("田中花子", ""),
        ("김", "민수"),
        ("ใจดี", "สมชาย"),
    ):
        add_guest(ctx, surname, given, city="Shanghai" if surname == "王" else "")
    rows = guest_lists.page(ctx, GuestQuery(GuestCriteria(text=typed))).rows
    assert sorted(row.surname for row in rows) == sorted(found)
