"""Who writes to the sample hotel: invented people, firms and the hotel's own addresses."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

HOTEL_NAME = "Hotel Miramar"
HOTEL_DOMAIN = "hotel-miramar.example"
HOTEL_ADDRESS = f"reception@{HOTEL_DOMAIN}"
HOTEL_ZONE = "Europe/Madrid"
HOTEL_CURRENCY = "EUR"
AGENTS = ("Ana", "Leo", "Łucja")

_FIRST = {
    "es": "María,José,Lucía,Íñigo,Álvaro,Begoña,Andrés,Núria,Martín,Sofía,Raúl,Inés,Joaquín,Belén,Óscar,Pilar,Héctor",
    "pl": "Agnieszka,Paweł,Małgorzata,Łukasz,Zofia,Stanisław,Grażyna,Krzysztof,Michał,Bożena,Jędrzej,Hanna,Wojciech",
    "fr": "Éloïse,François,Hélène,Jérôme,Noémie,Benoît,Chloé,Gaël,Anaïs,Rémi,Zoé,Théo,Maëlle,Cédric,Sylvie",
    "en": "Oliver,Harriet,George,Imogen,Arthur,Poppy,Beatrice,Hugo,Florence,Niamh,Callum,Priya,Rhys,Eleanor,Femi",
}
_LAST = {
    "es": "García Ruiz,Muñoz,Ibáñez,Peña,Núñez,Echeverría,Zúñiga,Ortega,Vidal,Castaño,Serrano,Llobet,Arana,Prieto",
    "pl": "Wróbel,Książek,Wójcik,Błaszczyk,Dąbek,Śliwa,Ćwik,Żak,Mazur,Gołąb,Sikora,Łoś,Pawlak,Kępa",
    "fr": "Lefèvre,Dupré,Châtelain,Béranger,Rocher,Crépin,Thévenet,Moreau,Gauthier,Petit,Aubry,Le Goff,Masson",
    "en": "Whitfield,Ashdown,Pemberton,Hargreaves,Fairclough,Ellingham,Lockwood,O'Neill,Okafor,Shah,Bevan,Marsh",
}
_DOMAINS = {
    "es": "correo.example,buzon.example,familia-sol.example",
    "pl": "poczta.example,skrzynka.example,biuro-podrozy.example",
    "fr": "courriel.example,boite.example,voyages-lumiere.example",
    "en": "post.example,inbox.example,hayfield-travel.example",
}
_COMPANIES = {
    "es": "Norte Consultores SL,Talleres Ebro SA,Gráficas Luna SL,Bodegas Peral SL",
    "pl": "Wierzba Sp. z o.o.,Biuro Rachunkowe Saldo,Kwarc Software,Meble Jodła",
    "fr": "Atelier Vauban SARL,Cabinet Lormont,Les Vélos du Nord,Éditions Garance",
    "en": "Northgate Events Ltd,Bluebell Yoga,Harbour & Finch LLP,Copperfield Design",
}
_MAP = str.maketrans({"ł": "l", "Ł": "L", "'": "", " ": "."})
CLIENTS = ("iPhone Mail (22B83)", "Microsoft Outlook 16.0", "Gmail", "Roundcube Webmail/1.6.9", "Apple Mail (2.3826)")


@dataclass(frozen=True, slots=True)
class Person:
    """A guest: ``client`` is the mail program, which shapes the messages."""

    first: str
    last: str
    address: str
    language: str
    client: str
    company: str

    @property
    def name(self) -> str:
        """Given name and surname."""
        return f"{self.first} {self.last}"


def ascii_name(text: str) -> str:
    """A name as it stands in an address: no marks, lower case, dots for spaces."""
    plain = unicodedata.normalize("NFKD", text.translate(_MAP))
    return "".join(letter for letter in plain if letter.isascii()).lower()


def person(language: str, rng: random.Random) -> Person:
    """An invented guest who writes in a language."""
    first = rng.choice(_FIRST[language].split(","))
    last = rng.choice(_LAST[language].split(","))
    digits = str(rng.randrange(10, 99)) if rng.random() < 0.6 else ""
    domain = rng.choice(_DOMAINS[language].split(","))
    return Person(
        first=first,
        last=last,
        address=f"{ascii_name(first)}.{ascii_name(last)}{digits}@{domain}",
        language=language,
        client=rng.choice(CLIENTS),
        company=rng.choice(_COMPANIES[language].split(",")),
    )
