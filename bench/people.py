"""A made-up client base with known duplicates in it: names as they are frequent, families that share an address or a number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations

from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.common.context import Context

_PLACES: dict[str, tuple[str, str, str]] = {
    "es": (
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno "
        "Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina",
        "María Antonio José Carmen Manuel Ana Francisco Isabel David Laura Javier Cristina Daniel Marta Carlos Lucía "
        "Alejandro Elena Miguel Rosa Rafael Pilar Pablo Teresa Ángel Raquel Sergio Sara Fernando Paula",
        "+346",
    ),
    "pl": (
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski "
        "Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek",
        "Anna Piotr Katarzyna Krzysztof Maria Andrzej Małgorzata Tomasz Agnieszka Paweł Barbara Michał Ewa Marcin Zofia "
        "Jakub Łucja Stanisław Joanna Marek Żaneta Grzegorz Aleksandra Łukasz Magdalena Wojciech",
        "+4860",
    ),
    "fr": (
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garnier Faure "
        "Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin Mathieu Clément Gauthier Dumont López",
        "Marie Jean Pierre Michel Nathalie Isabelle Philippe Sylvie Alain Catherine Nicolas Hélène François Céline "
        "Jean-Pierre Anne-Marie Éric Chloé Julien Émilie Thomas Léa",
        "+336",
    ),
    "de": (
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf "
        "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Köhler",
        "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Ursula Monika Petra Elisabeth Sabine Renate "
        "Helga Karin Brigitte Ingrid Erika Jörg Uwe Dieter Hans",
        "+4915",
    ),
}
"""Surnames, given names (the frequent ones first) and how mobile numbers begin."""

_SYLLABLES = [
    "ar",
    "ben",
    "cal",
    "dor",
    "el",
    "fin",
    "gar",
    "hol",
    "is",
    "jor",
    "kel",
    "lin",
    "mar",
    "nor",
    "ost",
    "pel",
    "quin",
    "rod",
    "sal",
    "ter",
    "ul",
    "var",
    "wen",
    "xan",
    "yor",
    "zim",
]


@dataclass(frozen=True, slots=True)
class Person:
    """One guest of the client base."""

    surname: str
    given: str
    birth: date | None
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass
class People:
    """A client base and the pairs in it that are one person, by place."""

    persons: list[Person] = field(default_factory=list)
    pairs: set[tuple[int, int]] = field(default_factory=set)


def people(count: int, doubled: int, seed: int = 4) -> People:
    """``count`` guests, ``doubled`` of them a second time; a tenth live in families."""
    source = random.Random(seed)
    found = People()
    while len(found.persons) < count - doubled:
        first = _person(source, len(found.persons))
        found.persons.append(first)
        if source.random() < 0.04:
            found.persons += _family(source, first)
    originals = source.sample(range(len(found.persons)), doubled)
    for place in originals:
        found.pairs.add((place, len(found.persons)))
        found.persons.append(_again(source, found.persons[place], len(found.persons)))
    return found


def _person(source: random.Random, number: int) -> Person:
    surnames, givens, prefix = _PLACES[source.choice([*_PLACES])]
    surname = _frequent(source, surnames.split())
    if source.random() < 0.55:  # most surnames are rare
        surname = "".join(source.sample(_SYLLABLES, source.choice((2, 3)))).capitalize()
    if prefix == "+346":
        surname += " " + _frequent(source, surnames.split())
    given = _frequent(source, givens.split())
    birth = date(1940, 1, 1) + timedelta(days=source.randrange(26_000)) if source.random() < 0.8 else None
    if birth and source.random() < 0.01:
        birth = date(birth.year, 1, 1)  # what is typed when only the year is known
    mails = (f"{folded_name(surname, given).replace(' ', '.')}{number}@mail.example",) if source.random() < 0.75 else ()
    phones = (f"{prefix}{source.randrange(10_000_000):07}",) if source.random() < 0.7 or not (birth or mails) else ()
    return Person(surname, given, birth, mails, phones)


def _frequent(source: random.Random, names: list[str]) -> str:
    return names[min(int(source.expovariate(4 / len(names))), len(names) - 1)]


def _family(source: random.Random, first: Person) -> Iterator[Person]:
    """Who lives with somebody: the same surname and address, another name and birth date."""
    givens = [name for _surnames, names, _prefix in _PLACES.values() for name in names.split()]
    for given in source.sample([name for name in givens if name != first.given], source.choice((1, 2, 3))):
        birth = date(1940, 1, 1) + timedelta(days=source.randrange(26_000))
        yield Person(first.surname, given, birth, first.mails, first.phones)


def _again(source: random.Random, one: Person, number: int) -> Person:
    """The same person taken in a second time, by somebody in a hurry."""
    mails = one.mails if source.random() < 0.5 else ((f"other{number}@mail.example",) if source.random() < 0.5 else ())
    phones = one.phones if source.random() < 0.5 else ((f"+4477{number:08}",) if source.random() < 0.5 else ())
    birth = one.birth if source.random() < 0.75 else None
    if not (birth or {*mails} & {*one.mails} or {*phones} & {*one.phones}):
        birth, mails, phones = one.birth, one.mails, one.phones  # something must tell
    second = replace(one, birth=birth, mails=mails, phones=phones)
    change = source.randrange(7)
    if change == 0:
        return second
    if change == 1:
        return replace(second, surname=folded_name(one.surname, "").title(), given=folded_name(one.given, "").title())
    if change == 2:
        return replace(second, surname=one.given, given=one.surname)
    if change == 3:
        return replace(second, surname=_typo(source, one.surname))
    if change == 4:
        return replace(second, given=_typo(source, one.given))
    if change == 5:
        return replace(second, surname=one.surname.split()[0])
    return replace(second, given=f"{one.given[0]}.")


def _typo(source: random.Random, name: str) -> str:
    """A letter doubled, left out, or two turned around; in a name long enough to bear it."""
    if len(name) < 5:
        return name
    place = source.randrange(1, len(name) - 1)
    change = source.randrange(3)
    if change == 0:
        return name[:place] + name[place] + name[place:]
    if change == 1:
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def store(ctx: Context, found: People) -> None:
    """Put a client base into an empty store: the person at place n has the number n + 1."""
    with ctx.write() as tx:
        times = {"created_at": tx.now, "updated_at": tx.now}
        guests = [
            {"id": place + 1, "surname": one.surname, "given": one.given, "birth_date": one.birth.isoformat() if one.birth else None,
             "folded": folded_name(one.surname, one.given), **times}
            for place, one in enumerate(found.persons)
        ]  # fmt: skip
        mails = [
            {"guest_id": place + 1, "address": mail, "folded": mail}
            for place, one in enumerate(found.persons)
            for mail in one.mails
        ]
        phones = [
            {"guest_id": place + 1, "number": number}
            for place, one in enumerate(found.persons)
            for number in one.phones
        ]
        insert_rows(tx.connection, Guest, guests)
        insert_rows(tx.connection, GuestEmail, mails)
        insert_rows(tx.connection, GuestPhone, phones)


def planted(found: People) -> set[tuple[int, int]]:
    """The pairs that are one person, by number."""
    return {(one + 1, other + 1) for one, other in found.pairs}


def pairs_of(groups: list[tuple[int, ...]]) -> set[tuple[int, int]]:
    """All pairs of groups of numbers."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}
