"""Bank statements as people paste them: lines with a day, an amount and words.

Read are tables with tabs, semicolons, commas or bars, with a head or without; the fields 61 and 86 of MT940; and plain lines
with spaces. Which reservation one may pay for: :mod:`crm_tui.rules.statement_matching`.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crm_tui.rules.folding import fold_text
from crm_tui.rules.money import AmountFault, currency_of, typed_units

MOST_LINES = 5_000
MOST_LETTERS = 2_000_000
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of a statement.

    Attributes:
        number: its place among the lines found, from 1.
        text: all of it on one line.
        amount: minor units; below 0: money that went out; None: none was found.
        currency: as it stands there, or the one that was assumed.
        digest: of the text as folded, and its place among equal lines: the same line of the same statement, whenever pasted.
    """

    number: int
    text: str
    day: date | None
    amount: int | None
    currency: str
    digest: str


class _Raw(NamedTuple):
    text: str
    day: date | None
    number: str
    negative: bool
    currency: str


_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?"
_CODE = r"[A-Z]{3}|€|£|zł|kč"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_CODE})\s?)?(?P<sign>[+\-−]\s?)?(?:(?P<inside>{_CODE})\s?)?"
    rf"(?P<number>{_NUMBER})(?P<behind>[+\-−])?(?:\s?(?P<after>{_CODE}))?(?:\s?(?P<side>CR|DR|C|D|H|S))?"
)
_TOKEN = re.compile(rf"(?<![\w.,/:-])(?:{_AMOUNT.pattern})(?![\w/:]|[.,-]\d)")
ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
"""A day as 2026-07-01."""
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
"""A day as 01.07.2026; Americans mean the month first."""
_HEADS = {
    "amount": ("amount", "importe", "kwota", "montant", "betrag", "value", "suma", "umsatz"),
    "in": ("credit", "haber", "abono", "uznania", "wplywy", "paid in", "haben", "money in"),
    "out": ("debit", "debe", "cargo", "obciazenia", "wydatki", "paid out", "soll", "money out"),
    "balance": ("balance", "saldo", "solde", "kontostand"),
    "currency": ("currency", "ccy", "moneda", "divisa", "waluta", "devise", "wahrung", "waehrung"),
    "day": ("date", "fecha", "data", "datum", "booked", "buchungstag", "f. valor", "day"),
}
_MT_LINE = re.compile(
    r":61:(?P<day>\d{6})(?:\d{4})?(?P<side>R?[CD])(?P<third>[A-Z])?(?P<number>\d{1,15},\d{0,3})(?P<rest>.*)", re.DOTALL
)
_MT_BALANCE = re.compile(r":60[FM]:[CD]\d{6}([A-Z]{3})")
_MT_TAG = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)


def read(text: str, *, currency: str, decimal: str) -> list[BankLine]:
    """The lines of a pasted statement; what is no line of money (heads, sums without text) is left out.

    Args:
        currency: of lines that name none, ISO 4217.
        decimal: the agent's decimal sign, for amounts that leave it open; another amount of the paste that shows the
            statement's own sign goes before it.
    """
    source = text[:MOST_LETTERS].replace("\r\n", "\n").replace("\r", "\n")
    raw = _mt940(source) if _MT_LINE.search(source) else _rows(source)
    sign = _own_sign(raw, decimal)
    found: list[BankLine] = []
    seen: Counter[str] = Counter()
    for one in raw[:MOST_LINES]:
        folded = " ".join(fold_text(one.text).split())
        code = one.currency or currency
        seen[folded] += 1
        digest = hashlib.sha256(f"{seen[folded]}\n{folded}".encode("utf-8", "replace")).hexdigest()
        amount = _units(one, code, sign)
        found.append(BankLine(len(found) + 1, one.text[:LONGEST_LINE], one.day, amount, code, digest))
    return found


def _units(one: _Raw, currency: str, decimal: str) -> int | None:
    try:
        amount = typed_units(one.number, currency, decimal)
    except AmountFault:
        return None
    return -amount if one.negative else amount


def _own_sign(raw: Sequence[_Raw], fallback: str) -> str:
    """The decimal sign that the statement itself shows: behind it stand one or two digits, or it stands last of two."""
    votes: Counter[str] = Counter()
    for one in raw:
        found = re.search(r"([.,])\d{1,2}$", one.number) or re.search(r"[.,]\d{3}([.,])\d{3}$", one.number)
        if found:
            votes[found[1]] += 1
    return votes.most_common(1)[0][0] if votes else fallback


# MT940


def _mt940(text: str) -> list[_Raw]:
    """Fields 61 with the 86 behind each."""
    balance = _MT_BALANCE.search(text)
    currency = balance[1] if balance else ""
    starts = [match.start() for match in _MT_TAG.finditer(text)]
    fields = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    found: list[_Raw] = []
    for field in fields:
        line = _MT_LINE.match(field)
        if line is not None:
            if not (other := _MT_BALANCE.search(field)):
                found.append(_mt_line(line, currency))
            else:
                currency = other[1]
        elif field.startswith(":60"):
            other = _MT_BALANCE.match(field)
            currency = other[1] if other else currency
        elif field.startswith(":86:") and found:
            words = " ".join(re.sub(r"\?\d\d", " ", field[4:]).replace("\n", " ").rstrip("-").split())
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {words}".strip())
    return found


def _mt_line(line: re.Match[str], currency: str) -> _Raw:
    day = _day(2000 + int(line["day"][:2]), int(line["day"][2:4]), int(line["day"][4:]))
    number = line["number"].rstrip(",")
    negative = line["side"] in ("D", "RC")
    words = " ".join(line["rest"].split())
    shown = f"{day or line['day']} {'-' if negative else ''}{number} {currency} {words}"
    return _Raw(" ".join(shown.split()), day, number, negative, currency)


# Tables and plain lines


def _rows(text: str) -> list[_Raw]:
    lines = [line for line in text.split("\n") if line.strip()]
    mark = _separator(lines)
    if not mark:
        return [one for line in lines if (one := _plain(line)) is not None]
    found: list[_Raw] = []
    head: dict[str, list[int]] = {}
    for cells in csv.reader(lines, delimiter=mark):
        clean = [" ".join(cell.split()) for cell in cells]
        known = _head(clean)
        if known:
            head = known
            continue
        one = _by_head(clean, head) if head else _by_look(clean)
        if one is not None:
            found.append(one)
    return found


def _separator(lines: Sequence[str]) -> str:
    """What most lines are divided by, alike often; empty: they are plain."""
    for mark in ("\t", ";", "|"):
        if sum(line.count(mark) >= 2 for line in lines) * 2 > len(lines):
            return mark
    sample = lines[:200]
    if sample and all(len(row) >= 3 for row in csv.reader(sample)):
        rows = list(csv.reader(sample))
        if len({len(row) for row in rows}) == 1 and any(_cell_amount(cell.strip()) for row in rows for cell in row):
            return ","
    return ""


def _head(cells: Sequence[str]) -> dict[str, list[int]]:
    """Which column is what, if this is a head: it names an amount and holds no number."""
    if any(_cell_amount(cell) for cell in cells):
        return {}
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        word = fold_text(cell).strip(" *:.()")
        for name in ("balance", "currency", "in", "out", "amount", "day"):
            if any(word == known or word.startswith((f"{known} ", f"{known}(")) or word.endswith(f" {known}")
                   for known in _HEADS[name]):  # fmt: skip
                found.setdefault(name, []).append(at)
                break
    return found if {"amount", "in", "out"} & found.keys() else {}


def _by_head(cells: Sequence[str], head: dict[str, list[int]]) -> _Raw | None:
    def at(name: str) -> list[str]:
        return [cells[place] for place in head.get(name, ()) if place < len(cells)]

    for name, turned in (("amount", False), ("in", False), ("out", True)):
        for cell in at(name):
            amount = _cell_amount(cell)
            if amount is not None and amount[0].strip("0.,"):
                number, negative, code = amount
                code = code or next((known for cell in at("currency") if (known := _code(cell))), "")
                words = _words(cells, head)
                day = next((found for cell in (*at("day"), *cells) if (found := _some_day(cell))), None)
                return _Raw(words, day, number, negative or turned, code)
    return None


def _words(cells: Sequence[str], head: dict[str, list[int]]) -> str:
    """All that stands in the row but the balance, which differs between two statements that hold the same line."""
    skip = set(head.get("balance", ()))
    return " · ".join(cell for at, cell in enumerate(cells) if cell and at not in skip)


def _by_look(cells: Sequence[str]) -> _Raw | None:
    """Without a head: the first cell that is nothing but an amount; one with decimals, a sign or a currency goes first."""
    amounts = [(at, found) for at, cell in enumerate(cells) if not _some_day(cell) and (found := _cell_amount(cell))]
    if not amounts:
        return None
    marked = [one for one in amounts if one[1][1] or one[1][2] or re.search(r"[.,]\d{1,3}$", one[1][0])]
    at, (number, negative, code) = (marked or amounts[::-1])[0]
    code = code or next((known for cell in cells if (known := _code(cell))), "")
    others = {place for place, _found in marked if place > at}  # a balance behind it
    words = " · ".join(cell for place, cell in enumerate(cells) if cell and place not in others)
    return _Raw(words, next((day for cell in cells if (day := _some_day(cell))), None), number, negative, code)


def _plain(line: str) -> _Raw | None:
    """A line with spaces: of its amounts the first with decimals, else with a currency or a sign, else the last."""
    words = " ".join(line.split())
    bare = DAY_FIRST.sub(lambda m: "#" * len(m[0]), ISO.sub(lambda m: "#" * len(m[0]), words))
    found = [match for match in _TOKEN.finditer(bare) if _parts(match) is not None]
    if not found:
        return None
    precise = [one for one in found if re.search(r"[.,]\d{1,3}$", one["number"])]
    marked = [one for one in found if _named(one) or one["sign"] or one["behind"]]
    number, negative, code = _parts((precise or marked or found[::-1])[0]) or ("", False, "")
    code = code or next((name for one in found if (name := _named(one))), "")
    return _Raw(words, _some_day(words), number, negative, code)


def _named(match: re.Match[str]) -> str:
    return next((code for name in ("before", "inside", "after") if match[name] and (code := _code(match[name]))), "")


def _cell_amount(cell: str) -> tuple[str, bool, str] | None:
    match = _AMOUNT.fullmatch(cell.strip().strip("()")) if cell else None
    if match is None:
        return None
    parts = _parts(match)
    if parts is not None and cell.strip().startswith("(") and cell.strip().endswith(")"):
        return parts[0], True, parts[2]  # as bookkeepers write what went out
    return parts


def _parts(match: re.Match[str]) -> tuple[str, bool, str] | None:
    """The digits, whether money went out, the currency; None if a word beside it is no currency."""
    words = [match[name] for name in ("before", "inside", "after") if match[name]]
    if any(not _code(word) for word in words):
        return None
    minus = any(match[name] and match[name].strip() in "-−" for name in ("sign", "behind"))
    return match["number"].strip(), minus or match["side"] in ("DR", "D", "S"), _code(words[0]) if words else ""


def _code(word: str) -> str:
    try:
        return currency_of(word)
    except AmountFault:
        return ""


def _some_day(text: str) -> date | None:
    found = ISO.search(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = DAY_FIRST.search(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if year < 100 else 0
    return _day(year, second, first) or _day(year, first, second)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
