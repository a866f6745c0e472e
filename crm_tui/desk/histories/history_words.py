"""How histories speak: values of the journal as people read them, and the register of sentences.

A sentence has no subject: who did it stands beside it. So it needs no gender in any language.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any

from crm_tui import desk
from crm_tui.base.i18n import _, language
from crm_tui.mail.text import display_text

NOTHING = "–"
"""What stands for an empty value."""

LONGEST = 60
"""A value that is longer is cut in a sentence; its whole is shown when the entry is opened."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Names for the numbers of the journal, read once for a page.

    Attributes:
        agents, departments: id to name, as stored.
        things: (entity, id) to the thing's row as it is now.
        zone: of the property.
    """

    agents: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)
    things: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    zone: tzinfo = UTC


class Told(Mapping[str, Any]):
    """One side of a journal row, ``before`` or ``after``: a mapping of its columns that can also say them in words.

    Attributes:
        now: the columns of the thing as they are now; empty if it is not there any more.
        lookups: names for numbers.
    """

    def __init__(self, values: Mapping[str, Any] | None, now: Mapping[str, Any], lookups: Lookups) -> None:
        self._values = values or {}
        self.lookups = lookups
        self.now = now

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def agent(self, name: str) -> str:
        """An agent's name; *nobody* for none."""
        return agent_named(self.lookups, self.get(name))

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text on one line, cut."""
        return short(str(self.get(name) or ""), longest)

    def instant(self, name: str) -> str:
        """An instant in the property's zone."""
        value = self.get(name)
        return when(datetime.fromisoformat(value), self.lookups.zone) if value else NOTHING

    def day(self, name: str) -> str:
        """A day."""
        return day(self.get(name))

    def money(self, name: str) -> str:
        """An amount with its currency, which may have been left as it is."""
        currency = self.get(f"{name}_currency") or self.now.get(f"{name}_currency") or ""
        return money(self.get(name), str(currency))

    def seen_by(self, name: str = "scope") -> str:
        """Who may see it."""
        word = str(self.get(name) or "")
        if not word:
            return _("everyone")
        if word.startswith("a"):
            return _("{name} only").format(name=agent_named(self.lookups, _number(word)))
        name_of = self.lookups.departments.get(_number(word) or 0, "")
        return _("department {name}").format(name=display_text(name_of) or word[1:])


def agent_named(lookups: Lookups, number: Any) -> str:
    """An agent by number."""
    if number is None:
        return _("nobody")
    return display_text(lookups.agents.get(number, "")) or _("agent {number}").format(number=number)


def _number(word: str) -> int | None:
    return int(word[1:]) if word[1:].isdecimal() else None


def short(text: str, longest: int = LONGEST) -> str:
    """Foreign text on one line, cut."""
    line = " ".join(display_text(text[: 8 * longest]).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def day(value: Any) -> str:
    """A day in the agent's language."""
    if not value:
        return NOTHING
    from babel.dates import format_date

    locale = "en_GB" if language() == "en" else language()
    return str(format_date(date.fromisoformat(str(value)[:10]), "medium", locale=locale))


def when(at: datetime, zone: tzinfo) -> str:
    """An instant in the agent's language: day and minute."""
    local = at.astimezone(zone)
    return f"{day(local.date().isoformat())} {local:%H:%M}"


def money(amount: Any, currency: str) -> str:
    """An amount of minor units in the agent's language."""
    if amount is None:
        return NOTHING
    from babel.numbers import format_currency, get_currency_precision

    locale = "en_GB" if language() == "en" else language()
    value = Decimal(int(amount)).scaleb(-get_currency_precision(currency or "EUR"))
    return str(format_currency(value, currency, locale=locale)) if currency else str(value)


Says = Callable[[Told, Told], str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """How an action is told.

    Attributes:
        fn: makes the sentence of before and after; empty: it is not worth a word beside the others of its command.
        kind: of the entry.
        whole: the full text that Enter shows; None: the sentence.
    """

    fn: Says
    kind: str = "change"
    whole: Says | None = None


_SENTENCES: dict[tuple[str, str], Sentence] = {}

PROVIDERS = ("history_mail", "history_inquiry", "history_privacy", "reminder_words")
"""Modules of the desk that hold sentences."""


def says(entity: str, action: str, fn: Says, *, kind: str = "change", whole: Says | None = None) -> None:
    """Register how an action is told in histories.

    Args:
        fn: gets :class:`Told` of before and after, mappings of the columns; returns a sentence without its subject, such
            as *moved from Inbox to Inquiries*.
        kind: change, mail, memo, internal or reminder.
        whole: the text at full length, if the sentence cuts it.
    """
    _SENTENCES[entity, action] = Sentence(fn, kind, whole)


def find(entity: str, action: str) -> Sentence | None:
    """The sentence of an action."""
    return _SENTENCES.get((entity, action))


@cache
def load() -> None:
    """Import the modules that register sentences: those of the desk, and all that register with undo."""
    from crm_tui.desk.undoing import undo_registry

    undo_registry.load()
    for name in PROVIDERS:
        importlib.import_module(desk.where(name))
