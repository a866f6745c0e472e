"""The search language of SPEC §14: words, "phrases", prefixes, fields; what is wrong is said with its place."""

import re
from dataclasses import dataclass
from datetime import date

TEXT_FIELDS = ("from", "to", "subject", "body", "file")
VALUE_FIELDS = ("in", "is", "has", "agent", "before", "after")
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

    ``excluded`` are the values turned round by a minus: pairs of ``in``, ``is``, ``has`` or ``agent`` and what follows it.
    """

    terms: tuple[Term, ...] = ()
    places: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    attachment: bool = False
    before: date | None = None
    after: date | None = None
    excluded: tuple[tuple[str, str], ...] = ()

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
        self._known = {"in": places, "is": STATES, "has": ("attachment",)}
        self._terms: list[Term] = []
        self._values: dict[str, list[str]] = {"in": [], "is": [], "has": [], "agent": []}
        self._excluded: list[tuple[str, str]] = []
        self._before: list[date] = []
        self._after: list[date] = []

    def query(self) -> Query:
        """What was collected; of several days the narrower one holds."""
        return Query(
            terms=tuple(self._terms),
            places=tuple(self._values["in"]),
            states=tuple(self._values["is"]),
            agents=tuple(self._values["agent"]),
            attachment=bool(self._values["has"]),
            before=min(self._before, default=None),
            after=max(self._after, default=None),
            excluded=tuple(self._excluded),
        )

    def take(self, match: re.Match[str], *, typing: bool) -> None:
        """Take one part of the query; ``typing`` if the cursor is still in it."""
        field, start, end = (match["field"] or "").lower(), match.start(), match.end()
        phrase = match["phrase"] is not None
        value = match["phrase"] if phrase else (match["word"] or "")
        if phrase and not match["close"] and not typing:
            raise Problem("quote", match.start("phrase") - 1, end, value)
        if field and field not in (*TEXT_FIELDS, *VALUE_FIELDS):
            if not value.startswith("//"):  # an address of the web is a word, not a field
                raise Problem("field", match.start("field"), match.end("field"), field, (*TEXT_FIELDS, *VALUE_FIELDS))
            field, value = "", f"{match['field']}:{value}"
        if not value.strip():
            if field and not typing:
                raise Problem("empty", start, end, field)
            return
        if field in VALUE_FIELDS:
            span = (match.start("phrase" if phrase else "word"), end)
            self._take_value(field, value, span, typing=typing, exclude=bool(match["minus"]))
            return
        starred = value.endswith("*") and not phrase
        prefix = starred or (typing and not phrase and len(value) >= LIVE_PREFIX)
        value = value.rstrip("*") if starred else value
        if value:
            self._terms.append(Term(value, field, phrase, prefix, bool(match["minus"])))

    def _take_value(self, field: str, value: str, span: tuple[int, int], *, typing: bool, exclude: bool) -> None:
        if field in {"before", "after"}:
            self._take_day(field, value, span, typing=typing, exclude=exclude)
            return
        known = self._known.get(field)
        chosen = value
        if known is not None:
            found = next((name for name in known if name.casefold() == value.casefold()), None)
            if found is None:
                if typing and any(name.casefold().startswith(value.casefold()) for name in known):
                    return
                raise Problem("value", *span, value, known)
            chosen = found
        if exclude:
            self._excluded.append((field, chosen))
        else:
            self._values[field].append(chosen)

    def _take_day(self, field: str, value: str, span: tuple[int, int], *, typing: bool, exclude: bool) -> None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            if typing:
                return
            raise Problem("date", *span, value) from None
        # Not before a day is from that day on, and the other way round.
        (self._before if (field == "before") != exclude else self._after).append(day)
