"""The template variables of a reservation and its payment, in the template's language."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from crm_tui import desk
from crm_tui.data.tables import ScheduleLine
from crm_tui.desk.common.context import Context
from crm_tui.desk.texts.template_views import Written
from tests.desk.bookings import add_reservation, pay
from tests.desk.house import NOW, add_account, come_in, mail, make_house


@pytest.fixture
def house(tmp_path: Path) -> Context:
    ctx = make_house(tmp_path)
    add_account(ctx)
    return ctx


@pytest.fixture
def stay(house: Context) -> int:
    marta = desk.guests.create(
        house, {"surname": "Guest", "given": "Marta", "emails": ["marta@example.org"], "language": "pl"}
    )
    values: dict[str, Any] = {
        "arrival": date(2026, 8, 14),
        "departure": date(2026, 8, 21),
        "value": 100_00,
        "currency": "EUR",
    }
    number = add_reservation(house, "B-1", marta, **values, adults=2, children=1, destination="Palma", room="204")
    with house.write() as tx:
        for place, (kind, due, amount) in enumerate(
            [("deposit", date(2026, 6, 20), 30_00), ("balance", date(2026, 7, 14), 70_00)]
        ):
            line = {"reservation_id": number, "position": place, "kind": kind, "due": due, "amount": amount}
            tx.connection.execute(insert(ScheduleLine).values(**line))
    leg = {"number": "LO1", "from": "WAW", "to": "PMI", "departs": "14 aug 6:35", "arrives": "9:50"}
    desk.flights.add(house, number, leg)
    return number


def filled(
    ctx: Context, body: str, language: str = "en", *, stay: int | None = None, talk: int | None = None
) -> Written:
    return desk.template_use.preview(ctx, "", body, language, talk, stay)


def test_the_values_are_written_in_the_template_s_language(house: Context, stay: int) -> None:
    body = "{{ reservation.code }} {{ reservation.arrival }} {{ reservation.nights }} {{ reservation.party }}"
    assert filled(house, body, stay=stay).text == "B-1 14 August 2026 7 2 adults, 1 child"
    assert filled(house, body, "pl", stay=stay).text == "B-1 14 sierpnia 2026 7 2 osoby dorosłe, 1 dziecko"


def test_flights_by_the_airports_clocks(house: Context, stay: int) -> None:
    body = "{{ reservation.flight }}|{{ reservation.flight_from }}|{{ reservation.flight_departs }}"
    assert filled(house, body, stay=stay).text == "LO1|Warsaw (WAW)|14 August 2026, 06:35"


def test_what_is_missing_now_and_in_all(house: Context, stay: int) -> None:
    body = "{{ payment.missing }} {{ payment.due }} {{ payment.missing_total }}"
    assert filled(house, body, stay=stay).text == "€30.00 20 June 2026 €100.00"
    pay(house, stay, NOW.date(), 40_00)
    assert filled(house, body, stay=stay).text == "€60.00 14 July 2026 €60.00"


def test_a_reminder_of_nothing_has_gaps(house: Context, stay: int) -> None:
    pay(house, stay, NOW.date(), 100_00)
    found = filled(house, "{{ payment.missing }} {{ payment.due }} {{ payment.paid }}", stay=stay)
    assert found.gaps == ("payment.missing", "payment.due")
    assert "€100.00" in found.text


def test_nothing_is_asked_of_a_cancelled_one(house: Context, stay: int) -> None:
    desk.reservations.set(house, stay, 1, {"status": "cancelled"})
    assert filled(house, "{{ payment.missing }}", stay=stay).gaps == ("payment.missing",)


def test_a_conversation_about_it_fills_them_too(house: Context, stay: int) -> None:
    come_in(house, mail())
    assert filled(house, "{{ reservation.code }}", talk=1).gaps == ("reservation.code",)
    desk.reservation_links.link(house, stay, [1])
    assert filled(house, "{{ reservation.code }}", talk=1).text == "B-1"


def test_a_letter_about_it_is_to_its_holder_in_her_language(house: Context, stay: int) -> None:
    draft = desk.replies.new(house, to="marta@example.org", reservation=stay)
    assert desk.drafts.get(house, draft.id).reservation == stay
    assert desk.template_use.offered(house, None, stay).language == "pl"
    desk.template_starter.add(house)
    reminder = next(
        one for one in desk.templates.listed(house) if (one.category, one.language) == ("payment reminder", "pl")
    )
    found = desk.template_use.write(house, reminder, address="marta@example.org", reservation=stay)
    assert not found.gaps
    assert "B-1" in found.subject
    assert filled(house, "{{ guest.name }}", stay=stay).text == "Marta Guest"


@pytest.mark.parametrize("language", ["en", "es", "pl", "fr"])
@pytest.mark.parametrize("category", ["payment reminder", "flight times"])
def test_the_starter_texts_are_filled_in_whole(house: Context, stay: int, language: str, category: str) -> None:
    desk.template_starter.add(house)
    template = next(one for one in desk.templates.listed(house) if (one.category, one.language) == (category, language))
    assert desk.template_use.write(house, template, name="Marta Guest", reservation=stay).gaps == ()


def test_the_sample_guest_has_all_of_them(house: Context) -> None:
    names = [one.name for one in desk.template_variables.documented()]
    for name in ("reservation.code", "reservation.flight_departs", "payment.missing", "payment.missing_deposit"):
        assert name in names
    assert filled(house, "{{ payment.missing }}").text == "€336.00"


def test_what_is_odd_in_a_name_stays_text(house: Context) -> None:
    number = add_reservation(house, "[x](http://e.x)", destination="*Palma*")
    found = filled(house, "{{ reservation.code }} {{ reservation.destination }}", stay=number).text
    assert "](" not in found
    assert "*" not in found
