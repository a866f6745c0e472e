"""The search language of SPEC §14: words, "phrases", prefixes, fields; what is wrong is said with its place."""

import re
from dataclasses import dataclass, field
from datetime import date

from crm_tui.rules.vocabulary import Channel, InquiryStatus

TEXT_FIELDS = ("from", "to", "subject", "body", "file", "guest")
VALUE_FIELDS = ("in", "is", "has", "agent", "attr", "channel", "status", "code", "before", "after")
ALIASES = {"handler": "agent", "attribute": "attr"}
CHANNELS = tuple(channel.value for channel in Channel)
OPEN, SHUT = "open", "closed"
STATUSES = (*(status.value for status in InquiryStatus), OPEN, SHUT)
"""Of inquiries; the last two mean any that is still handled, and any that is not."""

STATES = ("unanswered", "answered", "unread", "read", "starred", "snoozed")

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<close>"?)|(?P<word>\S+))?')


@dataclass(frozen=True, slots=True)
class Problem(Exception):
    """A wrong query: what is wrong, and the half-open range of the query that it concerns.

    ``kind`` is ``field``, ``value``, ``date``, ``quote`` or ``empty``; ``word`` is the part in question; ``known`` are the
    values that would do. The desk words the sentence.
    """

    kind: str
    start: int
    end: int
    word: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """Text to find: in one field, or anywhere (``field`` empty); ``exclude`` turns it round; ``prefix`` matches beginnings."""

    text: str
    field: str = ""
    phrase: bool = False
    prefix: bool = False
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``before`` is exclusive, ``after`` inclusive: days in the property's zone.

    ``guests`` are the terms of ``guest:``, which ask who it is about instead of what it says. ``excluded`` are the values
    turned round by a minus: pairs of a field of :data:`VALUE_FIELDS` and what follows it. ``spans`` says where in the query
    a value stands, ``unfinished`` is the field and value that are still being typed; neither changes what is asked.
    """

    terms: tuple[Term, ...] = ()
    guests: tuple[Term, ...] = ()
    places: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    attachment: bool = False
    before: date | None = None
    after: date | None = None
    excluded: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[str, str, int, int], ...] = field(default=(), compare=False)
    unfinished: tuple[str, str] | None = field(default=None, compare=False)

    def span(self, name: str, value: str) -> tuple[int, int]:
        """Where a value of a field stands in the query, half-open; the beginning if it does not."""
        return next(((start, end) for one, said, start, end in self.spans if (one, said) == (name, value)), (0, 0))

    def named(self, name: str) -> tuple[str, ...]:
        """All values that the query names for ``agent`` or ``attr``, wanted or not."""
        wanted = {"agent": self.agents, "attr": self.attributes}[name]
        return (*wanted, *(value for one, value in self.excluded if one == name))

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing at all."""
        return self == Query()


LIVE_PREFIX = 3
"""From how many letters on the word being typed is a beginning; shorter ones are whole words until they are finished."""


def parse_query(text: str, places: tuple[str, ...], *, live: bool = False) -> Query:
    """Parse a search.

    Args:
        text: what was typed.
        places: names that ``in:`` knows; compared without case.
        live: it is still being typed, so the last word is a beginning and an unclosed quote is no mistake.

    Raises:
        Problem: something is wrong with it.
    """
    reader = _Reader(text, places)
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        assert match is not None  # every part of the pattern is optional
        position = max(match.end(), position + 1)
        reader.take(match, typing=live and position >= len(text))
    return reader.query()


class _Reader:
    """Collects what the parts of one query ask for."""

    def __init__(self, text: str, places: tuple[str, ...]) -> None:
        self._text = text
        self._known = {
            "in": places,
            "is": STATES,
            "has": ("attachment",),
            "channel": CHANNELS,
            "status": STATUSES,
        }
        self._terms: list[Term] = []
        self._values: dict[str, list[str]] = {name: [] for name in VALUE_FIELDS}
        self._excluded: list[tuple[str, str]] = []
        self._spans: list[tuple[str, str, int, int]] = []
        self._unfinished: tuple[str, str] | None = None
        self._before: list[date] = []
        self._after: list[date] = []

    def query(self) -> Query:
        """What was collected; of several days the narrower one holds."""
        return Query(
            terms=tuple(term for term in self._terms if term.field != "guest"),
            guests=tuple(term for term in self._terms if term.field == "guest"),
            places=tuple(self._values["in"]),
            states=tuple(self._values["is"]),
            agents=tuple(self._values["agent"]),
            attributes=tuple(self._values["attr"]),
            channels=tuple(self._values["channel"]),
            statuses=tuple(self._values["status"]),
            codes=tuple(self._values["code"]),
            attachment=bool(self._values["has"]),
            before=min(self._before, default=None),
            after=max(self._after, default=None),
            excluded=tuple(self._excluded),
            spans=tuple(self._spans),
            unfinished=self._unfinished,
        )

    def take(self, match: re.Match[str], *, typing: bool) -> None:
        """Take one part of the query; ``typing`` if the cursor is still in it."""
        name, start, end = (match["field"] or "").lower(), match.start(), match.end()
        phrase = match["phrase"] is not None
        value = match["phrase"] if phrase else (match["word"] or "")
        name = ALIASES.get(name, name)
        if phrase and not match["close"] and not typing:
            raise Problem("quote", match.start("phrase") - 1, end, value)
        if name and name not in (*TEXT_FIELDS, *VALUE_FIELDS):
            if not value.startswith("//"):  # an address of the web is a word, not a field
                raise Problem("field", match.start("field"), match.end("field"), name, (*TEXT_FIELDS, *VALUE_FIELDS))
            name, value = "", f"{match['field']}:{value}"
        if not value.strip():
            if name and not typing:
                raise Problem("empty", start, end, name)
            return
        if name in VALUE_FIELDS:
            span = (match.start("phrase" if phrase else "word"), end)
            self._take_value(name, value, span, typing=typing, exclude=bool(match["minus"]))
            return
        starred = value.endswith("*") and not phrase
        prefix = starred or (typing and not phrase and len(value) >= LIVE_PREFIX)
        value = value.rstrip("*") if starred else value
        if value:
            self._terms.append(Term(value, name, phrase, prefix, bool(match["minus"])))

    def _take_value(self, name: str, value: str, span: tuple[int, int], *, typing: bool, exclude: bool) -> None:
        if name in {"before", "after"}:
            self._take_day(name, value, span, typing=typing, exclude=exclude)
            return
        known = self._known.get(name)
        chosen = value
        if known is not None:
            found = _meant(value, known, abbreviated=name in _ABBREVIATED)
            if found is None:
                if typing and any(one.casefold().startswith(value.casefold()) for one in known):
                    return
                raise Problem("value", *span, value, known)
            chosen = found
        self._spans.append((name, chosen, *span))
        if typing:
            self._unfinished = (name, chosen)
        if exclude:
            self._excluded.append((name, chosen))
        else:
            self._values[name].append(chosen)

    def _take_day(self, name: str, value: str, span: tuple[int, int], *, typing: bool, exclude: bool) -> None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            if typing:
                return
            raise Problem("date", *span, value) from None
        # Not before a day is from that day on, and the other way round.
        (self._before if (name == "before") != exclude else self._after).append(day)


_ABBREVIATED = ("channel", "status")
_BETWEEN = re.compile(r"[\s._-]+")


def _meant(value: str, known: tuple[str, ...], *, abbreviated: bool) -> str | None:
    """The known value that is meant, whatever its case; where it may be abbreviated also by a beginning that only one has."""
    folded = value.casefold()
    for name in known:
        if name.casefold() == folded:
            return name
    if not abbreviated:
        return None
    plain = _BETWEEN.sub("", folded)
    fitting = [name for name in known if _BETWEEN.sub("", name.casefold()).startswith(plain)]
    return fitting[0] if len(fitting) == 1 and plain else None
