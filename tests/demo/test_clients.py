"""The client base of the sample hotel."""

from __future__ import annotations

from collections import Counter
from datetime import date

from crm_tui.demo.clients import clients
from crm_tui.desk.client_base.phones import e164
from crm_tui.rules.vocabulary import ConsentChannel, EventKind
from tests.cli.conftest import Crm, _surroundings, crm, home  # noqa: F401 -- fixtures
from tests.demo.test_sample import sample  # noqa: F401

TODAY = date(2026, 7, 1)


def test_what_is_written_down_is_what_the_editor_would_take() -> None:
    found = clients(TODAY)
    assert Counter(one.fields["kind"] for one in found)["company"] == 8
    assert len(found) >= 55
    assert len({one.reference for one in found}) == len(found)
    references = {one.reference for one in found}
    for one in found:
        assert [e164(number) for number, _label in one.phones] == [number for number, _label in one.phones]
        assert all(address.count("@") == 1 and address.endswith(".example") for address, _label in one.emails)
        assert {said.channel for said in one.consents} <= {str(channel) for channel in ConsentChannel}
        assert {kind for _ago, kind, _text in one.events} <= {str(kind) for kind in EventKind}
        assert {reference for reference, _role in one.contacts} <= references
        assert all(0 <= said.ago <= one.since and said.source for said in one.consents)
        assert all(0 <= ago <= one.since and text for ago, _kind, text in one.events)


def test_some_persons_stand_there_twice() -> None:
    found = {one.reference: one for one in clients(TODAY)}
    assert found["1101"].phones[0][0] == found["1002"].phones[0][0]
    assert found["1102"].emails[0][0] == found["1001"].emails[0][0]
    assert found["1103"].fields["birth_date"] == found["1003"].fields["birth_date"]
    swapped = found["1104"].fields, found["1006"].fields
    assert (swapped[0]["surname"], swapped[0]["given"]) == (swapped[1]["given"], swapped[1]["surname"])


def test_the_sample_hotel_knows_its_guests(sample: Crm) -> None:  # noqa: F811
    rows = sample("list", "guests", "--limit", "200", "--json").lines
    assert len(rows) >= 80
    assert sum(row["kind"] == "company" for row in rows) == 8
    (lucja,) = [row for row in rows if row["name"] == "Łucja Wiśniewska"]
    shown = sample("show", "guest", str(lucja["id"]), "--json").lines[0]
    assert shown["emails"] == ["lucja.wisniewska@poczta.example", "lucja@studio-luk.example"]
    bookings = sample("list", "reservations", "--json").lines
    assert len(bookings) >= 50
    assert {row["status"] for row in bookings} == {"option", "confirmed", "completed", "cancelled", "no-show"}
    away = {row["name"] for row in sample("list", "guests", "--archived", "--json").lines if row["archived"]}
    assert away
    assert not away & {row["holder"] for row in bookings if row["status"] == "confirmed"}
    mine = [row for row in bookings if row["holder"] == "Łucja Wiśniewska"]
    assert {row["arrival"] > "2026-07-01" for row in mine} == {True, False}
    assert sample("check").code == 0


def test_companies_of_the_sample_hotel_pay_the_lodging(sample: Crm) -> None:  # noqa: F811
    guest, company = sample("folio", "list", "M-26009", "--json").lines
    assert company["payer"]["name"] == "Rheinbau GmbH"
    assert {"lodging", "board"} <= {one["category"] for one in company["postings"]}
    assert [one["category"] for one in guest["postings"]] == ["transport"]
    assert company["balances"] == [{"amount": "0.00", "currency": "EUR"}]
    assert sample("folio", "list", "M-25009", "--json").lines[1]["closed_at"]


def test_the_sample_hotel_has_packages_from_searches(sample: Crm) -> None:  # noqa: F811
    rows = {row["name"]: row for row in sample("list", "packages", "--json").lines}
    assert {"Golf autumn", "Families summer"} <= rows.keys()
    for name in ("Golf autumn", "Families summer"):
        assert rows[name]["guests"] >= 3
        assert "attribute" in str(rows[name])
