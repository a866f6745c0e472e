"""The client base of the sample hotel as written down in ``texts/guests.txt``.

A client begins with ``[reference] surname, given``; the lines after it begin with a word:

``is`` language, nationality, ``born`` day, ``since`` days ago, and ``company``, ``archived`` or ``tax`` number; ``at`` street;
postcode; city; country; ``mail`` and ``phone`` with labels; ``passport`` number and expiry, a day or ``+`` days from today;
``tags``; ``ok`` and ``no``: a channel, days ago, how it was said; ``event`` days ago, type, text; ``memo``; ``remarks``;
``person``: a company's contact by reference and what they do there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources


@dataclass(frozen=True, slots=True)
class Said:
    """What a client said about a channel, so many days ago."""

    channel: str
    given: bool
    ago: int
    source: str


@dataclass(slots=True)
class Client:
    """One person or company; ``fields`` are columns of a guest, ``since`` is days ago."""

    fields: dict[str, object]
    since: int = 0
    archived: bool = False
    emails: list[tuple[str, str]] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    consents: list[Said] = field(default_factory=list)
    events: list[tuple[int, str, str]] = field(default_factory=list)
    memos: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """The key in the hotel's old system."""
        return str(self.fields["reference"])


def clients(today: date) -> list[Client]:
    """All of them in the order written; days are counted from ``today``."""
    text = resources.files("crm_tui.demo").joinpath("texts", "guests.txt").read_text(encoding="utf-8")
    return [_client(lines, today) for lines in _blocks(text)]


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.splitlines():
        if line.startswith("[") and block:
            yield block
            block = []
        if line and not line.startswith("#"):
            block.append(line)
    yield block


def _client(lines: list[str], today: date) -> Client:
    reference, _end, name = lines[0].removeprefix("[").partition("] ")
    surname, _comma, given = name.partition(", ")
    made = Client({"reference": reference, "kind": "person", "surname": surname, "given": given})
    for line in lines[1:]:
        word, _space, rest = line.partition(" ")
        _read(made, word, rest, today)
    return made


def _read(made: Client, word: str, rest: str, today: date) -> None:
    match word:
        case "is":
            _about(made, rest.split())
        case "at":
            made.fields |= zip(("street", "postcode", "city", "country"), rest.split("; "), strict=True)
        case "mail" | "phone":
            kept = made.emails if word == "mail" else made.phones
            kept += [(item, label) for item, _space, label in (part.partition(" ") for part in rest.split(", "))]
        case "passport":
            number, expiry = rest.split()
            until = today + timedelta(days=int(expiry)) if expiry.startswith("+") else date.fromisoformat(expiry)
            made.fields |= {"passport": number, "passport_expiry": until}
        case "tags":
            made.tags += rest.split(", ")
        case "ok" | "no":
            channel, ago, source = rest.split(" ", 2)
            made.consents.append(Said(channel, word == "ok", int(ago), source))
        case "event":
            made.events.append(_event(rest))
        case "memo":
            made.memos.append(rest)
        case "remarks":
            made.fields["remarks"] = rest
        case "person":
            reference, _space, role = rest.partition(" ")
            made.contacts.append((reference, role))
        case _:
            raise ValueError(word)


_LONG_KINDS = ("payment reminder", "flight info")


def _event(rest: str) -> tuple[int, str, str]:
    ago, _space, told = rest.partition(" ")
    kind = next((one for one in _LONG_KINDS if told.startswith(one)), told.split(" ", 1)[0])
    return int(ago), kind, told.removeprefix(kind).strip()


def _about(made: Client, words: list[str]) -> None:
    made.fields["language"] = words[0]
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "born":
                made.fields["birth_date"] = date.fromisoformat(next(rest))
            case "since":
                made.since = int(next(rest))
            case "company":
                made.fields["kind"] = "company"
            case "archived":
                made.archived = True
            case "tax":
                made.fields["tax_number"] = next(rest)
            case _:
                made.fields["nationality"] = word
