"""The morning of the sample hotel: what came in since the evening before, unread and unanswered in the Inbox."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from crm_tui.demo import people, specials
from crm_tui.demo.conversations import SampleConversation, conversation
from crm_tui.demo.scenarios import LANGUAGES, Scenario, overnight, scenarios
from crm_tui.demo.specials import Special

WAITING = 40
"""How many wait for an answer, at a hotel of full size."""
_HOURS = 14
_THANKS = "thanks"
_ODD: tuple[Special, ...] = (specials.relay, specials.spam, specials.order, specials.spam)
_BESIDE: tuple[Special, ...] = (specials.newsletter, specials.portal, specials.newsletter, specials.portal)
_ORDINARY = 2.5
"""Of so many guests' mails one is of the kind that comes every day: an invoice, a late arrival, a dog."""


def new_mail(now: datetime, key: str, waiting: int) -> list[SampleConversation]:
    """``waiting`` conversations that wait for an answer, and automatic mail beside; the same for the same key and instant."""
    rng = random.Random(f"morning/{key}")
    made = [*_guests(now, key, rng, waiting - min(len(_ODD), waiting // 10)), *_odd(now, key, rng, waiting)]
    return [_unread(item) for item in made]


def _guests(now: datetime, key: str, rng: random.Random, many: int) -> Iterator[SampleConversation]:
    for number, scenario in enumerate(_dealt(rng, many)):
        guest = people.person(scenario.language, rng)
        yield conversation(scenario, guest, key=f"{key}/morning/{number}", last=now - _age(rng), turns=1, now=now)


def _dealt(rng: random.Random, many: int) -> list[Scenario]:
    """The mails written for a morning, then what comes every day, in all languages alike; nothing twice."""
    written = [scenario for language in LANGUAGES for scenario in overnight(language)]
    daily = [scenario for language in LANGUAGES for scenario in scenarios(language)]
    thanks = [scenario for scenario in daily if len(scenario.turns) == 1]
    daily = [scenario for scenario in daily if len(scenario.turns) > 1]
    for pile in (written, daily, thanks):
        rng.shuffle(pile)
    grateful = thanks[: many // 18]
    return (written[: many - round(many / _ORDINARY)] + grateful + daily)[:many]


def _odd(now: datetime, key: str, rng: random.Random, waiting: int) -> Iterator[SampleConversation]:
    """What no guest wrote, all of it different."""
    known: set[bytes] = set()
    numbers = count()
    for make in (*_ODD[: waiting // 10], *_BESIDE[: waiting // 10]):
        for number in numbers:
            item = make(f"{key}/morning/{make.__name__}/{number}", (now - _age(rng)).replace(microsecond=0), rng)
            subject = _subject(item.mails[-1].raw)
            if subject not in known:
                known.add(subject)
                yield item
                break


def _subject(raw: bytes) -> bytes:
    start = raw.index(b"\r\nSubject: ")
    return raw[start : raw.index(b"\r\n", start + 2)]


def _age(rng: random.Random) -> timedelta:
    return timedelta(minutes=rng.uniform(4, _HOURS * 60))


def _unread(item: SampleConversation) -> SampleConversation:
    item.folder, item.no_answer, item.assignee = "Inbox", False, ""
    item.mails[-1] = replace(item.mails[-1], flags=())
    return item
