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
    """A parsed query. ``before`` is exclusive, ``after`` inclusive: days in the property's zone."""

    terms: tuple[Term, ...] = ()
    places: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    attachment: bool = False
    before: date | None = None
    after: date | None = None

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing at all."""
        return self == Query()


def parse_query(text: str, places: tuple[str, ...], *, live: bool = False) -> Query:
    """Parse a search.

    Args:
        text: what was typed.
        places: names that ``in:`` knows; compared without case.
        live: it is still being typed, so the last word is a beginning and an unclosed quote is no mistake.

    Raises:
        Problem: something is wrong with it.
    """
    found: dict[str, list[object]] = {
        name: [] for name in ("terms", "places", "states", "agents", "attachment", "before", "after")
    }
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        assert match is not None  # every part of the pattern is optional
        end = max(match.end(), position + 1)
        _take(found, match, text, live and end >= len(text), places)
        position = end
    return Query(
        terms=tuple(t for t in found["terms"] if isinstance(t, Term)),
        places=tuple(str(p) for p in found["places"]),
        states=tuple(str(s) for s in found["states"]),
        agents=tuple(str(a) for a in found["agents"]),
        attachment=bool(found["attachment"]),
        before=next((d for d in reversed(found["before"]) if isinstance(d, date)), None),
        after=next((d for d in reversed(found["after"]) if isinstance(d, date)), None),
    )


def _take(
    found: dict[str, list[object]], match: re.Match[str], text: str, typing: bool, places: tuple[str, ...]
) -> None:
    field, start, end = (match["field"] or "").lower(), match.start(), match.end()
    phrase = match["phrase"] is not None
    value = match["phrase"] if phrase else (match["word"] or "")
    if phrase and not match["close"] and not typing:
        raise Problem("quote", match.start("phrase") - 1, end, value)
    if field and field not in (*TEXT_FIELDS, *VALUE_FIELDS):
        if value.startswith("//"):  # an address of the web is a word, not a field
            field, value = "", f"{match['field']}:{value}"
        else:
            raise Problem("field", match.start("field"), match.end("field"), field, (*TEXT_FIELDS, *VALUE_FIELDS))
    if not value.strip():
        if field and not typing:
            raise Problem("empty", start, end, field)
        return
    if field in VALUE_FIELDS:
        _take_value(found, field, value, (match.start("phrase" if phrase else "word"), end), typing, places)
        return
    starred = value.endswith("*") and not phrase
    prefix = starred or (typing and not phrase and not text[-1:].isspace())
    value = value.rstrip("*") if starred else value
    if value:
        found["terms"].append(Term(value, field, phrase, prefix, bool(match["minus"])))


def _take_value(
    found: dict[str, list[object]], field: str, value: str, span: tuple[int, int], typing: bool, places: tuple[str, ...]
) -> None:
    known = {"in": places, "is": STATES, "has": ("attachment",)}.get(field)
    if known is not None:
        chosen = next((name for name in known if name.casefold() == value.casefold()), None)
        if chosen is None:
            if typing and any(name.casefold().startswith(value.casefold()) for name in known):
                return
            raise Problem("value", *span, value, known)
        found[{"in": "places", "is": "states", "has": "attachment"}[field]].append(chosen)
    elif field == "agent":
        found["agents"].append(value)
    else:
        try:
            found[field].append(date.fromisoformat(value))
        except ValueError:
            if not typing:
                raise Problem("date", *span, value) from None
