"""The criteria in SQL find exactly the guests that a plain filter in Python finds: every criterion, and any of them together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_tui.data.columns import new_id
from crm_tui.data.tables import (
    Consent,
    GuestAttribute,
    Package,
    PackageGuest,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.client_base import guest_lists, guest_walks, guest_words
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attributes
from crm_tui.mail.text import fold_text
from crm_tui.rules.guest_criteria import CHANNELS, GuestCriteria
from tests.desk.asked import add_guest
from tests.desk.house import make_house

NAMES = [("Łoś", "Zofia"), ("Garçon", "Anaïs"), ("O'Neill", "Ann"), ("山田", "太郎"), ("Ковальчук", "Анна"), ("محمد", "علي"),
         ("García Ruiz", "José"), ("Nowak-Kos", "Jan"), ("X", ""), ("Zażółć", "Łucja")]  # fmt: skip
FIRMS = ["Łódź Travel", "Garden S.L.", "3M"]
CITIES = ["", "Łódź", "San Sebastián", "Palma", "Sankt Gallen"]
PLACES = ["", "Costa Brava", "Kreta", "Costa del Sol", "Łeba"]
DAY = date(2026, 7, 1)


@dataclass
class Booked:
    """A reservation as the plain filter sees it."""

    destination: str
    arrival: date | None
    departure: date | None
    value: int | None
    currency: str
    status: str
    removed: bool


@dataclass
class Known:
    """A guest as the plain filter sees it."""

    id: int
    surname: str
    given: str
    mails: list[str]
    phones: list[str]
    values: dict[str, Any]
    attributes: set[int] = field(default_factory=set)
    consents: dict[str, bool] = field(default_factory=dict)
    packages: set[int] = field(default_factory=set)
    booked: list[Booked] = field(default_factory=list)


@dataclass
class Base:
    """A store with a client base, and the same in plain objects."""

    ctx: Context
    guests: list[Known]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """Eighty guests of all sorts."""
    made = _made(tmp_path_factory.mktemp("base"))
    yield made
    made.ctx.store.close()


def _made(path: Path) -> Base:
    chance, ctx = random.Random(11), make_house(path)
    tags = [attributes.add(ctx, name) for name in ("Golf", "VIP", "Vegan")]
    guests = [_guest(ctx, chance, number) for number in range(80)]
    with ctx.write() as tx:
        rows = [
            {"name": f"P{n}", "folded": f"p{n}", "criteria": {}, "created_at": tx.now, "refreshed_at": tx.now}
            for n in (1, 2)
        ]
        packages = [new_id(tx.connection.execute(insert(Package).values(**row))) for row in rows]
        for guest in guests:
            guest.attributes = {one for one in tags if chance.random() < 0.4}
            guest.packages = {one for one in packages if chance.random() < 0.3}
            for one in guest.attributes:
                tx.connection.execute(insert(GuestAttribute).values(guest_id=guest.id, attribute_id=one, at=tx.now))
            for one in guest.packages:
                tx.connection.execute(insert(PackageGuest).values(package_id=one, guest_id=guest.id, at=tx.now))
            for _word in range(chance.randrange(4)):
                channel, said = chance.choice(CHANNELS), chance.random() < 0.6
                word = {"guest_id": guest.id, "channel": channel, "given": said, "day": DAY, "at": tx.now}
                tx.connection.execute(insert(Consent).values(**word))
                guest.consents[channel] = said
        persons = [guest for guest in guests if guest.values["kind"] == "person"]
        for number in range(50):
            _book(tx, chance, number, persons, [guest for guest in guests if guest not in persons])
    return Base(ctx, guests)


def _guest(ctx: Context, chance: random.Random, number: int) -> Known:
    kind = "company" if chance.random() < 0.2 else "person"
    surname, called = (chance.choice(FIRMS), "") if kind == "company" else chance.choice(NAMES)
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    values: dict[str, Any] = {
        "kind": kind,
        "nationality": chance.choice(["", "PL", "ES"]),
        "language": chance.choice(["", "pl", "es"]),
        "country": chance.choice(["", "PL", "ES"]),
        "city": chance.choice(CITIES),
        "birth_date": born if chance.random() < 0.6 else None,
        "passport_expiry": DAY + timedelta(days=chance.randrange(-50, 50)) if chance.random() < 0.4 else None,
        "reference": f"AB-{number}" if chance.random() < 0.4 else "",
    }
    mails = [f"{fold_text(called) or 'firm'}.{number}@correo.example"] if chance.random() < 0.6 else []
    phones = (
        [f"{chance.choice(['+486', '+3906', '+1', '+3519'])}{chance.randrange(10**7):07}"]
        if chance.random() < 0.6
        else []
    )
    archived = {"archived_at": ctx.clock.now()} if chance.random() < 0.2 else {}
    number = add_guest(ctx, surname, called, mails=mails, phones=phones, **values, **archived)
    return Known(number, surname, called, mails, phones, values | {"archived": bool(archived)})


def _book(tx: Any, chance: random.Random, number: int, persons: list[Known], firms: list[Known]) -> None:
    arrival = DAY + timedelta(days=chance.randrange(-40, 40)) if chance.random() < 0.9 else None
    value = chance.randrange(1000) if chance.random() < 0.9 else None
    booked = Booked(
        chance.choice(PLACES),
        arrival,
        arrival + timedelta(days=chance.randrange(1, 15)) if arrival else None,
        value,
        chance.choice(["EUR", "PLN"]) if value is not None else "",
        chance.choice(["confirmed", "completed", "cancelled", "option"]),
        chance.random() < 0.1,
    )
    place = {"destination": booked.destination, "folded_destination": fold_text(booked.destination)}
    days = {"arrival": booked.arrival, "departure": booked.departure, "status": booked.status}
    times = {"created_at": tx.now, "updated_at": tx.now, "removed_at": tx.now if booked.removed else None}
    row = place | days | times | {"code": f"B{number}", "value": value, "currency": booked.currency}
    if chance.random() < 0.3:
        firm = chance.choice(firms)
        firm.booked.append(booked)
        row |= {"company_id": firm.id}
    made = new_id(tx.connection.execute(insert(Reservation).values(**row)))
    for place_of, guest in enumerate(chance.sample(persons, chance.choice([1, 2]))):
        guest.booked.append(booked)
        row = {"reservation_id": made, "guest_id": guest.id, "holder": place_of == 0}
        tx.connection.execute(insert(ReservationGuest).values(**row))


# The plain filter


def fits(guest: Known, asked: GuestCriteria) -> bool:
    values = guest.values
    born, expiry = values["birth_date"], values["passport_expiry"]
    return (
        values["archived"] == asked.archived
        and all(getattr(asked, n) in ("", values[n]) for n in ("kind", "nationality", "language", "country"))
        and set(asked.attributes) <= guest.attributes
        and (not asked.consent or guest.consents.get(asked.consent, False))
        and (not asked.no_consent or not guest.consents.get(asked.no_consent, False))
        and begins(asked.city, values["city"])
        and (asked.passport_by is None or (expiry is not None and expiry <= asked.passport_by))
        and (not (asked.born_from or asked.born_to) or (born is not None and _birthday(born, asked)))
        and (asked.package is None or asked.package in guest.packages)
        and (not asked.never_booked or all(one.removed for one in guest.booked))
        and (not asked.about_reservations or any(_booking(one, asked) for one in guest.booked))
        and _text(guest, asked.text)
    )


def begins(words: str, text: str) -> bool:
    """Every word begins a word of the text."""
    return all(f" {word}" in " " + fold_text(text) for word in fold_text(words).split())


def _birthday(born: date, asked: GuestCriteria) -> bool:
    day, begin, end = born.isoformat()[5:], asked.born_from or "01-01", asked.born_to or "12-31"
    return begin <= day <= end if begin <= end else day >= begin or day <= end


def _booking(one: Booked, asked: GuestCriteria) -> bool:
    def within(value: Any, low: Any, high: Any) -> bool:
        asks = low is not None or high is not None
        return not asks or (value is not None and (low is None or value >= low) and (high is None or value <= high))

    priced = asked.value_from is not None or asked.value_to is not None
    return (
        not one.removed
        and one.status != "cancelled"
        and begins(asked.destination, one.destination)
        and within(one.arrival, asked.arrival_from, asked.arrival_to)
        and within(one.departure, asked.departure_from, asked.departure_to)
        and within(one.value, asked.value_from, asked.value_to)
        and (not priced or asked.currency in ("", one.currency))
    )


def _text(guest: Known, text: str) -> bool:
    spaced = "".join(
        letter if letter.isalnum() else " "
        for letter in fold_text(" ".join([guest.given, guest.surname, guest.values["city"], guest.values["reference"]]))
    )
    reached = " ".join("".join(x if x.isalnum() else " " for x in fold_text(mail)) for mail in guest.mails)
    return all(begins(word, f"{spaced} {reached}") for word in text.split())


days = st.none() | st.integers(-45, 55).map(lambda ahead: DAY + timedelta(days=ahead))
birthdays = st.just("") | st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: day.isoformat()[5:])
words = st.sampled_from(
    [
        "z",
        "zo",
        "gar",
        "garc jo",
        "ann",
        "ko",
        "lod",
        "x",
        "山",
        "анн",
        "ع",
        "correo",
        "ab",
        "jan n",
        "ruiz",
        "jo garc",
        "z zo",
        "a k z",
    ]
)
plain = {
    "text": words,
    "kind": st.sampled_from(["person", "company"]),
    "attributes": st.sets(st.integers(1, 3), min_size=1).map(lambda some: tuple(sorted(some))),
    "consent": st.sampled_from(CHANNELS),
    "no_consent": st.sampled_from(CHANNELS),
    "nationality": st.sampled_from(["PL", "ES", "FR"]),
    "language": st.sampled_from(["pl", "es"]),
    "country": st.sampled_from(["PL", "ES"]),
    "city": st.sampled_from(["lodz", "san", "SAN SEB", "Sankt", "palma x"]),
    "passport_by": days,
    "never_booked": st.just(True),
    "destination": st.sampled_from(["costa", "del cos", "Kret", "leba"]),
    "departure_from": days,
    "departure_to": days,
    "arrival_from": days,
    "arrival_to": days,
    "value_from": st.integers(0, 900),
    "value_to": st.integers(100, 1000),
    "currency": st.sampled_from(["", "EUR", "PLN"]),
    "born_from": birthdays,
    "born_to": birthdays,
    "package": st.sampled_from([1, 2, 9]),
    "archived": st.just(True),
}  # fmt: skip
some = st.sets(st.sampled_from(sorted(plain)), max_size=4).flatmap(
    lambda names: st.fixed_dictionaries({name: plain[name] for name in names})
)


def in_order(values: dict[str, Any]) -> GuestCriteria:
    """No range ends before it begins."""
    for name in ("departure", "arrival", "value"):
        low, high = values.get(f"{name}_from"), values.get(f"{name}_to")
        if low is not None and high is not None:
            values |= {f"{name}_from": min(low, high), f"{name}_to": max(low, high)}
    return GuestCriteria(**values)


@settings(deadline=None, max_examples=300)
@given(some.map(in_order), st.sampled_from([0, 3000]), st.sampled_from(["name", "newest"]))
def test_sql_finds_what_a_plain_filter_finds(base: Base, asked: GuestCriteria, few: int, order: str) -> None:
    """However many they are: a list of few is sorted, one of many is walked along the names."""
    expected = {one.id for one in base.guests if fits(one, asked)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guest_walks, "FEW", few)
        patch.setattr(guest_walks, "FEW_MEMBERS", few)
        query = GuestQuery(asked, order)
        whole = guest_lists.page(base.ctx, query, limit=200)
        assert {row.id for row in whole.rows} == expected
        assert whole.total == guest_lists.total(base.ctx, query) == len(whole.rows) == len(expected)
        assert set(guest_lists.ids(base.ctx, asked)) == expected
        _walk(base.ctx, query, whole)


def _walk(ctx: Context, query: GuestQuery, whole: Any) -> None:
    """Pages, places and single rows agree with the list as a whole."""
    rows = list(whole.rows)
    walked = list(guest_lists.page(ctx, query, limit=7).rows)
    while walked and len(page := guest_lists.page(ctx, query, after=walked[-1].cursor, limit=7).rows):
        walked += page
    assert walked == rows
    assert list(guest_lists.page(ctx, query, last=True, limit=5).rows) == rows[-5:]
    for place in range(0, len(rows), 9):
        row = rows[place]
        assert guest_lists.position(ctx, query, row.cursor) == place
        assert list(guest_lists.page(ctx, query, before=row.cursor, limit=4).rows) == rows[max(0, place - 4) : place]
        assert list(guest_lists.page(ctx, query, at=place, limit=3).rows) == rows[place : place + 3]
        assert guest_lists.row_in_list(ctx, query, row.id) == row


def test_those_whose_surname_begins_so_come_first(base: Base) -> None:
    for few in (0, 3000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(guest_walks, "FEW", few)
            rows = guest_lists.page(base.ctx, GuestQuery(GuestCriteria(text="zo"))).rows
            whole = guest_lists.page(base.ctx, GuestQuery(GuestCriteria(text="ko"))).rows
        assert rows
        begun = [fold_text(row.surname).startswith("ko") for row in whole]
        assert begun == sorted(begun, reverse=True)


@pytest.mark.parametrize("few", [0, 3000])
@pytest.mark.parametrize("typed", ["wisn lu", "lu wisn", "Wiśniewska, Łucja"])
def test_who_has_all_words_in_the_name_comes_before_who_has_some_in_an_address(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, few: int, typed: str
) -> None:
    monkeypatch.setattr(guest_walks, "FEW", few)
    short = add_guest(ctx, "Wiśniewska", "Ł.", mails=["lucja.wisniewska@correo.example"])
    whole = add_guest(ctx, "Wiśniewska", "Łucja")
    assert [row.id for row in guest_lists.page(ctx, GuestQuery(GuestCriteria(text=typed))).rows] == [whole, short]
    with ctx.store.connect() as connection:
        assert guest_words.matching(connection, typed.replace(",", ""))[0] == whole


def test_a_guest_who_is_merged_is_in_no_list(base: Base) -> None:
    ctx = base.ctx
    one = add_guest(ctx, "Absorbed", "Anna", merged_into=base.guests[0].id)
    for text in ("", "absorbed"):
        assert one not in guest_lists.ids(ctx, GuestCriteria(text=text))
    assert guest_lists.row_in_list(ctx, GuestQuery(), one) is None


def test_every_criterion_is_tried() -> None:
    assert set(plain) == set(GuestCriteria.__dataclass_fields__)
