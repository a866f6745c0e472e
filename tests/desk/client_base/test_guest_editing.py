"""Guests whole: every field, labels, countries, contacts, references, kinds, archive; each command one step of undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput, NotFound
from crm_tui.desk.client_base import countries, guest_contacts, tax_numbers
from crm_tui.desk.client_base.guests import StaleGuest
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from tests.desk.colleagues import colleague

WHOLE = {
    "surname": "Nowak", "given": "Łucja", "emails": ["work <l@praca.example>", "l@dom.example"],
    "phones": [{"number": "601 234 567", "label": "mobile"}], "street": "ul. Długa 5", "postcode": "31147", "city": "Kraków",
    "country": "Polska", "nationality": "Poland", "language": "pl", "birth_date": "3.4.80", "document": "ABC 123456",
    "passport": "EA1234567", "passport_expiry": "1.2.2030", "remarks": "quiet\nroom", "reference": "PMS-17",
    "consents": {"mail": {"given": True, "source": "form at the counter", "day": "1.2.2025"}},
}  # fmt: skip


def test_every_field_is_kept_and_undone_as_one(ctx: Context) -> None:
    number = desk.guests.create(ctx, WHOLE | {"phones": ["mobile <+48 601 234 567>"]})
    found = desk.guests.get(ctx, number)
    assert (found.emails, found.email_labels) == (("l@praca.example", "l@dom.example"), ("work", ""))
    assert [(one.number, one.label) for one in found.phones] == [("+48601234567", "mobile")]
    assert (found.country, found.nationality, found.postcode) == ("PL", "PL", "31-147")
    assert found.address == ("ul. Długa 5", "31-147 Kraków", "Poland")
    assert (found.birth_date, found.passport_expiry) == (date(1980, 4, 3), date(2030, 2, 1))
    assert (found.document, found.passport, found.reference) == ("ABC 123456", "EA1234567", "PMS-17")
    consent = found.consents["mail"]
    assert (consent.given, consent.day, consent.source) == (True, date(2025, 2, 1), "form at the counter")
    assert not any(found.consents[one].given for one in ("sms", "phone", "newsletter"))
    desk.undo.undo(ctx)
    assert desk.guests.listed(ctx) == []


def test_a_label_stays_where_only_the_address_is_given(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "N", "emails": [{"address": "a@x.example", "label": "work"}]})
    desk.guests.set(ctx, number, 1, {"emails": ["b@x.example", "a@x.example"]})
    found = desk.guests.get(ctx, number)
    assert list(zip(found.emails, found.email_labels, strict=True)) == [("b@x.example", ""), ("a@x.example", "work")]
    desk.undo.undo(ctx)
    assert desk.guests.get(ctx, number).email_labels == ("work",)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "Nowhereland"}, "country"),
        ({"country": "PL", "postcode": "123"}, "postcode"),
        ({"birth_date": "3.4.2040"}, "birth_date"),
        ({"birth_date": "3.4."}, "birth_date"),
        ({"consents": {"mail": {"given": True}}}, "source"),
        ({"consents": {"pigeon": {"given": True, "source": "x"}}}, "consents"),
        ({"consents": {"mail": {"given": True, "source": "x", "day": "1.1.2030"}}}, "day"),
        ({"emails": [f"a{n}@x.example" for n in range(21)]}, "emails"),
        ({"emails": ["a..b@x.example"]}, "emails"),
        ({"country": "ES", "postcode": "99999"}, "postcode"),
        ({"country": "ES", "postcode": "00123"}, "postcode"),
        ({"language": "xx"}, "language"),
    ],
)
def test_faults_stand_at_their_field_and_nothing_is_kept(ctx: Context, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        desk.guests.create(ctx, {"surname": "N"} | values)
    assert list(caught.value.errors) == [field]
    assert desk.guests.listed(ctx) == []


def test_an_address_is_a_guests_once_and_an_extension_is_the_numbers_label(ctx: Context) -> None:
    number = desk.guests.create(
        ctx,
        {
            "surname": "N",
            "emails": ["mailto:A@x.example", "a@x.example"],
            "phones": [
                "+34 971 000 111 ext 5",
                {"number": "+34 600 111 222 ext. 7", "label": "work"},
                "+34 600 111 333",
            ],
        },
    )
    found = desk.guests.get(ctx, number)
    assert found.emails == ("A@x.example",)
    assert [(one.number, one.label) for one in found.phones] == [
        ("+34971000111", "ext. 5"), ("+34600111222", "work, ext. 7"), ("+34600111333", ""),
    ]  # fmt: skip


def test_of_too_many_addresses_some_can_go_and_none_can_come(ctx: Context) -> None:
    many = [f"a{n}@x.example" for n in range(50)]
    number = desk.guests.create(ctx, {"surname": "N"})
    with ctx.write() as tx:
        guest_contacts.store(tx, number, {"emails": many})
    assert len(desk.guests.set(ctx, number, 1, {"emails": many[1:]}).emails) == 49
    with pytest.raises(InvalidFields):
        desk.guests.set(ctx, number, 2, {"emails": many})


def test_a_reference_is_one_guests_and_the_error_says_whose(ctx: Context) -> None:
    first = desk.guests.create(ctx, {"surname": "Nowak", "given": "Ewa", "reference": "X-1"})
    with pytest.raises(InvalidFields, match=f"Ewa Nowak, guest {first}"):
        desk.guests.create(ctx, {"surname": "Other", "reference": "X-1"})
    desk.guests.archive(ctx, [first])
    with pytest.raises(InvalidFields, match="archived"):
        desk.guests.create(ctx, {"surname": "Other", "reference": "X-1"})
    second = desk.guests.create(ctx, {"surname": "Other"})
    assert desk.guests.set(ctx, second, 1, {"reference": "X-2"}).reference == "X-2"
    assert desk.guests.set(ctx, second, 2, {"reference": "X-2", "given": "A"}).given == "A"


def test_two_guests_may_share_an_address(ctx: Context) -> None:
    both = {desk.guests.create(ctx, {"surname": name, "emails": ["f@x.example"]}) for name in ("A", "B")}
    assert {row.id for row in desk.guests.by_address(ctx, "F@x.example")} == both


def test_a_company_has_contacts_in_order_and_no_company_among_them(ctx: Context) -> None:
    person = desk.guests.create(ctx, {"surname": "Kowal", "given": "Jan", "phones": ["+48601234567"]})
    firm = desk.guests.create(
        ctx,
        {"surname": "Firma", "kind": "company", "contacts": [{"person": person, "role": "boss"}], "given": "not kept"},
    )
    found = desk.guests.get(ctx, firm)
    assert (found.name, [(one.name, one.role, one.phone) for one in found.contacts]) == (
        "Firma", [("Jan Kowal", "boss", "+48 601 234 567")],
    )  # fmt: skip
    with pytest.raises(InvalidFields, match="company"):
        desk.guests.set(ctx, firm, found.version, {"contacts": [{"person": firm, "role": ""}]})
    with pytest.raises(InvalidFields, match="twice"):
        desk.guests.set(ctx, firm, found.version, {"contacts": [{"person": person, "role": ""}] * 2})
    desk.guests.set(ctx, firm, found.version, {"contacts": [{"name": "Anna Lis", "role": "x"}, {"person": person}]})
    assert [one.name for one in desk.guests.get(ctx, firm).contacts] == ["Anna Lis", "Jan Kowal"]
    desk.undo.undo(ctx)
    assert [one.name for one in desk.guests.get(ctx, firm).contacts] == ["Jan Kowal"]
    assert len(desk.guests.listed(ctx)) == 2
    with pytest.raises(InvalidFields, match="contact of Firma"):
        desk.guests.set(ctx, person, 1, {"kind": "company"})


def test_becoming_a_company_drops_what_only_persons_have_and_comes_back(ctx: Context) -> None:
    number = desk.guests.create(
        ctx, {"surname": "Ana Hotels", "given": "Ana", "birth_date": "1.2.1980", "passport": "X1"}
    )
    found = desk.guests.set(ctx, number, 1, {"kind": "company", "tax_number": "B12345674"})
    assert (found.kind, found.given, found.birth_date, found.passport) == ("company", "", None, "")
    desk.undo.undo(ctx)
    found = desk.guests.get(ctx, number)
    assert (found.kind, found.given, found.birth_date, found.tax_number) == ("person", "Ana", date(1980, 2, 1), "")


def test_the_holder_of_a_reservation_stays_a_person(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "N"})
    inquiry = desk.inquiries.create(ctx, {}, guest=number)
    with pytest.raises(InvalidFields, match=f"inquiry {inquiry}"):
        desk.guests.set(ctx, number, 1, {"kind": "company"})


def test_several_are_archived_and_taken_back_as_one(ctx: Context) -> None:
    ids = [desk.guests.create(ctx, {"surname": name}) for name in "ABC"]
    assert desk.guests.archive(ctx, ids[:2]) == 2
    assert [row.id for row in desk.guests.listed(ctx)] == ids[2:]
    assert desk.guests.get(ctx, ids[0]).archived_at is not None
    assert desk.guests.archive(ctx, ids[:2]) == 0
    desk.undo.undo(ctx)
    assert len(desk.guests.listed(ctx)) == 3
    desk.guests.archive(ctx, ids)
    assert desk.guests.unarchive(ctx, ids) == 3
    desk.undo.undo(ctx)
    assert desk.guests.listed(ctx) == []
    with pytest.raises(NotFound):
        desk.guests.archive(ctx, [ids[0], 900_000])


def test_a_consent_that_another_changed_meanwhile_is_told(ctx: Context) -> None:
    number = desk.guests.create(ctx, {"surname": "N"})
    leo = colleague(ctx, "Leo")
    seen = desk.guests.get(ctx, number).consents["mail"]
    desk.guests.set_consent(leo, number, "mail", given=False, source="by phone: please not")
    word = {"given": True, "source": "form", "seen": (seen.given, seen.day, seen.source)}
    with pytest.raises(StaleGuest) as caught:
        desk.guests.set(ctx, number, 1, {"consents": {"mail": word}})
    assert caught.value.fields == ("consents",)
    assert not desk.guests.get(ctx, number).consents["mail"].given


@pytest.mark.parametrize(
    ("country", "text", "written"),
    [("PL", "31147", "31-147"), ("GB", "ec1a1hq", "EC1A 1HQ"), ("NL", "1234ab", "1234 AB"), ("PT", "2725079", "2725-079"),
     ("FR", "75001", "75001"), ("CA", "h3z2y7", "H3Z 2Y7"), ("IE", "a65f4e2", "A65 F4E2"), ("", "any 1", "any 1")],
)  # fmt: skip
def test_postcodes_are_written_as_their_country_does(country: str, text: str, written: str) -> None:
    assert countries.postcode(country, text) == written
    assert countries.postcode(country, written) == written


@pytest.mark.parametrize("text", ["ES", "esp", "Spain", "España", "espana", "Hiszpania", "Espagne", "Spanien"])
def test_a_country_is_known_by_code_and_by_name(text: str) -> None:
    assert countries.code_of(text) == "ES"


def test_addresses_have_the_order_of_their_country() -> None:
    lines = countries.address_lines
    assert lines("1 Main", "62701", "Springfield", "IL", "US") == ("1 Main", "Springfield, IL 62701", "United States")
    assert lines("Gran Via 1", "28013", "Madrid", "", "ES", home="ES") == ("Gran Via 1", "28013 Madrid")
    assert lines("10 Downing St", "SW1A 2AA", "London", "", "GB") == (
        "10 Downing St",
        "London",
        "SW1A 2AA",
        "United Kingdom",
    )
    assert lines("", "", "", "", "") == ()


@given(st.sampled_from(sorted(countries.names("en"))), st.text(max_size=30))
def test_any_postcode_is_written_or_refused(country: str, text: str) -> None:
    try:
        written = countries.postcode(country, text)
    except InvalidInput:
        return
    assert countries.postcode(country, written) == written


@given(st.sampled_from(sorted(countries.names("en"))), *[st.text(max_size=20)] * 4)
def test_any_address_is_printed_without_control_characters(country: str, a: str, b: str, c: str, d: str) -> None:
    lines = countries.address_lines(a, b, c, d, country)
    assert not any(ord(sign) < 32 or sign == "\x7f" for line in lines for sign in line)


@given(st.text(max_size=60))
def test_any_text_is_a_country_or_a_sentence(text: str) -> None:
    try:
        code = countries.code_of(text)
    except CrmError:
        return
    assert code == "" or code in countries.names()


def test_a_tax_number_that_looks_wrong_is_doubted_and_kept(ctx: Context) -> None:
    assert tax_numbers.doubt("5260250274", "PL") == ""
    assert "Poland" in tax_numbers.doubt("123", "PL")
    assert tax_numbers.doubt("123", "XK") == ""
    number = desk.guests.create(ctx, {"surname": "F", "kind": "company", "tax_number": " 12 3 ", "country": "PL"})
    assert desk.guests.get(ctx, number).tax_number == "12 3"


@pytest.mark.parametrize("name", ["X", "Ż" * 500, "שלום", "é́̂", "‮evil", "a\x00b\x1bc", "李", "O'Brien-Łoś d'Épée"])
def test_any_name_is_kept_safely_and_found(ctx: Context, name: str) -> None:
    number = desk.guests.create(ctx, {"surname": name, "given": name[:200]})
    found = desk.guests.get(ctx, number)
    assert found.surname
    assert not any(sign in found.surname for sign in "\x00\x1b‮")
    assert number in {row.id for row in desk.guests.listed(ctx)}
    with pytest.raises(InvalidFields):
        desk.guests.create(ctx, {"surname": "\x00\x1b"})


def test_many_guests_are_put_away_and_taken_back_as_one_command(ctx: Context) -> None:
    ids = [desk.guests.create(ctx, {"surname": f"G{place}"}) for place in range(5)]
    desk.guest_merging.merge(ctx, ids[0], [ids[4]])
    desk.guests.archive(ctx, [ids[1]])
    with pytest.raises(NotFound):
        desk.guests.archive(ctx, [ids[0], 999])
    with ctx.store.connect() as connection:
        statements: list[str] = []

        def noted(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(connection.engine, "before_cursor_execute", noted)
        assert desk.guests.archive(ctx, [*ids, ids[2]]) == 3
        event.remove(connection.engine, "before_cursor_execute", noted)
    assert len([one for one in statements if one.startswith("UPDATE guest ")]) == 1
    assert desk.guests.listed(ctx) == []
    assert desk.guests.unarchive(ctx, ids) == 4
    desk.undo.undo(ctx)
    desk.undo.undo(ctx)
    assert [one.id for one in desk.guests.listed(ctx)] == [ids[0], ids[2], ids[3]]


def test_undo_tells_all_that_a_form_changed(ctx: Context) -> None:
    tag = desk.attributes.add(ctx, "vip")
    number = desk.guests.create(ctx, {"surname": "Gómez"})
    said = {"mail": {"given": True, "source": "desk"}}
    desk.guests.set(ctx, number, 1, {"city": "Inca", "emails": ["a@x.example"], "consents": said, "tag": [tag]})
    assert desk.undo.undo(ctx).text == "“Gómez” is as it was: city, e-mail, consent, attributes."
    desk.guests.set(ctx, number, 3, {"consents": said, "tag": [tag]})
    assert desk.undo.undo(ctx).text == "“Gómez” is as it was: consent, attributes."
    desk.guests.set(ctx, number, 3, {"consents": said})
    assert "noted to consent" in desk.undo.undo(ctx).text
