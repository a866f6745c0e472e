"""Guests, first version: fields, numbers, search and consents (SPEC §6)."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.desk.client_base.guests import StaleGuest
from crm_tui.desk.client_base.phones import e164, international, region_of
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague


def test_a_guest_as_it_is_typed(ctx: Context) -> None:
    number = desk.guests.create(
        ctx,
        {
            "surname": " Nowak ",
            "given": "Łucja",
            "email": "Lucja@Poczta.EXAMPLE",
            "phone": "600 111 222",
            "language": "PL",
            "nationality": "pl",
            "birth_date": "3.4.1980",
            "remarks": "likes\nquiet",
        },
    )
    found = desk.guests.get(ctx, number)
    assert (found.name, found.emails, found.language) == ("Łucja Nowak", ("Lucja@poczta.example",), "pl")
    assert [(one.number, one.shown) for one in found.phones] == [("+34600111222", "+34 600 11 12 22")]
    assert (found.nationality, found.birth_date, found.remarks) == ("PL", date(1980, 4, 3), "likes\nquiet")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"surname": ""}, "surname"),
        ({"given": "Jan"}, "surname"),
        ({"surname": "N", "email": "nowhere"}, "emails"),
        ({"surname": "N", "phone": "12"}, "phones"),
        ({"surname": "N", "phone": "no number"}, "phones"),
        ({"surname": "N", "language": "polish"}, "language"),
        ({"surname": "N", "birth_date": "31.2.1980"}, "birth_date"),
        ({"surname": "N", "kind": "robot"}, "kind"),
        ({"surname": "N" * 501}, "surname"),
        ({"surname": "N", "shoe_size": 42}, "shoe_size"),
    ],
)
def test_what_is_no_value_is_told_at_its_field(ctx: Context, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        desk.guests.create(ctx, values)
    assert set(caught.value.errors) == {field}
    assert desk.guests.listed(ctx) == []


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+48 601 234 567", "ES", "+48601234567"),
        ("0048601234567", "ES", "+48601234567"),
        ("601-234-567", "PL", "+48601234567"),
        ("971 555 018", "ES", "+34971555018"),
    ],
)
def test_numbers_are_kept_as_e164(text: str, region: str, number: str) -> None:
    assert e164(text, region) == number
    assert e164(international(number)) == number


def test_a_national_number_needs_the_country() -> None:
    assert (region_of("Europe/Madrid"), region_of("Europe/Warsaw"), region_of("UTC")) == ("ES", "PL", "")
    with pytest.raises(InvalidInput):
        e164("600 111 222", "")


def test_guests_are_found_by_any_word_address_or_number_whatever_the_accents(ctx: Context) -> None:
    one = desk.guests.create(ctx, {"surname": "Łoś Wróbel", "given": "Żaneta", "email": "z.los@poczta.example"})
    two = desk.guests.create(ctx, {"surname": "Losada", "given": "Óscar", "phone": "+34 600 111 222"})
    desk.guests.create(ctx, {"surname": "Smith"})

    def found(text: str) -> list[int]:
        return [row.id for row in desk.guests.find(ctx, text)]

    assert found("LOS") == [one, two]  # by name
    assert found("wrob zan") == [one]
    assert found("żaneta") == found("zaneta") == [one]
    assert found("oscar losa") == [two]
    assert found("z.los@po") == found("z.los") == [one]
    assert found("600111") == found("+34 600 11") == found("0034 600 111 222") == found("111 222") == [two]
    assert found("11") == found("") == found("%") == found('"') == found("nobody") == []
    assert desk.guests.find(ctx, "los", limit=1)[0].id == one


def test_a_guest_is_found_by_the_new_name_and_after_undo_by_the_old_one(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "Nowak", "email": "ewa@example.org"})
    desk.guests.set(ctx, number, 1, {"surname": "Kowalska", "emails": ["ewa@firma.example", "ewa@example.org"]})
    assert [row.name for row in desk.guests.find(ctx, "kowal")] == ["Kowalska"]
    assert desk.guests.find(ctx, "nowak") == []
    assert [row.email for row in desk.guests.by_address(ctx, "EWA@example.org")] == ["ewa@firma.example"]
    undo.undo(ctx)
    assert [row.name for row in desk.guests.find(ctx, "nowak")] == ["Nowak"]
    assert desk.guests.get(ctx, number).emails == ("ewa@example.org",)
    assert desk.guests.by_address(ctx, "ewa@firma.example") == []


def test_two_agents_at_one_guest(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.guests.set(leo, number, 1, {"emails": ["leo@example.org"], "city": "Łódź"})
    assert desk.guests.set(ctx, number, 1, {"given": "Ewa"}).city == "Łódź"
    for values in ({"city": "Palma"}, {"emails": "ana@example.org"}):
        with pytest.raises(StaleGuest, match="changed this guest") as caught:
            desk.guests.set(ctx, number, 1, values)
        assert caught.value.fields == tuple(values)
        assert caught.value.theirs.emails == ("leo@example.org",)


def test_the_newest_word_on_consent_holds_and_silence_is_a_no(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "Nowak"})
    assert not any(one.given for one in desk.guests.get(ctx, number).consents.values())
    desk.guests.set_consent(ctx, number, "mail", given=True, source="form at the counter")
    said = desk.guests.get(ctx, number).consents["mail"]
    assert (said.given, said.day, said.source, said.agent) == (True, date(2026, 7, 1), "form at the counter", "Ana")
    desk.guests.set_consent(ctx, number, "mail", given=False, source="by phone")
    assert not desk.guests.get(ctx, number).consents["mail"].given
    undo.undo(ctx)
    assert desk.guests.get(ctx, number).consents["mail"].given
    for channel, given, source in (("fax", True, "x"), ("mail", True, " ")):
        with pytest.raises(InvalidInput):
            desk.guests.set_consent(ctx, number, channel, given=given, source=source)
    with pytest.raises(NotFound):
        desk.guests.set_consent(ctx, 99, "mail", given=False, source="")


def test_what_comes_from_outside_is_safe_to_show(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "\x1b[1m Red\u202e", "remarks": "a\x07\nb", "city": "\x9b"})
    found = desk.guests.get(ctx, number)
    row = desk.guests.find(ctx, "red")[0]
    for text in (found.name, found.remarks, found.city, row.name, row.label):
        assert not {"\x1b", "\u202e", "\x07", "\x9b"} & {*text}


def test_broken_bytes_of_a_command_line_are_left_out(ctx: Context) -> None:
    broken = {name: f"a\udcffb\ud800{name}\x00" for name in ("surname", "given", "city", "remarks", "reference")}
    number = desk.guests.create(ctx, broken)
    found = desk.guests.get(ctx, number)
    assert (found.surname, found.given, found.city, found.remarks) == ("absurname", "abgiven", "abcity", "abremarks")
    assert desk.guests.set(ctx, number, 1, {"remarks": "one\udce9\ntwo"}).remarks == "one\ntwo"
    desk.guests.set_consent(ctx, number, "mail", True, "form\udcff")
    desk.reminders.add(ctx, "call\udcff", "2026-08-01", guest=number)
    inquiry = desk.inquiries.create(ctx, {"room": "1\udcff", "preferences": "sea\udcff"}, guest=number)
    assert (desk.inquiries.get(ctx, inquiry).room, desk.inquiries.get(ctx, inquiry).preferences) == ("1", "sea")
    for field in ("handler", "scope", "channel", "status", "budget", "arrival", "nights", "children", "board"):
        with contextlib.suppress(InvalidInput):
            desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, {field: "x\udcff"})
    for text in ("absur\udcff", "\ud800"):
        desk.guests.find(ctx, text)
        desk.inquiries.page(ctx, InquiryQuery(text=text))
