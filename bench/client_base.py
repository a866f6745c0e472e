"""A store with a large client base: made-up persons and companies of several scripts, tags, consents and reservations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context
from crm_tui.mail.text import fold_text

_SCRIPTS: dict[str, tuple[str, str, str, str, str]] = {
    # language: country, surname beginnings, surname endings, given names, cities
    "es": (
        "ES",
        "Gar Mar Lóp Ferná Rodrí Sán Gómez Pér Núñe Vid Cas Ibá Ech Zú Ort Her Bla Val Sol Mon",
        "cía tínez ez ndez guez chez al taño rría ñiga ega rera nco verde er tero",
        "María José Lucía Íñigo Álvaro Begoña Andrés Núria Martín Sofía Raúl Inés Joaquín Belén Óscar Pilar Ana Marta",
        "Madrid Sevilla Málaga Bilbao Cádiz Girona Palma León",
    ),
    "pl": (
        "PL",
        "Now Kow Wiś Wój Kami Lew Ziel Szym Woź Dąb Koz Jan Maz Krawcz Piotr Grab Zaj Paw Mich Król",
        "ak alski niewski cik ński andowski iński ański niak rowski łowski kowski ur yk owicz ąc owska icka",
        "Agnieszka Paweł Małgorzata Łukasz Zofia Stanisław Grażyna Krzysztof Michał Bożena Hanna Wojciech Anna Jan",
        "Łódź Kraków Gdańsk Poznań Warszawa Wrocław Sopot Zakopane",
    ),
    "fr": (
        "FR",
        "Le Du Châ Bé Ro Cré Thé Mo Gau Pe Au Mas Fon La Ber Gi Mar Bon Vi Cha",
        "fèvre pré telain ranger cher pin venet reau thier tit bry son taine croix trand rard tin net dal pelle",
        "Éloïse François Hélène Jérôme Noémie Benoît Chloé Gaël Anaïs Rémi Zoé Théo Maëlle Cédric Sylvie Marie Jean",
        "Paris Lyon Nîmes Nantes Orléans Lille Besançon",
    ),
    "de": (
        "DE",
        "Mül Schmi Schnei Fi We Mey Wag Bec Hof Schä Koch Bau Rich Klei Wo Schrö Neu Schwa Zim Brau",
        "ler dt der scher ber er ner ker mann fer hauer ter n lf rz mermann nert",
        "Jürgen Anke Günther Käthe Björn Lieselotte Heiko Uwe Sabine Matthias Grete Jan Anna Markus",
        "Köln München Nürnberg Lübeck Hamburg Bonn",
    ),
    "en": (
        "GB",
        "Whit Ash Pem Har Fair Elling Lock O'N Oka Sha Be Mar Smi Jo Tay Bro Wil Tho Rob Wal",
        "field down berton greaves clough ham wood eill for w van sh th nes lor wn son mas inson ker",
        "Oliver Harriet George Imogen Arthur Poppy Beatrice Hugo Florence Niamh Callum Priya Rhys Eleanor Mary John",
        "London Leeds York Bath Cardiff Derby",
    ),
    "uk": (
        "UA",
        "Шев Бой Тка Кова Бонда Мель Кра Олі Руд Сав",
        "ченко ко чук ленко ренко ник вчук йник енко",
        "Оксана Тарас Олена Андрій Марія Іван Ганна Юрій",
        "Київ Львів Одеса Харків",
    ),
    "el": (
        "GR",
        "Παπα Νικο Γεωργ Δημη Κων Ιωα Χρισ Αντω",
        "δόπουλος λάου ίου τρίου σταντίνου ννίδης τοδούλου νίου",
        "Μαρία Γιώργος Ελένη Νίκος Σοφία Άννα Πέτρος",
        "Αθήνα Πάτρα Χανιά Βόλος",
    ),
    "ar": (
        "AE",
        "الحسن المصر الشام البغد القاض النجا",
        "ي وي ية ادي",
        "محمد فاطمة أحمد ليلى يوسف مريم",
        "دبي القاهرة بيروت",
    ),
    "he": ("IL", "כה לו מזר פרי ביט אבר", "ן י חי דמן ון הם", "דוד שרה יוסף מרים נועה אבי", "חיפה אילת"),
    "zh": (
        "CN",
        "王 李 张 刘 陈 杨 赵 黄 周 吴",
        "伟 芳 娜 敏 静 秀英 丽 强 磊 洋",
        "小 大 明 志 文 玉 海 春",
        "北京 上海 广州",
    ),
}
_WEIGHTS = (30, 25, 12, 10, 12, 4, 2, 2, 1, 2)
_MAILS = ("gmail.example", "poczta.example", "correo.example", "web.example", "outlook.example", "firma.example")
_PHONES = {"ES": "+346", "PL": "+486", "FR": "+336", "DE": "+49151", "GB": "+4477", "UA": "+38067", "GR": "+3069"}
_FIRMS = ("Consulting", "Sp. z o.o.", "S.L.", "GmbH", "Ltd", "SARL", "Travel", "Events")
ATTRIBUTES = ("Golf", "VIP", "Vegan", "Ski", "Families", "Quiet room", "Balcony", "Dog", "Sailing", "Wine")
PLACES = ("Creta", "Tenerife", "Łeba", "Djerba", "Costa Brava", "Madeira", "Zakopane", "Sicilia", "Kos", "Rodos")
_NOW = "2026-07-01 08:00:00.000000"


def make(directory: Path, count: int) -> Context:
    """Open the store, made with ``count`` guests if it is not there yet."""
    home = home_at(directory)
    made = home.store.exists()
    ctx = open_context(home, Settings(), create=True, agent="" if not made else "Ana")
    if made:
        return ctx
    from crm_tui import desk
    from crm_tui.data import record_search

    desk.setup.init(ctx, name="Hotel Miramar", timezone="Europe/Madrid", currency="EUR", agent="Ana")
    with ctx.write() as tx:
        driver: Any = tx.connection.connection.driver_connection
        dropped = [
            row[0]
            for row in driver.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'index_guest%'"
            )
        ]
        for name in dropped:
            driver.execute(f"DROP TRIGGER {name}")
        _fill(driver, count)
        for statement in record_search.TRIGGERS:
            if any(f"TRIGGER {name} " in statement for name in dropped):
                driver.execute(statement)
        record_search.rebuild(tx.connection)
    ctx.store.close()
    return open_context(home, Settings(), agent="Ana")


def _fill(driver: Any, count: int) -> None:
    chance = random.Random(7)
    guests, mails, phones, consents, tags = [], [], [], [], []
    for number, person in enumerate(_people(chance, count), 1):
        guests.append((number, *person, _NOW, _NOW, None if chance.random() > 0.03 else _NOW))
        _kind, surname, given, _folded, language, country, *_rest = person
        handle = fold_text(f"{given}.{surname}").replace(" ", "")
        handle = handle if handle.isascii() else f"guest.{language}"
        if chance.random() < 0.85:
            mails.append((number, 0, f"{handle}{number}@{chance.choice(_MAILS)}"))
        if chance.random() < 0.8:
            phones.append((number, 0, f"{_PHONES.get(country, '+9715')}{chance.randrange(10**8):08}"))
        for channel in ("mail", "sms", "newsletter"):
            if chance.random() < 0.4:
                consents.append((number, channel, chance.random() < 0.8, "2026-01-02", "form", _NOW))
        for attribute in range(1, len(ATTRIBUTES) + 1):
            if chance.random() < 0.02 * attribute:
                tags.append((number, attribute, _NOW))
    driver.executemany(
        "INSERT INTO attribute (id, name, folded, created_at, version) VALUES (?, ?, ?, ?, 1)",
        [(place, name, name.lower(), _NOW) for place, name in enumerate(ATTRIBUTES, 1)],
    )
    columns = "id, kind, surname, given, folded, language, country, nationality, city, birth_date, passport_expiry"
    columns += (
        ", reference, created_at, updated_at, archived_at, street, postcode, region, document, passport, tax_number"
    )
    driver.executemany(
        f"INSERT INTO guest ({columns}, remarks, version) VALUES ({', '.join('?' * 15)}, '', '', '', '', '', '', '', 1)",
        guests,
    )
    driver.executemany(
        "INSERT INTO guest_email (guest_id, position, address, folded, label) VALUES (?1, ?2, ?3, ?3, '')", mails
    )
    driver.executemany("INSERT INTO guest_phone (guest_id, position, number, label) VALUES (?, ?, ?, '')", phones)
    driver.executemany(
        "INSERT INTO consent (guest_id, channel, given, day, source, at) VALUES (?, ?, ?, ?, ?, ?)", consents
    )
    driver.executemany("INSERT INTO guest_attribute (guest_id, attribute_id, at) VALUES (?, ?, ?)", tags)
    _book(driver, chance, [row[0] for row in guests if row[1] == "person"], count)


def _people(chance: random.Random, count: int) -> Iterator[tuple[Any, ...]]:
    languages = [*_SCRIPTS]
    parts = {code: tuple(text.split() for text in values[1:]) for code, values in _SCRIPTS.items()}
    for number in range(count):
        language = chance.choices(languages, _WEIGHTS)[0]
        begins, ends, givens, cities = parts[language]
        country = _SCRIPTS[language][0]
        surname = chance.choice(begins) + chance.choice(ends)
        if chance.random() < 0.3:
            surname += f"{' ' if language == 'es' else '-'}{chance.choice(begins)}{chance.choice(ends)}"
        given = chance.choice(givens)
        kind = "company" if chance.random() < 0.06 else "person"
        if kind == "company":
            surname, given = f"{surname} {chance.choice(_FIRMS)}", ""
        folded = " ".join(fold_text(f"{surname} {given}").split())
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(25_000))
        expiry = date(2026, 1, 1) + timedelta(days=chance.randrange(3650))
        birth = born.isoformat() if kind == "person" and chance.random() < 0.5 else None
        passport = expiry.isoformat() if chance.random() < 0.2 else None
        reference = f"R{number:07}" if chance.random() < 0.3 else ""
        yield (
            kind,
            surname,
            given,
            folded,
            language,
            country,
            country,
            chance.choice(cities),
            birth,
            passport,
            reference,
        )


def _book(driver: Any, chance: random.Random, persons: list[int], count: int) -> None:
    """Half as many reservations as guests; the property's rooms and trips."""
    rows, guests = [], []
    for number in range(1, count // 2 + 1):
        arrival = date(2022, 1, 1) + timedelta(days=chance.randrange(2000))
        place = chance.choice(PLACES)
        leaves = (arrival + timedelta(days=chance.randrange(1, 15))).isoformat()
        status = chance.choice(["confirmed", "completed", "completed", "cancelled"])
        value = chance.randrange(5_000, 900_000)
        rows.append(
            (
                number,
                f"B{number}",
                status,
                place,
                fold_text(place),
                arrival.isoformat(),
                leaves,
                value,
                "EUR",
                _NOW,
                _NOW,
            )
        )
        for position, guest in enumerate(chance.sample(persons, chance.choice([1, 1, 2]))):
            guests.append((number, guest, position == 0))
    driver.executemany(
        "INSERT INTO reservation (id, code, status, destination, folded_destination, arrival, departure, value, currency, "
        "created_at, updated_at, reference, channel, product, room, remarks, version) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 'direct', '', '', '', 1)",
        rows,
    )
    driver.executemany("INSERT INTO reservation_guest (reservation_id, guest_id, holder) VALUES (?, ?, ?)", guests)
