"""Which reservation a line of a bank statement may pay for: by code, by amount, by name. Pure.

Nothing here is booked: :mod:`crm_tui.desk.money.statements` proposes, a person confirms (SPEC §7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crm_tui.rules.folding import fold_text
from crm_tui.rules.statement import DAY_FIRST, ISO, BankLine

_FIGURE = re.compile(r"(?<![\w])\d[\d.,'’]*[.,]\d{1,3}(?!\w)")


class Candidate(NamedTuple):
    """A reservation that a line may pay for; amounts in minor units of its currency.

    Attributes:
        codes: its code and its reference.
        names: of its holder, its guests and the company that pays; each given name and surname.
        missing: what could be paid now: what is due, the deposit's rest, the balance's rest, a line's rest, all that is left.
        paid: payments less refunds: what could be given back.
    """

    reservation: int
    codes: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    currency: str
    missing: frozenset[int]
    paid: int = 0


class Match(NamedTuple):
    """Why a line may be of a reservation: ``reasons`` of *code*, *amount*, *name*, the strongest first."""

    reservation: int
    reasons: tuple[str, ...]

    @property
    def strength(self) -> int:
        """The greater, the likelier."""
        return sum(_STRENGTH[one] for one in self.reasons)


_STRENGTH = {"code": 4, "amount": 2, "name": 1}


def squeezed(text: str) -> str:
    """Letters and digits alone, folded: banks drop what stands between them."""
    return re.sub(r"[^a-z0-9]", "", fold_text(text))


CROWD = 20
"""An amount that more reservations than this miss says nothing by itself."""

_LONGEST_CODE = 5
"""Words of a text that are looked at together for a code."""


class Matcher:
    """Finds the reservations that lines may pay for among many: by code, by amount, by surname."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._all = list(candidates)
        self._codes: dict[str, list[int]] = {}
        self._amounts: dict[int, list[int]] = {}
        self._surnames: dict[str, list[int]] = {}
        for at, one in enumerate(self._all):
            for code in one.codes:
                short = squeezed(code)
                if len(short) >= 3 and any(letter.isdigit() for letter in short):
                    self._codes.setdefault(short, []).append(at)
            for amount in one.missing:
                self._amounts.setdefault(amount, []).append(at)
            for _given, surname in one.names:
                for word in _words_of(surname)[:1]:
                    self._surnames.setdefault(word, []).append(at)

    def match(self, line: BankLine) -> list[Match]:
        """The reservations that a line may pay for (or that money was given back of), the likeliest first.

        A code in the text or an amount that is missing propose; a name alone does only if all of it stands there. What is
        in another currency is never proposed.
        """
        if not line.amount:
            return []
        words = _words_of(line.text)
        coded = {at for code in _joined(words) if not code.isdigit() for at in self._codes.get(code, ())}
        plain = _joined(_words_of(_without_figures(line)))
        coded |= {at for code in plain if code.isdigit() for at in self._codes.get(code, ())}
        named = {at for word in set(words) for at in self._surnames.get(word, ())}
        fitting = set(self._amounts.get(line.amount, ()))
        alone = fitting if len(fitting) <= CROWD else set()
        found = []
        for at in coded | named | alone:
            one = self._all[at]
            if one.currency == line.currency:
                reasons = _reasons(line.amount, words, one, at in coded)
                if reasons:
                    found.append(Match(one.reservation, reasons))
        return sorted(found, key=lambda one: (-one.strength, one.reservation))


def match(line: BankLine, candidates: Iterable[Candidate]) -> list[Match]:
    """:meth:`Matcher.match` of one line."""
    return Matcher(candidates).match(line)


def _words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold_text(text))


def _without_figures(line: BankLine) -> str:
    """The text without its days and its amounts: a code that is a mere number is not looked for in them."""
    text = DAY_FIRST.sub(" ; ", ISO.sub(" ; ", line.text))
    return _FIGURE.sub(" ; ", text)


def _joined(words: Sequence[str]) -> set[str]:
    """Words that follow each other, written together: ``BK-2026/118`` is found in ``bk 2026 118`` and in ``bk2026118``."""
    return {
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _LONGEST_CODE, len(words)) + 1)
    }


def _reasons(amount: int, words: Sequence[str], one: Candidate, code: bool) -> tuple[str, ...]:
    fits = amount in one.missing if amount > 0 else -amount <= one.paid and code
    whole, part = _names(words, one.names)
    if amount < 0 and not code:
        return ()
    if not (code or fits or whole):
        return ()
    told = (("code", code), ("amount", fits), ("name", whole or (part and (code or fits))))
    return tuple(name for name, holds in told if holds)


def _names(words: Sequence[str], names: Sequence[tuple[str, str]]) -> tuple[bool, bool]:
    """Whether all of a name stands in the text, and whether at least a surname does."""
    known = set(words)
    whole = part = False
    for given, surname in names:
        parts, first = _words_of(surname), _words_of(given)
        if len("".join(parts)) < 3 or not set(parts) <= known:
            continue
        part = True
        whole = whole or bool(first and set(first[:1]) <= known) or (not first and len(parts) > 1)
    return whole, part
