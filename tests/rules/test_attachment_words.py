"""The missing-attachment warning in the desk's languages (SPEC §5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.attachment_words import attachment_word


@pytest.mark.parametrize(
    "text",
    [
        "Please find the offer attached.",
        "See the attachment.",
        "I attach our menu",
        "The invoice is enclosed.",
        "Le adjunto la confirmación.",
        "Adjuntamos la factura",
        "Encontrará la oferta adjunta.",
        "En el archivo adjunto",
        "Anexo el contrato",
        "W załączniku przesyłam ofertę.",
        "W zalaczniku przesylam oferte.",
        "Załączam potwierdzenie",
        "w załączeniu",
        "Dane w zał. 2",
        "Veuillez trouver ci-joint le devis.",
        "Voir la pièce jointe",
        "voir piece jointe",
        "VOIR PIÈCES\nJOINTES",
        "Je joins le contrat",
        "Le devis est en annexe.",
        "le fichier joint",
    ],
)
def test_speaks_of_one(text: str) -> None:
    assert attachment_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you, see you in August.",
        "A detached house",
        "There is no attachment in your mail.",
        "Su correo llegó sin adjuntos.",
        "Bez załącznika.",
        "Votre mail est arrivé sans pièce jointe.",
        "Nos vemos juntos",
        "La calle está junto a la playa",
        "Le point de rendez-vous est joint par la route",
        "Yes\n> please find attached",
        "Yes\n\n-- \nAttached Hotel Ltd",
    ],
)
def test_speaks_of_none(text: str) -> None:
    assert attachment_word(text) == ""


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(attachment_word(text), str)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("W załączniku przesyłam ofertę.", "załączniku"),
        ("ZAŁĄCZAM", "ZAŁĄCZAM"),
        ("Voir la pièce\n jointe", "pièce jointe"),
        ("w za\u0142a\u0328czniku", "załączniku"),
    ],
)
def test_the_word_is_given_as_written(text: str, word: str) -> None:
    assert attachment_word(text) == word
