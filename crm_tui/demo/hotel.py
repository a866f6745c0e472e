"""The sample hotel's mail: about 300 conversations, the same for the same seed and instant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from crm_tui.demo import morning, people, specials
from crm_tui.demo.conversations import FLAGGED, INBOX, SEEN, SampleConversation, conversation
from crm_tui.demo.scenarios import LANGUAGES, Scenario, scenarios

CONVERSATIONS = 300
_SHARED = 214
"""Of so many ordinary conversations the shares of the stages are."""
_WEIGHTS = {"es": 35, "pl": 25, "fr": 20, "en": 20}


class Deck:
    """Deals scenarios of a kind without repeating one before all others were dealt."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._piles: dict[tuple[str, str], list[Scenario]] = {}

    def deal(self, kind: str) -> Scenario:
        """A scenario for a stage: ``question``, ``offer``, ``answer``, ``Booked`` or ``Done``."""
        language = self._rng.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0]
        pile = self._piles.setdefault((language, kind), [])
        if not pile:
            pile.extend(scenario for scenario in scenarios(language) if _fits(scenario, kind))
            self._rng.shuffle(pile)
        return pile.pop()


def _fits(scenario: Scenario, kind: str) -> bool:
    if kind == "question":
        return len(scenario.turns) > 1
    if kind == "answer":
        return scenario.ends == "Booked" and len(scenario.turns) > 2
    if kind == "offer":
        return scenario.ends == "Waitlist" or (scenario.ends == "Booked" and len(scenario.turns) > 2)
    return scenario.ends == kind


def sample_hotel(now: datetime, seed: int = 1, count: int = CONVERSATIONS) -> list[SampleConversation]:
    """The conversations, newest first by their last mail; dates lie in the three months before ``now`` (aware)."""
    rng = random.Random(f"{seed}/{now.date().isoformat()}")
    key = f"{seed}/{now:%Y%m%d}"
    new = morning.new_mail(now, key, morning.WAITING * count // CONVERSATIONS)
    result = [*new, *_ordinary(now, key, rng, count - len(new)), *_special(now, key, rng, count)]
    return sorted(result, key=lambda item: item.mails[-1].instant, reverse=True)


def _ordinary(now: datetime, key: str, rng: random.Random, count: int) -> Iterator[SampleConversation]:
    deck = Deck(rng)
    specials_total = sum(share for _, share in specials.SHARES) * count // CONVERSATIONS
    for number, (stage, age) in enumerate(_stages(rng, max(0, count - specials_total))):
        scenario = deck.deal({"open": "question", "Waitlist": "offer", "answered": "answer"}.get(stage, stage))
        turns = {"open": 1, "Waitlist": 2, "answered": 3}.get(stage, len(scenario.turns))
        guest = people.person(scenario.language, rng)
        item = conversation(scenario, guest, key=f"{key}/{number}", last=now - age, turns=turns, now=now)
        yield _placed(item, stage, rng)


def _stages(rng: random.Random, count: int) -> Iterator[tuple[str, timedelta]]:
    """Where each conversation stands and how old its last mail is. The part of unanswered mail is what a day leaves."""
    shares = (("open", 13, 25, 3600), ("answered", 4, 8, 600), ("Waitlist", 36, 900, 14400))
    left = count
    for stage, share, low, high in shares:
        part = max(1, share * count // _SHARED)
        left -= part
        for _ in range(part):
            yield stage, timedelta(minutes=rng.uniform(low, high))
    for number in range(max(0, left)):
        stage = "Booked" if number % 5 < 2 else "Done"
        yield stage, timedelta(days=rng.uniform(1.5, 40 if stage == "Booked" else 88))


def _placed(item: SampleConversation, stage: str, rng: random.Random) -> SampleConversation:
    item.folder = {"open": "Inquiries", "answered": "Waitlist"}.get(stage, stage)
    last = item.mails[-1]
    if stage == "answered":
        item.mails[-1] = replace(last, flags=tuple(flag for flag in last.flags if flag != SEEN))
    elif rng.random() < 0.06:
        item.starred = True
        item.mails[-1] = replace(last, flags=(*last.flags, FLAGGED))
    if stage == "Done" and last.folder == INBOX:
        item.no_answer = True
    if stage in ("open", "Waitlist", "answered") and rng.random() < 0.7:
        item.assignee = rng.choice(people.AGENTS)
    return item


def _special(now: datetime, key: str, rng: random.Random, count: int) -> Iterator[SampleConversation]:
    for make, share in specials.SHARES:
        for number in range(share * count // CONVERSATIONS):
            waits = make in specials.WAITING
            age = timedelta(hours=rng.uniform(1, 70 if waits else 24 * 20))
            when = (now - age).replace(microsecond=0)
            yield make(f"{key}/{make.__name__}/{number}", when, rng)


def guests(conversations: list[SampleConversation]) -> dict[str, str]:
    """Language by address of everyone who can be written to."""
    return {
        item.guest: item.language
        for item in conversations
        if item.language in LANGUAGES and any(mail.folder == INBOX for mail in item.mails)
    }
