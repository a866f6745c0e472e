"""``guest``: every field, labels, contacts, consents, the archive; errors by field and exit codes (SPEC §15)."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Crm


def made(crm: Crm, *options: str) -> dict[str, Any]:
    done = crm("guest", "new", "--json", *options)
    assert done.code == 0, done.err
    (line,) = done.lines
    return line


def test_every_field_is_an_option(desk: Crm) -> None:
    desk("attribute", "new", "regular")
    line = made(
        desk,
        *("--surname", "Nowak", "--given", "Łucja", "--email", "work <l@praca.example>, l@dom.example"),
        *(
            "--phone",
            "mobile <+48 601 234 567>",
            "--nationality",
            "Polska",
            "--birth-date",
            "3.4.80",
            "--document",
            "ABC 1",
        ),
        *("--passport", "EA1", "--passport-expiry", "1.2.2030", "--street", "ul. Długa 5", "--postcode", "31147"),
        *("--city", "Kraków", "--country", "PL", "--remarks", "quiet", "--reference", "X-1"),
    )
    assert (line["emails"], line["email_labels"]) == (["l@praca.example", "l@dom.example"], ["work", ""])
    assert (line["phones"], line["phone_labels"]) == (["+48601234567"], ["mobile"])
    assert (line["nationality"], line["birth_date"], line["postcode"]) == ("PL", "1980-04-03", "31-147")
    assert line["address"] == ["ul. Długa 5", "31-147 Kraków", "Poland"]
    assert (line["document"], line["passport"], line["passport_expiry"]) == ("ABC 1", "EA1", "2030-02-01")
    done = desk("guest", "new", "--surname", "Other", "--reference", "X-1")
    assert (done.code, f"guest {line['id']}" in done.err) == (2, True)


def test_errors_name_their_fields(desk: Crm) -> None:
    done = desk("guest", "new", "--surname", "N", "--country", "Nowhere", "--birth-date", "1.1.2090", "--email", "x")
    assert done.code == 2
    assert all(name in done.err for name in ("country", "birth-date", "emails"))
    assert desk("guest", "archive", "77").code == 1
    assert desk("guest", "archive").code == 2
    assert desk("list", "guests", "--json").lines == []


def test_a_company_and_its_contacts(desk: Crm) -> None:
    firm = str(made(desk, "--surname", "Pol-Trans", "--kind", "company")["id"])
    jan = str(made(desk, "--surname", "Kowal", "--given", "Jan")["id"])
    ewa = str(made(desk, "--surname", "Lis", "--given", "Ewa")["id"])
    desk("guest", "contact", firm, jan, "--role", "boss")
    (line,) = desk("guest", "contact", firm, ewa, "--first", "--json").lines
    assert [(one["name"], one["role"]) for one in line["contacts"]] == [("Ewa Lis", ""), ("Jan Kowal", "boss")]
    (line,) = desk("guest", "contact", firm, ewa, "--role", "sales", "--json").lines
    assert [(one["name"], one["role"]) for one in line["contacts"]] == [("Ewa Lis", "sales"), ("Jan Kowal", "boss")]
    (line,) = desk("guest", "contact", firm, ewa, "--remove", "--json").lines
    assert [one["name"] for one in line["contacts"]] == ["Jan Kowal"]
    assert desk("guest", "contact", firm, ewa, "--remove").code == 2
    assert desk("guest", "contact", jan, ewa).code == 2
    assert desk("guest", "contact", firm, firm).code == 2
    done = desk("guest", "set", firm, "--tax-number", "123", "--country", "PL")
    assert (done.code, "check digits" in done.err) == (0, True)


def test_archived_and_taken_back(desk: Crm) -> None:
    ids = [str(made(desk, "--surname", name)["id"]) for name in "AB"]
    assert all(one["archived_at"] for one in desk("guest", "archive", *ids, "--json").lines)
    assert desk("list", "guests", "--json").lines == []
    assert [one["archived_at"] for one in desk("guest", "unarchive", ids[0], "--json").lines] == [None]
    assert [one["id"] for one in desk("list", "guests", "--json").lines] == [int(ids[0])]
    desk("undo")
    assert desk("list", "guests", "--json").lines == []


def test_consent_has_its_day_and_source(desk: Crm) -> None:
    number = str(made(desk, "--surname", "N")["id"])
    (line,) = desk("guest", "consent", number, "sms", "yes", "--source", "form", "--day", "1.2.2025", "--json").lines
    assert line["consents"]["sms"] == {"given": True, "day": "2025-02-01", "source": "form"}
    assert desk("guest", "consent", number, "mail", "yes", "--source", "form", "--day", "1.1.2090").code == 2
    (line,) = desk("guest", "consent", number, "sms", "no", "--json").lines
    assert line["consents"]["sms"]["given"] is False


def test_what_the_kind_does_not_have_is_refused(desk: Crm) -> None:
    done = desk("guest", "new", "--kind", "company", "--surname", "Firm", "--given", "Anna")
    assert (done.code, "--given" in done.err) == (2, True)
    done = desk("guest", "new", "--kind", "company", "--surname", "Firm", "--birth-date", "1.2.1980")
    assert (done.code, "--birth-date" in done.err) == (2, True)
    done = desk("guest", "new", "--surname", "Nowak", "--tax-number", "123")
    assert (done.code, "--tax-number" in done.err) == (2, True)
