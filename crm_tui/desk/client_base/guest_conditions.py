"""What a guest must fit, in SQL: the criteria of SPEC §6. What the full-text index knows is asked of it, the rest are sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crm_tui.desk.client_base.guest_typed import beginnings, expression, fact
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.running_scripts import runs_on

MOST_NAMES = 6
"""More words than a name has bring nobody to the top of a list."""


@dataclass(frozen=True, slots=True)
class Members:
    """A set of guests, with its values.

    Attributes:
        rows: selects their ids, called ``guest_id``.
        one: whether a single guest, ``{guest}``, is in it; with the same values. Empty where only ``rows`` can tell.
        wanted: a guest must be in it, else must not.
    """

    rows: str
    values: tuple[Any, ...] = ()
    wanted: bool = True
    one: str = ""

    def holds(self, guest: str) -> str:
        """That a column is in the set, or is not; the set is made first: for many guests."""
        return f"{guest} {'' if self.wanted else 'NOT '}IN ({self.rows})"

    def probes(self, guest: str) -> str:
        """The same, each guest looked up by itself: for few of them."""
        if not self.one:
            return self.holds(guest)
        return f"{'' if self.wanted else 'NOT '}{self.one.format(guest=guest)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """The criteria as they are answered.

    Attributes:
        match: what is asked of the full-text index; empty if nothing is.
        wanted: the part of it that does not leave guests out.
        names: beginnings of words: those whose surname begins with one of them and whose name has all come first.
        kind, archived: which index has these guests in order of their names.
        one_word: nothing but that word and what ``kind`` and ``archived`` say is asked of the full-text index.
        impossible: nobody fits: the text has nothing to find.
    """

    match: str
    members: tuple[Members, ...]
    kind: str = ""
    archived: bool = False
    names: tuple[str, ...] = ()
    one_word: bool = False
    impossible: bool = False
    wanted: str = ""


def asked_for(criteria: GuestCriteria) -> Asked:
    """How the criteria are answered."""
    members = (*_of_guest(criteria), *_of_reservations(criteria))
    words = [*_texts(criteria)]
    if "" in words:
        return Asked("", members, impossible=True)
    facts = [fact(letter, value) for letter, value in _facts(criteria) if value]
    plain = Asked("", members, criteria.kind, criteria.archived)
    if not words and not facts:
        return plain
    if criteria.archived:
        facts.append(fact("archived"))
    if criteria.kind:
        # The few companies are left out of the many persons, rather than both gone through.
        facts += [fact("k", "company")] if criteria.kind == "company" else []
    wanted = " AND ".join(f"({one})" for one in (*words, *facts))
    unwanted = [] if criteria.archived else [fact("archived")]
    unwanted += [fact("k", "company")] if criteria.kind == "person" else []
    match = f"({wanted}) NOT ({' OR '.join(unwanted)})" if unwanted else wanted
    names = tuple(
        dict.fromkeys(word for one in fold_text(display_text(criteria.text)).split() if (word := one.strip(",;")))
    )
    one_word = len(words) == len(names) == 1 and not any(value for _letter, value in _facts(criteria))
    one_word = one_word and not runs_on(criteria.text)  # which may be surname and given name
    begins = names if len(names) <= MOST_NAMES else ()
    return Asked(match, members, criteria.kind, criteria.archived, begins, one_word=one_word, wanted=wanted)


def _texts(criteria: GuestCriteria) -> Iterator[str]:
    if criteria.text.strip():
        yield expression(criteria.text)
    if criteria.city.strip():
        yield beginnings(criteria.city, "city")


def _facts(criteria: GuestCriteria) -> Iterator[tuple[str, str]]:
    yield "n", criteria.nationality
    yield "l", criteria.language
    yield "c", criteria.country


def _of_guest(criteria: GuestCriteria) -> Iterator[Members]:
    for one in criteria.attributes:
        tagged = "guest_attribute t WHERE t.attribute_id = ?"
        each = f"EXISTS (SELECT 1 FROM {tagged} AND t.guest_id = {{guest}})"
        yield Members(f"SELECT t.guest_id FROM {tagged}", (one,), one=each)
    if criteria.package is not None:
        packed = "package_guest p WHERE p.package_id = ?"
        each = f"EXISTS (SELECT 1 FROM {packed} AND p.guest_id = {{guest}})"
        yield Members(f"SELECT p.guest_id FROM {packed}", (criteria.package,), one=each)
    for channel, wanted in ((criteria.consent, True), (criteria.no_consent, False)):
        if channel:
            # max() makes the other columns those of the newest word.
            newest = (
                "SELECT c.guest_id, c.given, max(c.id) FROM consent c INDEXED BY ix_consent_channel "
                "WHERE c.channel = ? GROUP BY c.guest_id"
            )
            each = (
                "coalesce((SELECT c.given FROM consent c INDEXED BY ix_consent_channel "
                "WHERE c.channel = ? AND c.guest_id = {guest} ORDER BY c.id DESC LIMIT 1), 0)"
            )
            yield Members(f"SELECT guest_id FROM ({newest}) WHERE given", (channel,), wanted, each)
    if criteria.passport_by is not None:
        ends = "e.passport_expiry IS NOT NULL AND e.passport_expiry <= ?"
        rows = f"SELECT e.id AS guest_id FROM guest e INDEXED BY ix_guest_passport_expiry WHERE {ends}"
        each = f"EXISTS (SELECT 1 FROM guest e WHERE {ends} AND e.id = {{guest}})"
        yield Members(rows, (criteria.passport_by.isoformat(),), one=each)
    if criteria.born_from or criteria.born_to:
        begin, end = criteria.born_from or "01-01", criteria.born_to or "12-31"
        day, both = "substr(b.birth_date, 6)", "AND" if begin <= end else "OR"
        born = f"b.birth_date IS NOT NULL AND ({day} >= ? {both} {day} <= ?)"
        rows = f"SELECT b.id AS guest_id FROM guest b INDEXED BY ix_guest_birth WHERE {born}"
        yield Members(rows, (begin, end), one=f"EXISTS (SELECT 1 FROM guest b WHERE {born} AND b.id = {{guest}})")


def _of_reservations(criteria: GuestCriteria) -> Iterator[Members]:
    """A company that pays for a reservation is on it as those who travel are."""
    if criteria.never_booked:
        taken_back = "SELECT r.id FROM reservation r INDEXED BY ix_reservation_removed WHERE r.removed_at IS NOT NULL"
        booked = (
            f"reservation_guest x INDEXED BY ix_reservation_guest_guest WHERE +x.reservation_id NOT IN ({taken_back})"
        )
        paid = (
            "reservation o INDEXED BY ix_reservation_company WHERE o.company_id IS NOT NULL AND +o.removed_at IS NULL"
        )
        rows = f"SELECT x.guest_id FROM {booked} UNION ALL SELECT o.company_id FROM {paid}"
        each = _either(f"{booked} AND x.guest_id = {{guest}}", f"{paid} AND o.company_id = {{guest}}")
        yield Members(rows, wanted=False, one=each)
    if criteria.about_reservations:
        wanted = [("r.removed_at IS NULL", ()), ("r.status <> 'cancelled'", ()), *_of_reservation(criteria)]
        where = " AND ".join(condition for condition, _values in wanted)
        values = tuple(value for _condition, given in wanted for value in given)
        rows = (
            "SELECT x.guest_id FROM reservation r CROSS JOIN reservation_guest x ON x.reservation_id = r.id "
            f"WHERE {where} UNION ALL SELECT r.company_id FROM reservation r INDEXED BY ix_reservation_company "
            f"WHERE r.company_id IS NOT NULL AND {where}"
        )
        each = _either(
            "reservation_guest x INDEXED BY ix_reservation_guest_guest "
            f"CROSS JOIN reservation r ON r.id = x.reservation_id WHERE {where} AND x.guest_id = {{guest}}",
            f"reservation r INDEXED BY ix_reservation_company WHERE r.company_id = {{guest}} AND {where}",
        )
        yield Members(rows, (*values, *values), one=each)


def _either(*sources: str) -> str:
    return f"({' OR '.join(f'EXISTS (SELECT 1 FROM {one})' for one in sources)})"


def _of_reservation(criteria: GuestCriteria) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for name in ("arrival", "departure"):
        for end, sign in (("from", ">="), ("to", "<=")):
            day = getattr(criteria, f"{name}_{end}")
            if day is not None:
                yield f"r.{name} {sign} ?", (day.isoformat(),)
    for word in fold_text(criteria.destination).split():
        yield "instr(' ' || r.folded_destination, ' ' || ?) > 0", (word,)
    if criteria.value_from is not None:
        yield "r.value >= ?", (criteria.value_from,)
    if criteria.value_to is not None:
        yield "r.value <= ?", (criteria.value_to,)
    if criteria.currency and (criteria.value_from is not None or criteria.value_to is not None):
        yield "r.currency = ?", (criteria.currency,)
