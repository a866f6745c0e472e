"""What a guest's mail states: right when proposed, nothing when in doubt (SPEC §4)."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.rules.proposals import LIMIT, Found, Proposals, propose
from tests.data.mails.labelled import KINDS, PARTS, mails, proposed, scores

WRITTEN = date(2026, 3, 12)  # a Thursday
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.70


def read(text: str, *, written: date = WRITTEN, **others: Any) -> dict[str, Any]:
    return proposed(propose(text, written=written, **others))


def stay(text: str, *, written: date = WRITTEN) -> tuple[str, str, int | None]:
    found = read(text, written=written)
    return f"{found.get('arrival', '')}", f"{found.get('departure', '')}", found.get("nights")


class TestLabelledMails:
    def test_there_are_enough_of_each_kind(self) -> None:
        all_mails = mails()
        assert len(all_mails) >= 200
        assert {mail.language for mail in all_mails} == {"es", "pl", "fr", "en"}
        without_a_stay = [
            mail for mail in all_mails if not {"arrival", "period"} & {k for k, v in mail.labels.items() if v}
        ]
        assert len(without_a_stay) >= 0.2 * len(all_mails)
        assert len(mails("held_out")) * 3 >= len(all_mails)

    @pytest.mark.parametrize("part", ["", *PARTS])
    def test_what_is_proposed_is_right(self, part: str) -> None:
        found, faults = scores(mails(part))
        low = {kind: found[kind].precision for kind in KINDS if found[kind].precision < LEAST_PRECISION}
        assert not low, "\n".join(fault for fault in faults if fault.startswith("WRONG"))

    def test_most_of_what_is_stated_is_proposed(self) -> None:
        found, faults = scores(mails())
        low = {kind: found[kind].recall for kind in KINDS if found[kind].recall < LEAST_RECALL}
        assert not low, "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "arrival", "departure"),
    [
        ("Pokój 12-15.07", "2026-07-12", "2026-07-15"),
        ("Przylatujemy 12 lipca na trzy noce", "2026-07-12", "2026-07-15"),
        ("Pokój 12.–15. lipca", "2026-07-12", "2026-07-15"),
        ("Pokój 12–15 VII, tj. od 12 lipca do 15 lipca", "2026-07-12", "2026-07-15"),
        ("Una doble del 3 al 7 de diciembre", "2026-12-03", "2026-12-07"),
        ("Une chambre du 14 au 18 août", "2026-08-14", "2026-08-18"),
        ("Une chambre du 14 au 18 aout", "2026-08-14", "2026-08-18"),
        ("A room 3 to 7 December", "2026-12-03", "2026-12-07"),
        ("Habitación 3–7/12", "2026-12-03", "2026-12-07"),
        ("A room 2026-05-03 to 2026-05-07", "2026-05-03", "2026-05-07"),
        ("a room from Friday 12 to Sunday 14 June", "2026-06-12", "2026-06-14"),
        ("a room October 9-11", "2026-10-09", "2026-10-11"),
        ("una doble del 28 de diciembre al 2 de enero", "2026-12-28", "2027-01-02"),
        ("double, 28 Dec – 2 Jan", "2026-12-28", "2027-01-02"),
        ("pokój 30.01 - 06.02.2027", "2027-01-30", "2027-02-06"),
        ("a room for two nights from 5 May", "2026-05-05", "2026-05-07"),
        ("pokój od 5 maja na dwie noce", "2026-05-05", "2026-05-07"),
        ("une chambre à partir du 5 mai pour une semaine", "2026-05-05", "2026-05-12"),
        ("Entrada: 5/5/2026\nSalida: 7/5/2026", "2026-05-05", "2026-05-07"),
        ("a room from 24/10/2026 to 2/11/2026", "2026-10-24", "2026-11-02"),
        ("pokój na jutro na jedną noc", "2026-03-13", "2026-03-14"),
    ],
)
def test_a_stay_is_read(text: str, arrival: str, departure: str) -> None:
    nights = (date.fromisoformat(departure) - date.fromisoformat(arrival)).days
    assert stay(text) == (arrival, departure, nights)


@pytest.mark.parametrize(
    "text",
    [
        "a room from 29 February to 31 February",
        "una habitación del 29 al 31 de septiembre",
        "a room from 12 to 10 June",
        "arriving 9 May, leaving 7 May",
        "a room from 12 to 15 June or 19 to 22 June",
        "una doble del 12 al 15 de junio o bien del 19 al 22",
        "pokój 3-6.07 lub 4-7.07",
        "a room from 12 to 15 June for 5 nights",
        "a room from Monday 12 to Sunday 14 June",
        "a room from 05/06/2026 to 08/06/2026, please, with the view",
        "We stayed with you from 3 to 7 March.",
        "Please cancel our room from 12 to 15 June.",
        "our stay from 12 to 15 June 2024",
        "the invoice of 3 March",
        "the forum takes place 12-13 June",
        "una habitación: en lugar del 12 de junio llegaríamos dos días después, 3 noches",
        "breakfast from 7-10 and 12.30",
        "open 24/7, room 12/14, ref 3-7-12",
        "5–8 people, 2 or 3 nights",
        "Call us on 12-15.07.33",
        "the price is 12.05 EUR a night",
    ],
)
def test_no_stay_is_guessed(text: str) -> None:
    found = read(text)
    assert not {"arrival", "departure", "period"} & found.keys(), found


@pytest.mark.parametrize(
    ("text", "first", "last", "nights"),
    [
        ("entre el 10 y el 20 de mayo, 3 noches", "2026-05-10", "2026-05-20", 3),
        ("any 4 nights in July", "2026-07-01", "2026-07-31", 4),
        ("5 nocy w lipcu", "2026-07-01", "2026-07-31", 5),
        ("une chambre en juin, dates flexibles", "2026-06-01", "2026-06-30", None),
        ("in March, 2 nights", "2026-03-12", "2026-03-31", 2),
    ],
)
def test_a_flexible_period_is_read(text: str, first: str, last: str, nights: int | None) -> None:
    found = read(text)
    assert found["period"] == (date.fromisoformat(first), date.fromisoformat(last))
    assert found.get("nights") == nights
    assert "arrival" not in found


@pytest.mark.parametrize(
    "text",
    ["a week in July or August", "3 noches a finales de agosto", "are you open in May?", "entre el 10 y el 20 de mayo"],
)
def test_no_period_is_guessed(text: str) -> None:
    assert "period" not in read(text)


@pytest.mark.parametrize(
    ("text", "adults", "children"),
    [
        ("dwoje dorosłych i dwoje dzieci (4 i 7 lat)", 2, (4, 7)),
        ("rodzina 2+1", 2, (None,)),
        ("dos adultos y un niño de 5 años", 2, (5,)),
        ("un couple avec bébé", 2, (None,)),
        ("a room for my wife and I", 2, None),
        ("4 personas, de ellas 2 niños", 2, (None, None)),
        ("two adults and our 3-year-old daughter", 2, (3,)),
        ("2 adultes et un bébé de 8 mois", 2, (0,)),
        ("dwie osoby dorosłe i ośmioletni syn", 2, (8,)),
        ("two adults, no children", 2, ()),
        ("viajo sola", 1, None),
        ("nous serons 4 adultes", 4, None),
    ],
)
def test_the_party_is_read(text: str, adults: int, children: tuple[int | None, ...] | None) -> None:
    found = read(f"{text}, 2 nights")
    assert (found.get("adults"), found.get("children")) == (adults, children)


@pytest.mark.parametrize(
    "text",
    [
        "family of four",
        "3-5 people",
        "unas 20 personas",
        "somos 5 con los niños",
        "a table for 4 people",
        "Does the family room sleep 2 adults and 3 children?",
        "our 14 year old spaniel",
        "a car for four with two child seats",
        "two or three adults",
        "dzieci do lat 5 gratis?",
        "-2 adults",
        "a couple of questions",
        "cena para 2 personas en el restaurante",
    ],
)
def test_no_party_is_guessed(text: str) -> None:
    for more in ("", "\nWe would like 2 nights."):
        assert not {"adults", "children"} & read(text + more).keys()


@pytest.mark.parametrize(
    ("text", "region", "phone"),
    [
        ("Mi móvil es el 612 345 678, muchas gracias por la habitación", "ES", "+34612345678"),
        ("Buenos días, ¿hay habitación? tel. 0048 601 234 567", "ES", "+48601234567"),
        ("Hello, call me on +44 (0)7712 345678 about the room please", "", "+447712345678"),
        ("Dzień dobry, proszę o telefon: kom. 601-234-567, chodzi o pokój dla nas", "PL", "+48601234567"),
    ],
)
def test_a_phone_is_read(text: str, region: str, phone: str) -> None:
    assert read(text, region=region)["phone"] == phone


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Dzień dobry, proszę o telefon: 601 234 567, chodzi o pokój dla nas", "ES"),
        ("Buenos días, mi reserva es la 612345678, ¿hay habitación?", "ES"),
        ("Mi móvil es el 612 345 678, muchas gracias por la habitación", ""),
        ("Hello, fax +44 7712 345678 please for the room", "ES"),
        ("Hello, call +44 7712 345678 or +44 7712 345679 please for the room", "ES"),
        ("Hello, my number is +44 12", "ES"),
    ],
)
def test_no_phone_is_guessed(text: str, region: str) -> None:
    assert "phone" not in read(text, region=region)


@pytest.mark.parametrize(
    ("sender", "surname", "given"),
    [
        ("Lucía Ferrer", "Ferrer", "Lucía"),
        ("Ferrer, Lucía", "Ferrer", "Lucía"),
        ("KOWALSKI Jan", "KOWALSKI", "Jan"),
        ("María José García López", "García López", "María José"),
        ("Dr. Jan Kowalski", "Kowalski", "Jan"),
        ("Familia Ortega", "Ortega", None),
        ("Robert i Ola Kuczyńscy", "Kuczyńscy", None),
        ("Booking.com", None, None),
        ("Hotel Sol", None, None),
        ("jan.kowalski", None, None),
        ("Nerea", None, None),
    ],
)
def test_the_name_is_read(sender: str, surname: str | None, given: str | None) -> None:
    found = read("Hello", sender_name=sender)
    assert (found.get("surname"), found.get("given")) == (surname, given)


def test_a_mail_signed_by_another_names_nobody() -> None:
    assert "surname" not in read("Un saludo,\nAna Torres", sender_name="Piotr Nowak")


def test_nothing_is_read_from_quotes_and_only_name_and_phone_from_a_signature() -> None:
    text = "Thanks!\n> a room 12-15 June for 2 adults\n-- \nAna Torres\n2 adults, 3-7 July\nmobile +34 612 345 678\n"
    quote, signature = text.index(">"), text.index("--")
    found = read(text, quoted=[(quote, signature)], signature=(signature, len(text)))
    assert found == {"phone": "+34612345678", "surname": "Torres", "given": "Ana"}


def test_the_words_it_was_read_from_are_told() -> None:
    found = propose("Room for 2 adults please, 3 to 7 December.", subject="Visit", written=WRITTEN)
    assert found.adults == Found(2, "2 adults", 9, 17)
    assert found.arrival is not None
    assert found.arrival.words == "3 to 7 December"
    in_subject = propose("Is a double free?", subject="Room 3 to 7 December", written=WRITTEN).arrival
    assert in_subject == Found(date(2026, 12, 3), "3 to 7 December", 5, 20, "subject")


def test_the_subject_of_an_answer_is_not_the_guests() -> None:
    assert propose("Yes, please.", subject="RE: Offer 3 to 7 December", written=WRITTEN).arrival is None


WORDS = [
    "12",
    "3-7",
    "12.07",
    "12/08/2026",
    "2026-05-03",
    "31",
    "February",
    "lipca",
    "de",
    "diciembre",
    "août",
    "December",
    "to",
    "al",
    "do",
    "od",
    "from",
    "del",
    "du",
    "entre",
    "y",
    "and",
    "nights",
    "noches",
    "dwie",
    "noce",
    "semaine",
    "2+1",
    "adults",
    "dorosłych",
    "niños",
    "(4",
    "i",
    "7",
    "lat)",
    "bébé",
    "my",
    "wife",
    "and",
    "I",
    "+34612345678",
    "600",
    "100",
    "200",
    "tomorrow",
    "jutro",
    "or",
    "albo",
    "cancel",
    "we",
    "stayed",
    "flying",
    "from",
    "Madrid",
    "Ana",
    "Torres",
    "\n",
    ",",
    ".",
    "?",
    "(",
    ")",
    "-",
    "–",
    "0",
    "99",
    "2",
    "4",
    "in",
    "July",
    "w",
    "lipcu",
    "flexible",
    "family",
    "of",
    "four",
]
TEXTS = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(
    TEXTS,
    st.text(max_size=60),
    st.text(max_size=40),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.sampled_from(["", "es", "pl", "fr", "en", "de"]),
    st.sampled_from(["", "ES", "PL", "??"]),
)
def test_any_text_gives_sound_proposals(
    text: str, subject: str, sender: str, written: date, language: str, region: str
) -> None:
    found = propose(text, subject=subject, sender_name=sender, written=written, language=language, region=region)
    assert_sound(found, written, {"text": text, "subject": subject, "sender": sender, "mail": ""})


def assert_sound(found: Proposals, written: date, places: dict[str, str]) -> None:
    for name in Proposals.__dataclass_fields__:
        one = getattr(found, name)
        if isinstance(one, Found):
            assert 0 <= one.start <= one.end <= len(places[one.source]), (name, one)
            if one.source != "mail":
                assert one.words == places[one.source][one.start : one.end], (name, one)
    for one in (found.arrival, found.departure, found.period_from, found.period_to):
        assert one is None or one.value >= written
    if found.departure:
        assert found.arrival is not None
        assert found.nights is not None
        assert (found.departure.value - found.arrival.value).days == found.nights.value > 0
    assert (found.period_from is None) == (found.period_to is None)
    assert found.adults is None or found.adults.value > 0
    assert found.children is None or all(age is None or 0 <= age < 18 for age in found.children.value)
    assert found.given is None or found.surname is not None


UNITS = (
    *["1", "+", "(", "a", "é"], " ", "\n", "1.1.", "12-", "1 and ", "2 kids 3 4 5 ", "12 July ", "12 July - ", "2 nights ", "3 years, ",
    "de ", "du 3 ", "kids aged 1, 2, ", "12.12.2026-", "my wife and ", "4 people ", "or ", "monday ", "in July ", "flying from ",
    "1   ", "Ana Torres\n", "free policy ", "kid ", "600 100 200 ", "2+1 ", "İ", "we have just ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_long_texts_take_linear_time(unit: str) -> None:
    """Twice the text takes about twice the time, with room for noise; the whole 200 kB at most a few seconds."""
    short, long = (unit * LIMIT)[: LIMIT // 4], (unit * 200_000)[:200_000]
    quarter, whole = _seconds(short), _seconds(long)
    assert whole < 4 * quarter * 4 + 1
    assert whole < 10


def _seconds(text: str) -> float:
    start = time.process_time()
    propose(text, subject=text, sender_name=text, written=WRITTEN, language="en", region="ES")
    return time.process_time() - start
