"""What a search of guests asks for: JSON there and back, words, wrong values."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.desk.client_base.guest_criteria_words import in_words
from crm_tui.rules.guest_criteria import CHANNELS, CriteriaFault, GuestCriteria, checked

days = st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1))
amounts = st.none() | st.integers(0, 10**13)
birthdays = st.just("") | st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: day.isoformat()[5:])
letters = st.characters(min_codepoint=97, max_codepoint=122)
channels = st.sampled_from(("", *CHANNELS))
countries = st.sampled_from(["", "PL", "ES", "GB"])
criteria = st.builds(
    GuestCriteria,
    text=st.text(max_size=20),
    kind=st.sampled_from(["", "person", "company"]),
    attributes=st.lists(st.integers(1, 99), max_size=3).map(tuple),
    consent=channels,
    no_consent=channels,
    nationality=countries,
    language=st.just("") | st.text(letters, min_size=2, max_size=2),
    country=countries,
    city=st.text(max_size=10),
    passport_by=days,
    never_booked=st.booleans(),
    destination=st.text(max_size=10),
    departure_from=days,
    departure_to=days,
    arrival_from=days,
    arrival_to=days,
    value_from=amounts,
    value_to=amounts,
    currency=st.sampled_from(["", "EUR", "PLN"]),
    born_from=birthdays,
    born_to=birthdays,
    package=st.none() | st.integers(1, 99),
    archived=st.booleans(),
)


@given(criteria)
def test_json_there_and_back(asked: GuestCriteria) -> None:
    assert GuestCriteria.from_json(asked.to_json()) == asked


@given(criteria)
def test_every_condition_is_said(asked: GuestCriteria) -> None:
    said = in_words(asked)
    heard = {name: value for name, value in asked.to_json().items() if name != "currency"}
    blank = all(isinstance(value, str) and not value.strip() for value in heard.values())
    assert bool(said) != blank


@pytest.mark.parametrize("name", [one.name for one in fields(GuestCriteria)])
def test_a_wrong_value_is_refused_by_name(name: str) -> None:
    with pytest.raises(CriteriaFault) as caught:
        GuestCriteria.from_json({name: {"no": "value"}})
    assert caught.value.field == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("born_from", "02-30"),
        ("born_to", "13-01"),
        ("nationality", "Poland"),
        ("language", "p1"),
        ("consent", "pigeon"),
        ("passport_by", "2026-02-30"),
        ("value_from", -1),
        ("value_to", True),
        ("attributes", ["1"]),
        ("attributes", [None]),
    ],
)
def test_what_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(CriteriaFault):
        GuestCriteria.from_json({name: value})


def test_codes_get_their_case_and_ranges_their_order() -> None:
    assert checked(GuestCriteria(nationality="pl", language="PL")) == GuestCriteria(nationality="PL", language="pl")
    with pytest.raises(CriteriaFault, match="value_to"):
        checked(GuestCriteria(value_from=2, value_to=1))
    with pytest.raises(CriteriaFault, match="arrival_to"):
        checked(GuestCriteria(arrival_from=date(2026, 2, 1), arrival_to=date(2026, 1, 1)))


def test_hostile_text_is_visible_in_words() -> None:
    assert in_words(GuestCriteria(text="a\x1b[2Jb", city="\u202ec", destination="d\ud800")).isprintable()


def test_words() -> None:
    asked = GuestCriteria(kind="person", attributes=(3, 4), consent="mail", never_booked=True, package=7)
    words = in_words(asked, {3: "Golf"}, {7: "Easter"})
    assert words == "persons · Golf · attribute 4 · in package Easter · consent to mail · never booked"
    asked = GuestCriteria(value_from=10_000, currency="EUR", born_from="12-20", born_to="01-10", nationality="PL")
    assert in_words(asked) == "from Poland · birthday 12-20 – 01-10 · value ≥ 100.00 EUR"
