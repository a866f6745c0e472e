"""The texts of payment reminders: a template in the guest's language, filled in (SPEC §5, §8)."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Property, Template
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups.mailing_texts import Person
from crm_tui.desk.texts import template_variables
from crm_tui.desk.texts.template_faults import told
from crm_tui.desk.texts.template_variables import Scene, clean, long_date
from crm_tui.desk.watchlists.notice_views import SMS
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.template_checks import Fault
from crm_tui.rules.templating import names_in, render

_T = columns(Template)
_P = columns(Property)

CATEGORY = {"mail": "payment reminder", "sms": "payment sms"}
FALLBACK = "en"
_OWN = frozenset(
    {f"reservation.{name}" for name in ("code", "arrival", "departure")}
    | {f"payment.{name}" for name in ("missing", "missing_deposit", "missing_balance", "due")}
)
_ASKED = ("reservation", "payment", "flight")


class Owed(NamedTuple):
    """What a reminder tells of a reservation.

    Attributes:
        reservation: its number.
        missing: all that is asked for.
        due: the day of the earliest line of it.
        deposit, balance: how much of it is Z and how much D.
    """

    reservation: int
    code: str
    arrival: date | None
    departure: date | None
    missing: Money
    due: date
    deposit: Money
    balance: Money


class Letter(NamedTuple):
    """A text that was filled in; with an ``error`` (a sentence) or ``gaps`` it cannot be sent."""

    language: str
    subject: str
    text: str
    gaps: tuple[str, ...] = ()
    error: str = ""


class NoticeTexts:
    """Fills the templates in for one reservation after the other.

    Args:
        ctx: in the hands of whoever sends: the engine signs with the property's name.
    """

    def __init__(self, ctx: Context, connection: Connection) -> None:
        self._ctx, self._connection = ctx, connection
        self._own: dict[str, dict[str, tuple[str, str]]] = {}
        self._values: dict[str, dict[str, dict[str, Any]]] = {}
        row = connection.execute(select(_P.name, _P.languages).order_by(_P.id).limit(1)).first()
        self._property = display_text(row.name) if row is not None else ""
        languages = (row.languages if row is not None else "") or ""
        self._languages = [code.strip() for code in languages.split(",") if code.strip()]

    def letter(self, channel: str, person: Person, owed: Owed) -> Letter:
        """The reminder that a guest gets; what is wrong with it is told in it, not raised."""
        code, subject, body = self._template(channel, person.language)
        try:
            named = {*names_in(subject), *names_in(body)}
            given = self._given(channel, code, person, owed, named)
            head = render(subject, given, time.monotonic, "subject") if channel != SMS else None
            text = render(body, given, time.monotonic, "body")
        except Fault as fault:
            return Letter(code, "", "", error=str(told(fault)))
        gaps = dict.fromkeys((*(head.gaps if head else ()), *text.gaps))
        line = " ".join(display_text(head.text).split()) if head else ""
        words = display_text(text.text, multiline=True).strip()
        return Letter(code, line, _one_line(words) if channel == SMS else words, tuple(gaps))

    def _template(self, channel: str, language: str) -> tuple[str, str, str]:
        """Language, subject and body: the house's own in the guest's language, else the starter's, else the house's own
        in a language of the property, else whatever there is."""
        own, starter = self._of_house(channel), _starters(CATEGORY[channel])
        if language in own:
            return language, *own[language]
        if language in starter and (not own or language in self._languages):
            return language, *starter[language]
        for code in (*self._languages, FALLBACK):
            if code in own:
                return code, *own[code]
        if own:
            code = next(iter(own))
            return code, *own[code]
        code = next((one for one in (language, *self._languages) if one in starter), FALLBACK)
        return code, *starter[code]

    def _of_house(self, channel: str) -> dict[str, tuple[str, str]]:
        if channel not in self._own:
            query = select(_T.language, _T.subject, _T.body).where(
                _T.category == CATEGORY[channel], _T.archived.is_(False)
            )
            found: dict[str, tuple[str, str]] = {}
            for row in self._connection.execute(query.order_by(_T.id)):
                found.setdefault(row.language, (row.subject, row.body))
            self._own[channel] = found
        return self._own[channel]

    def _given(
        self, channel: str, language: str, person: Person, owed: Owed, named: Collection[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        base = self._base(language)
        more = {name for name in named if name.partition(".")[0] in _ASKED} - _OWN
        if more:  # what only the reservation itself tells is looked up where a text asks for it
            scene = Scene(self._ctx, self._connection, language=language, reservation=owed.reservation)
            base = base | {name: found for name, found in template_variables.values(scene).items() if name in _ASKED}
        amount, day = (_short_money, _short_date) if channel == SMS else (Money.written, long_date)
        agent = base.get("agent", {})
        return base | {
            "guest": base.get("guest", {}) | person.values(),
            "agent": agent | {"name": agent.get("name") or self._property},
            "reservation": base.get("reservation", {})
            | {
                "code": clean(owed.code),
                "arrival": day(owed.arrival, language) if owed.arrival else "",
                "departure": day(owed.departure, language) if owed.departure else "",
            },
            "payment": base.get("payment", {})
            | {
                "missing": amount(owed.missing, language),
                "missing_deposit": amount(owed.deposit, language) if owed.deposit.amount else "",
                "missing_balance": amount(owed.balance, language) if owed.balance.amount else "",
                "due": day(owed.due, language),
            },
        }

    def _base(self, language: str) -> dict[str, dict[str, Any]]:
        if language not in self._values:
            scene = Scene(self._ctx, self._connection, language=language)
            self._values[language] = template_variables.values(scene)
        return self._values[language]


@cache
def _starters(category: str) -> Mapping[str, tuple[str, str]]:
    from crm_tui.desk.texts.template_starter import starters

    found = (one for one in starters() if one["category"] == category)
    return {one["language"]: (one["subject"], one["body"]) for one in found}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short_money(money: Money, language: str) -> str:
    """As in a letter, but in letters that do not double the price of the message: ``120,00 PLN``."""
    from babel.localedata import exists
    from babel.numbers import format_decimal

    from crm_tui.rules.money import exponent

    locale = "en_GB" if language == "en" or not exists(language) else language
    digits = exponent(money.currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    number = format_decimal(Decimal(money.decimal), format=pattern, locale=locale)
    return f"{_one_line(number)} {money.currency}"


def _short_date(day: date, language: str) -> str:
    from babel.dates import format_date
    from babel.localedata import exists

    locale = "en_GB" if language == "en" or not exists(language) else language
    pattern = "dd/MM/yyyy" if locale in ("en_GB", "es", "fr", "it") else "dd.MM.yyyy"
    return str(format_date(day, pattern, locale=locale))
