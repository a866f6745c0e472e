"""Promises are found in the text that is being written, in four languages, with their day (SPEC §9)."""

from __future__ import annotations

from datetime import date

import pytest

from crm_tui.rules.promises import find

TODAY = date(2026, 11, 22)  # a Sunday
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Thank you. We will confirm by Friday.", FRIDAY),
        ("We'll get back to you tomorrow morning!", date(2026, 11, 23)),
        ("I will send you the offer before the 30th.", date(2026, 11, 30)),
        ("We can let you know by 12 December at the latest", date(2026, 12, 12)),
        ("I’ll call you in 3 days.", date(2026, 11, 25)),
        ("We will reply by the end of the week.", FRIDAY),
        ("By Friday we will send\nyou the contract.", FRIDAY),
        ("Confirmaremos antes del viernes.", FRIDAY),
        ("Le enviaremos la oferta mañana.", date(2026, 11, 23)),
        ("Le responderé a más tardar el viernes 27 de noviembre.", FRIDAY),
        ("Les llamaremos dentro de 2 días", date(2026, 11, 24)),
        ("Odpowiemy do piątku.", FRIDAY),
        ("Damy Państwu znać jutro, damy znać jutro", date(2026, 11, 23)),
        ("Prześlę ofertę najpóźniej w środę", date(2026, 11, 25)),
        ("Potwierdzimy do 12 grudnia", date(2026, 12, 12)),
        ("Odpiszemy za 3 dni.", date(2026, 11, 25)),
        ("Nous confirmerons avant vendredi.", FRIDAY),
        ("Je vous enverrai le devis demain.", date(2026, 11, 23)),
        ("Nous vous répondrons d'ici le 12 décembre", date(2026, 12, 12)),
        ("Nous reviendrons vers vous dans 2 jours", date(2026, 11, 24)),
        ("You will receive our offer by 25/11.", date(2026, 11, 25)),
        ("Our manager will call you on Wednesday.", date(2026, 11, 25)),
        ("We'll keep the option for you until Friday.", FRIDAY),
        ("Le mantenemos la reserva hasta el 28 de noviembre.", date(2026, 11, 28)),
        ("Sí, mañana le llamamos.", date(2026, 11, 23)),
        ("Vamos a confirmarle la habitación antes del viernes.", FRIDAY),
        ("Odezwiemy się do piątku.", FRIDAY),
        ("Otrzymają Państwo odpowiedź do czwartku.", date(2026, 11, 26)),
        ("Dam Panu znać do wtorku.", date(2026, 11, 24)),
        ("Je vous rappelle demain.", date(2026, 11, 23)),
        ("Je reviens vers vous lundi.", date(2026, 11, 23)),
        ("Vous recevrez notre offre avant jeudi.", date(2026, 11, 26)),
        ("No, le enviaremos la oferta mañana.", date(2026, 11, 23)),
        ("We will send the voucher by Friday if you confirm by Tuesday.", FRIDAY),
    ],
)
def test_a_promise_and_its_day(text: str, day: date) -> None:
    [found] = find(text, TODAY)
    assert found.day == day
    assert found.sentence in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We confirm your booking.",
        "> We will confirm by Friday.",
        "Hello\n-- \nWe will confirm by Friday",
        "Please let us know by Friday.",
        "Could you confirm by Friday?",
        "Will you come? We will confirm by Friday?",
        "We will not confirm by Friday.",
        "No confirmaremos antes del viernes.",
        "Nie odpowiemy do piątku.",
        "Nous ne confirmerons pas avant vendredi.",
        "No le enviaremos la oferta el viernes.",
        "Nous ne vous enverrons rien avant vendredi.",
        "Once you confirm by Friday, we will send the voucher.",
        "Si nos confirma antes del viernes, le enviaremos el bono.",
        "Jeśli potwierdzą Państwo do piątku, wyślemy umowę.",
        "Si vous confirmez avant vendredi, nous vous enverrons le contrat.",
        "We can offer a double room on 12 December.",
        "You wrote “we will confirm by Friday”, but nobody did.",
        "On 21 Nov 2026, Ana wrote:\nWe will confirm by Friday.",
        "El 20 de noviembre nos escribió: Le enviaremos la oferta mañana",
        "Le 21 nov. 2026 à 10:00, Ana a écrit :\nNous confirmerons avant vendredi.",
        "-----Original Message-----\nWe will confirm by Friday.",
        "We will confirm soon.",
        "We will confirm by 2020-01-01.",
        "We will send a taxi for 3 persons.",
        "You arrive on Friday. We will send you the code.",
        "We will " + "really " * 200 + "confirm by Friday",
        "\x00 we will \x1b[31m",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert find(text, TODAY) == []


def test_a_long_text_is_quick_and_all_promises_are_found() -> None:
    text = "We will confirm by Friday. Lorem ipsum dolor.\n\n" * 200
    assert len(find(text, TODAY)) == 200
    assert find("a " * 100_000, TODAY) == []
