"""Quotes and signatures are found, in the desk's languages, and nothing is ever cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.mail.quotes import find_quotes, find_signature
from crm_tui.rules.replying import ATTRIBUTION, attribution, quote

WHEN = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in find_quotes(text)]


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 1 Jan 2024 at 10:00, Ana <ana@guest.example> wrote:",
        "On 1 Jan 2024, at 10:00, Ana\n<ana@guest.example> wrote:",
        "El lun, 1 ene 2024 a las 10:00, Ana (<ana@guest.example>) escribió:",
        "El 01/01/2024 10:00, Ana escribió:",
        "W dniu 01.01.2024 o 10:00, Ana pisze:",
        "pon., 1 sty 2024 o 10:00 Ana <ana@guest.example> napisał(a):",
        "Dnia 1 stycznia 2024 10:00 Ana napisała:",
        "Le lun. 1 janv. 2024 à 10:00, Ana <ana@guest.example> a écrit :",
        "Am Mo., 1. Jan. 2024 um 10:00 Uhr schrieb Ana <ana@guest.example>:",
        "Am 01.01.24 um 10:00 schrieb Ana:",
        "2024-01-01 10:00 GMT+01:00 Ana <ana@guest.example>:",
        "Ana wrote:",
        "Il giorno lun 1 gen 2024 alle ore 10:00 Ana ha scritto:",
    ],
)
def test_attributions_belong_to_the_quote(attribution: str) -> None:
    block = f"{attribution.splitlines()[-1]}\n\n> hola\n>\n> adios"
    found = quoted(f"Gracias.\n\n{attribution}\n\n> hola\n>\n> adios")
    assert len(found) == 1
    assert found[0].endswith(block)


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 1 Jan 2024 at 10:00, Ana <a@b.c> wrote:",
        "El lun, 1 ene 2024, Ana escribió:",
        "W dniu 1.01.2024 Ana napisał(a):",
        "Le 1 janv. 2024, Ana a écrit :",
    ],
)
def test_without_marks_the_rest_is_the_quote(attribution: str) -> None:
    tail = f"{attribution}\nhola\n\nadios"
    assert quoted(f"Gracias.\n\n{tail}") == [tail]


@pytest.mark.parametrize(
    "header",
    [
        "From: Ana <a@b.c>\nSent: Monday, January 1, 2024 10:00\nTo: Desk\nSubject: x\n",
        "________________________________\nDe: Ana <a@b.c>\nEnviado: lunes\nPara: Desk\nAsunto: x\n",
        "De : Ana <a@b.c>\nEnvoyé : lundi\nÀ : Desk\nObjet : x\n",
        "Od: Ana <a@b.c>\nWysłano: poniedziałek\nDo: Desk\nTemat: x\n",
        "Von: Ana <a@b.c>\nGesendet: Montag\nAn: Desk\nBetreff: x\n",
        "*From:* Ana\n*Sent:* Monday\n*To:* Desk\n*Subject:* x\n",
        "-----Original Message-----\nFrom: Ana\nhola\n",
        "-----Mensaje original-----\nDe: Ana\n",
        "-----Wiadomość oryginalna-----\nOd: Ana\n",
        "-----Message d'origine-----\nDe : Ana\n",
    ],
)
def test_outlook_headers_open_a_quote_to_the_end(header: str) -> None:
    tail = f"{header}\nhola\nadios"
    assert quoted(f"Gracias.\n\n{tail}") == [tail]


def test_answers_between_quotes_stay() -> None:
    text = "Ana escribió:\n> ¿hay sitio?\n\nSi.\n\n> ¿y cuna?\n\nTambien."
    ranges = find_quotes(text)
    assert [text[start:end] for start, end in ranges][-1] == "> ¿y cuna?"
    rest = "".join(
        text[end:start] for (_, end), (start, _) in zip(((0, 0), *ranges), (*ranges, (len(text), 0)), strict=True)
    )
    assert "Si." in rest
    assert "Tambien." in rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hola",
        "On Monday we arrive:\nAna\nEva",
        "El precio: 100",
        "a > b and b < c",
        "> only a quote",
        "---------- Forwarded message ---------\nFrom: Ana <a@b.c>\nDate: Mon\nSubject: x\nTo: y\n\nhola",
        "He wrote: nothing",
    ],
)
def test_no_quote(text: str) -> None:
    assert quoted(text) == []


LINES = st.sampled_from(
    [
        "> a",
        ">> b",
        "",
        "Hola",
        "El 1/1/2024 Ana escribió:",
        "-- ",
        "From: x",
        "Subject: y",
        "To: z",
        "Sent from my iPhone",
        "-----Original Message-----",
        ":",
    ]
)


@given(st.lists(LINES, max_size=30))
def test_ranges_are_apart_and_leave_something(lines: list[str]) -> None:
    text = "\n".join(lines)
    ranges = find_quotes(text)
    at = 0
    for start, end in ranges:
        assert at <= start < end <= len(text)
        at = end
    signature = find_signature(text, ranges)
    if signature:
        assert all(end <= signature[0] or start >= signature[1] for start, end in ranges)


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Hola\n-- \nAna\nTel", "-- \nAna\nTel"),
        ("Hola\n--\nAna", "--\nAna"),
        ("Hola\n\nSent from my iPhone", "Sent from my iPhone"),
        ("Hola\n\nEnviado desde mi iPhone", "Enviado desde mi iPhone"),
        ("Hola\n\nWysłane z iPhone'a", "Wysłane z iPhone'a"),
        ("Hola\n\nEnvoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Hola\n\nVon meinem iPhone gesendet", "Von meinem iPhone gesendet"),
        ("Hola\n\nGet Outlook for iOS", "Get Outlook for iOS"),
        ("Hola\n-- \nAna\n\nEva escribió:\n> x\n> -- \n> Eva", "-- \nAna"),
    ],
)
def test_signatures(text: str, signature: str) -> None:
    found = find_signature(text, find_quotes(text))
    assert found is not None
    assert text[slice(*found)].startswith(signature)


@pytest.mark.parametrize(
    "text", ["Hola", "-- \nAna", "a\n---\nb", "Hola\n-- \n" + "x\n" * 60, "El mail enviado desde mi casa"]
)
def test_no_signature(text: str) -> None:
    assert find_signature(text, find_quotes(text)) is None


@pytest.mark.parametrize("language", [*ATTRIBUTION, "xx"])
def test_own_quotes_are_recognised(language: str) -> None:
    reply = f"Gracias\n\n{attribution(WHEN, 'Ana <a@b.c>', language)}\n{quote(chr(10).join(['hola', '> viejo', '', 'fin']))}\n"
    assert len(find_quotes(reply)) == 1
    start, end = find_quotes(reply)[0]
    assert reply[start:end].splitlines()[1:] == ["> hola", ">> viejo", ">", "> fin"]
    assert "09:30" in reply[start:end]
    assert reply[:start].strip() == "Gracias"
