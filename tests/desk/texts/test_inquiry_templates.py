"""Templates know the inquiry of a conversation: its days, its party, its money, its holder (SPEC §5)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_variables import party
from crm_tui.desk.texts.template_starter import starters
from tests.desk.house import add_account, come_in, mail

VALUES = {
    "arrival": "12.7.2027",
    "departure": "19.7.2027",
    "adults": 2,
    "children": [7, 3],
    "room": "Familiar *2+2*",
    "board": "half",
    "price": "1.120,00 EUR",
    "valid_until": "30.6.2027",
}


@pytest.fixture
def talk(ctx: Context) -> int:
    """A conversation with its inquiry."""
    come_in(ctx, mail(sender="marta <marta@example.org>"), account=add_account(ctx))
    with ctx.store.connect() as connection:
        number = int(connection.execute(select(columns(Conversation).id)).scalar_one())
    inquiry = desk.inquiries.from_conversation(ctx, number)
    seen = desk.inquiries.get(ctx, inquiry)
    desk.inquiries.set(ctx, inquiry, seen.version, VALUES)
    desk.guests.set(ctx, seen.guests[0].id, 1, {"given": "Marta", "surname": "Ruiz", "language": "es"})
    return number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "12 de julio de 2027 – 19 de julio de 2027: 2 adultos, 2 niños (edades: 7, 3), 1.120,00 €"),
        ("pl", "12 lipca 2027 – 19 lipca 2027: 2 osoby dorosłe, 2 dzieci (wiek: 7, 3), 1 120,00 €"),
        ("fr", "12 juillet 2027 – 19 juillet 2027: 2 adultes, 2 enfants (âges : 7, 3), 1 120,00 €"),
        ("en", "12 July 2027 – 19 July 2027: 2 adults, 2 children (ages 7, 3), €1,120.00"),
    ],
)
def test_days_party_and_money_in_the_templates_language(ctx: Context, talk: int, language: str, text: str) -> None:
    source = "{{ inquiry.arrival }} – {{ inquiry.departure }}: {{ inquiry.party }}, {{ inquiry.price }}"
    found = desk.template_use.preview(ctx, "", source, language, talk)
    assert re.sub("[\u00a0\u202f]", " ", found.text) == text
    assert found.gaps == ()


def test_the_offer_of_every_language_has_no_gap(ctx: Context, talk: int) -> None:
    for one in (one for one in starters() if one["category"] == "offer"):
        found = desk.template_use.preview(ctx, one["subject"], one["body"], one["language"], talk)
        assert (found.error, found.gaps) == ("", ()), one["language"]
        assert "Familiar 2+2" in found.text  # signs of Markdown mean nothing in a value


def test_the_guest_is_the_holder_of_the_inquiry(ctx: Context, talk: int) -> None:
    source = "{{ guest.name }}, {{ guest.given }}, {{ guest.surname }}, {{ guest.email }}, {{ guest.language }}"
    assert (
        desk.template_use.preview(ctx, "", source, "en", talk).text == "Marta Ruiz, Marta, Ruiz, marta@example.org, es"
    )
    assert desk.template_use.offered(ctx, talk).language == "es"


def test_somebody_else_is_not_called_by_the_holders_name(ctx: Context, talk: int) -> None:
    (template,) = [desk.templates.create(ctx, name="Hello", language="en", body="Dear {{ guest.name }}")]
    other = desk.template_use.write(ctx, template, talk, name="Jan Kowalski", address="jan@example.org")
    assert other.text == "Dear Jan Kowalski"
    same = desk.template_use.write(ctx, template, talk, name="marta", address="Marta@example.org")
    assert same.text == "Dear Marta Ruiz"


def test_what_the_inquiry_does_not_say_is_a_gap(ctx: Context, talk: int) -> None:
    found = desk.template_use.preview(ctx, "", "{{ inquiry.budget }}{{ inquiry.nights }}", "en", talk)
    assert found.gaps == ("inquiry.budget",)
    assert found.text.endswith("7")
    number = desk.inquiries.of_conversation(ctx, talk)
    assert number is not None
    desk.inquiries.unlink(ctx, number, [talk])
    assert desk.template_use.preview(ctx, "", "{{ inquiry.number }}", "en", talk).gaps == ("inquiry.number",)


@pytest.mark.parametrize(
    ("adults", "children", "text"),
    [
        (1, [], "1 osoba dorosła"),
        (5, [4], "5 osób dorosłych, 1 dziecko (wiek: 4)"),
        (2, [None, 4], "2 osoby dorosłe, 2 dzieci"),
        (None, [], ""),
        (0, [5], "1 dziecko (wiek: 5)"),
    ],
)
def test_parties_in_polish(adults: int | None, children: list[int | None], text: str) -> None:
    assert party(adults, children, "pl") == text


def test_the_editor_knows_the_variables(ctx: Context) -> None:
    del ctx
    names = {one.name for one in desk.template_variables.documented()}
    assert {"inquiry.arrival", "inquiry.party", "inquiry.price", "guest.name"} <= names
