"""Simple mail in any number for large trials: written conversations repeated with other people, ids and dates."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm_tui.demo.conversations import SampleMail, conversation
from crm_tui.demo.people import HOTEL_ZONE, Person, ascii_name, person
from crm_tui.demo.scenarios import LANGUAGES, scenarios

_FIRST, _LAST = "Qqfirst", "Qqlast"
_ADDRESS = "qqfirst.qqlast@bulk.example"
_YEARS = 3


@dataclass(frozen=True, slots=True)
class _Template:
    """A conversation's mails and the ids in them."""

    language: str
    mails: tuple[SampleMail, ...]
    dates: tuple[bytes, ...]


def bulk_mails(now: datetime, seed: int, count: int) -> Iterator[SampleMail]:
    """``count`` mails, oldest first, over the three years that end ninety days before ``now``."""
    templates = list(_templates(now))
    rng = random.Random(f"bulk/{seed}")
    start = now - timedelta(days=365 * _YEARS + 90)
    step = timedelta(days=365 * _YEARS) / max(1, count)
    made = 0
    for number in itertools.count():
        template = templates[rng.randrange(len(templates))]
        for mail in _variant(template, f"{seed}/{number}", start + made * step, rng):
            if made == count:
                return
            made += 1
            yield mail


def _templates(now: datetime) -> Iterator[_Template]:
    for language in LANGUAGES:
        someone = Person(_FIRST, _LAST, _ADDRESS, language, "iPhone Mail (22B83)", "Bulk SL")
        for scenario in scenarios(language):
            if scenario.attach:
                continue
            made = conversation(scenario, someone, key="bulk", last=now, turns=len(scenario.turns), now=now)
            mails = tuple(made.mails)
            yield _Template(language, mails, tuple(_date_line(mail.raw) for mail in mails))


def _date_line(raw: bytes) -> bytes:
    start = raw.index(b"\r\nDate: ")
    return raw[start : raw.index(b"\r\n", start + 2)]


def _variant(template: _Template, key: str, when: datetime, rng: random.Random) -> Iterator[SampleMail]:
    someone = person(template.language, rng)
    first, last = (ascii_name(part).title().encode() for part in (someone.first, someone.last))
    address = f"{ascii_name(someone.first)}.{ascii_name(someone.last)}{rng.randrange(10**5)}@bulk.example".encode()
    ids = {
        mail.message_id: hashlib.sha256(f"{key}/{mail.message_id}".encode()).hexdigest()[:20]
        + mail.message_id[mail.message_id.index("@") :]
        for mail in template.mails
    }
    for number, (mail, date) in enumerate(zip(template.mails, template.dates, strict=True)):
        instant = when + timedelta(hours=3 * number)
        raw = mail.raw.replace(date, f"\r\nDate: {instant.astimezone(_ZONE):%a, %d %b %Y %H:%M:%S %z}".encode(), 1)
        raw = raw.replace(_ADDRESS.encode(), address).replace(_FIRST.encode(), first).replace(_LAST.encode(), last)
        for before, after in ids.items():
            raw = raw.replace(before.encode(), after.encode())
        yield SampleMail(mail.folder, instant, mail.flags, ids[mail.message_id], raw)


_ZONE = ZoneInfo(HOTEL_ZONE)
