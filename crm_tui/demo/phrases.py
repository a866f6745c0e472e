"""The small words around a message in each language: greetings, closings, quotations, subjects, days."""

from __future__ import annotations

from datetime import date, datetime

GUEST_HELLO = {
    "es": ("Buenos días:", "Hola, buenas tardes:", "Estimados señores:", "Hola:"),
    "pl": ("Dzień dobry,", "Szanowni Państwo,", "Witam,", "Dzień dobry Państwu,"),
    "fr": ("Bonjour,", "Madame, Monsieur,", "Bonjour à toute l'équipe,"),
    "en": ("Hello,", "Good morning,", "Dear Hotel Miramar,", "Hi there,"),
}
GUEST_BYE = {
    "es": ("Un saludo,", "Muchas gracias de antemano.", "Saludos cordiales,"),
    "pl": ("Pozdrawiam serdecznie,", "Z poważaniem,", "Z góry dziękuję,"),
    "fr": ("Cordialement,", "Bien à vous,", "D'avance merci,"),
    "en": ("Kind regards,", "Many thanks,", "Best wishes,"),
}
HOTEL_HELLO = {"es": "Buenos días, {first}:", "pl": "Dzień dobry,", "fr": "Bonjour {first},", "en": "Dear {first},"}
HOTEL_BYE = {"es": "Un cordial saludo,", "pl": "Z pozdrowieniami", "fr": "Bien cordialement,", "en": "Kind regards,"}
REPLY = {"es": ("RE: ", "Re: "), "pl": ("Odp: ", "RE: "), "fr": ("RE : ", "Re: "), "en": ("Re: ", "RE: ")}
FORWARD = {"es": "RV: ", "pl": "PD: ", "fr": "TR: ", "en": "Fwd: "}
_WROTE = {
    "es": "El {day} a las {time}, {name} escribió:",
    "pl": "W dniu {day} o {time} {name} pisze:",
    "fr": "Le {day} à {time}, {name} a écrit :",
    "en": "On {day} at {time}, {name} wrote:",
}
_MONTHS = {
    "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
    "pl": "stycznia,lutego,marca,kwietnia,maja,czerwca,lipca,sierpnia,września,października,listopada,grudnia",
    "fr": "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}
_DAY = {"es": "{n} de {month}", "pl": "{n} {month}", "fr": "{n} {month}", "en": "{n} {month}"}
SIGNATURE = "Hotel Miramar · Carrer de la Mar 18 · 07012 Palma\nTel. +34 971 555 018 · hotel-miramar.example"


def day(language: str, value: date) -> str:
    """A day as people write it, without the year."""
    return _DAY[language].format(n=value.day, month=_MONTHS[language].split(",")[value.month - 1])


def wrote(language: str, name: str, instant: datetime) -> str:
    """The line above a quotation; ``instant`` is in the writer's zone."""
    full = f"{day(language, instant.date())} {instant.year}"
    return _WROTE[language].format(day=full, time=f"{instant:%H:%M}", name=name)
