"""Turns a written scenario into the mails of one conversation: people, days and prices filled in, quoted, threaded."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm_tui.demo import phrases
from crm_tui.demo.attachments import pdf, png
from crm_tui.demo.mime import Draft, build, charset_of, html_of, html_of_markdown, quote
from crm_tui.demo.people import AGENTS, HOTEL_ADDRESS, HOTEL_DOMAIN, HOTEL_NAME, HOTEL_ZONE, Person
from crm_tui.demo.scenarios import Scenario

SEEN, ANSWERED, FLAGGED = "\\Seen", "\\Answered", "\\Flagged"
INBOX, SENT = "INBOX", "Sent"
HOTEL = (HOTEL_NAME, HOTEL_ADDRESS)


@dataclass(frozen=True, slots=True)
class SampleMail:
    """One mail on the sample server: IMAP folder, arrival (UTC), flags, message id without brackets, source."""

    folder: str
    instant: datetime
    flags: tuple[str, ...]
    message_id: str
    raw: bytes


@dataclass(slots=True)
class SampleConversation:
    """One conversation and where the desk should put it: triage folder, assignee, *no answer needed*, star."""

    folder: str
    language: str
    guest: str
    mails: list[SampleMail] = field(default_factory=list)
    assignee: str = ""
    no_answer: bool = False
    starred: bool = False


@dataclass(slots=True)
class Thread:
    """What is known of the conversation while its mails are written."""

    key: str
    person: Person
    subject: str
    values: dict[str, str]
    rng: random.Random
    references: list[str] = field(default_factory=list)
    quoted: str = ""


def message_id(key: str, number: int, domain: str) -> str:
    """A message id, without brackets, that depends on the conversation's key and the place in it only."""
    return f"{hashlib.sha256(f'{key}/{number}'.encode()).hexdigest()[:20]}@{domain}"


def values(person: Person, now: datetime, rng: random.Random) -> dict[str, str]:
    """Days, prices and references of one stay; the stay begins one to eighteen weeks after ``now``."""
    nights = rng.choice((2, 3, 4, 5, 7, 7, 10, 14))
    arrive = (now + timedelta(days=rng.randrange(6, 130))).date()
    price = rng.randrange(84, 240)
    return {
        "name": person.name,
        "first": person.first,
        "company": person.company,
        "agent": rng.choice(AGENTS),
        "arrive": phrases.day(person.language, arrive),
        "leave": phrases.day(person.language, arrive + timedelta(days=nights)),
        "nights": str(nights),
        "stay": f"{nights} {'noce' if nights in (2, 3, 4) else 'nocy'}",
        "price": str(price),
        "total": str(price * nights),
        "deposit": str(round(price * nights * 0.3, -1)).removesuffix(".0"),
        "room": str(rng.choice((1, 2, 3, 4)) * 100 + rng.randrange(1, 25)),
        "ref": f"MIR-{rng.randrange(1000, 9999)}",
        "invoice": f"{rng.randrange(100000, 999999)}",
        "time": f"{rng.choice((21, 22, 23)):02d}:{rng.choice((5, 15, 25, 40, 55)):02d}",
        "flight": f"{rng.choice(('VY', 'LO', 'AF', 'FR', 'UX', 'U2'))}{rng.randrange(1000, 8999)}",
    }


def conversation(
    scenario: Scenario, person: Person, *, key: str, last: datetime, turns: int, now: datetime
) -> SampleConversation:
    """The first ``turns`` messages of a scenario, the last of them at the instant ``last``."""
    rng = random.Random(f"{key}/{scenario.language}/{scenario.name}")
    filled = values(person, now, rng)
    thread = Thread(key, person, scenario.subject.format(**filled), filled, rng)
    chosen = scenario.turns[:turns]
    instants = _instants([turn.by for turn in chosen], last, rng)
    result = SampleConversation(folder=scenario.ends, language=person.language, guest=person.address)
    for number, (turn, instant) in enumerate(zip(chosen, instants, strict=True)):
        answered = number + 1 < len(chosen)
        make = _from_guest if turn.by == "guest" else _from_hotel
        draft = make(thread, turn.text.format(**filled), instant, number)
        if scenario.attach and number == next(i for i, t in enumerate(scenario.turns) if t.by == scenario.attach_by):
            draft.files.append(_file(scenario.attach.format(**filled), filled, rng))
        flags = (SEEN, ANSWERED) if answered and turn.by == "guest" else (SEEN,)
        folder = INBOX if turn.by == "guest" else SENT
        result.mails.append(SampleMail(folder, instant, flags, draft.message_id, build(draft)))
    return result


def _instants(writers: list[str], last: datetime, rng: random.Random) -> list[datetime]:
    instants = [last]
    for writer in reversed(writers[1:]):
        gap = rng.uniform(15, 9 * 60) if writer == "hotel" else rng.uniform(40, 40 * 60)
        instants.append(instants[-1] - timedelta(minutes=gap))
    return [instant.replace(microsecond=0) for instant in reversed(instants)]


def _from_guest(thread: Thread, text: str, instant: datetime, number: int) -> Draft:
    person, rng = thread.person, thread.rng
    hello = rng.choice(phrases.GUEST_HELLO[person.language])
    bye = rng.choice(phrases.GUEST_BYE[person.language])
    body = f"{hello}\n\n{text}\n\n{bye}\n{person.name}\n"
    if person.client.startswith("iPhone"):
        body += "\n-- \nEnviado desde mi iPhone\n" if person.language == "es" else "\n-- \niPhone\n"
    draft = _draft(thread, (person.name, person.address), HOTEL, body, instant, number)
    draft.headers["X-Mailer"] = person.client
    draft.charset = charset_of(person.client, person.language)
    draft.html = html_of(body, person.client, thread.quoted)
    _close(thread, draft, body, person.name, instant)
    return draft


def _from_hotel(thread: Thread, text: str, instant: datetime, number: int) -> Draft:
    person = thread.person
    hello = phrases.HOTEL_HELLO[person.language].format(first=person.first)
    closing = f"{phrases.HOTEL_BYE[person.language]}\n{thread.values['agent']}"
    body = f"{hello}\n\n{text}\n\n{closing}\n\n-- \n{phrases.SIGNATURE}\n"
    draft = _draft(thread, HOTEL, (person.name, person.address), body, instant, number)
    if thread.rng.random() < 0.12:
        # answered on the way, from a telephone: the desk finds such a reply in Sent
        draft.headers["X-Mailer"] = "Apple Mail (iPhone)"
    else:
        draft.html = html_of_markdown(body)
    _close(thread, draft, body, HOTEL_NAME, instant)
    return draft


def _draft(
    thread: Thread, sender: tuple[str, str], to: tuple[str, str], body: str, instant: datetime, number: int
) -> Draft:
    domain = HOTEL_DOMAIN if sender == HOTEL else sender[1].partition("@")[2]
    prefix = thread.rng.choice(phrases.REPLY[thread.person.language]) if number else ""
    return Draft(
        sender=sender,
        to=[to],
        subject=prefix + thread.subject,
        text=body + (f"\n{thread.quoted}\n" if thread.quoted else ""),
        date=instant.astimezone(ZoneInfo(HOTEL_ZONE)),
        message_id=message_id(thread.key, number, domain),
        in_reply_to=thread.references[-1] if thread.references else "",
        references=list(thread.references),
    )


def _close(thread: Thread, draft: Draft, body: str, name: str, instant: datetime) -> None:
    line = phrases.wrote(thread.person.language, name, instant.astimezone(ZoneInfo(HOTEL_ZONE)))
    thread.quoted = quote(body + (f"\n{thread.quoted}" if thread.quoted else ""), line)
    thread.references.append(draft.message_id)


def _file(attach: str, filled: dict[str, str], rng: random.Random) -> tuple[str, str, bytes]:
    kind, _, name = attach.partition(":")
    if kind == "png":
        return name, "image/png", png(rng)
    lines = [
        f"{filled['name']} - {filled['company']}",
        f"Ref. {filled['ref']}",
        f"Total: {filled['total']} €",
        f"Deposit: {filled['deposit']} €",
    ]
    return name, "application/pdf", pdf(name.rsplit(".", 1)[0], lines)
