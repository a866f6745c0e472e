"""Guests who may be one (SPEC §6): suggested by a mail address, a number, or the name and birth date.

Nobody is compared with everybody: only who shares an address, a number or a birth date, or has the same name and nearly the
same birth date. Pairs that an agent said are not the same are not suggested again; a person and a company never are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, LargeBinary, cast, delete, func, insert, select

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.base.progress import NullProgress, Progress
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestApart, GuestEmail, GuestPhone
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_rows import rows_of
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.desk.client_base.guest_words import alive
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import day
from crm_tui.desk.merges.duplicate_views import SuggestionView
from crm_tui.desk.undoing import undo, undo_words
from crm_tui.desk.undoing.undo_registry import Row
from crm_tui.mail.text import display_text
from crm_tui.rules.duplicates import Profile, alike_within, candidates, days_alike, score
from crm_tui.rules.mail_addresses import spellings
from crm_tui.rules.suggestions import LISTED, Pair, Reason, Suggestion, suggestions

_G = columns(Guest)
_E = columns(GuestEmail)
_X = columns(GuestApart)
_CONTACTS: tuple[tuple[Reason, Any, str], ...] = (
    (Reason.MAIL, GuestEmail, "folded"),
    (Reason.PHONE, GuestPhone, "number"),
)

FAMILY = 12
"""An address or number of more guests than this is a firm's or the desk's own; who has it is no family."""

NAMESAKES = 3
"""Among more guests of one name than this, a birth date that is merely near means nothing."""

_EVERY = 20_000
_PAIRS = 4_000

Two = tuple[int, int]


class Check(Protocol):
    """Raises when the work is to stop (:class:`~crm_tui.base.progress.CancelEvent`)."""

    def check(self) -> None: ...


class _Never:
    def check(self) -> None:
        pass


def find(ctx: Context, progress: Progress | None = None, cancel: Check | None = None) -> list[Suggestion]:
    """All suggestions, the surest first; read in one transaction, in the calling thread.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    with ctx.store.connect() as connection:
        return find_in(connection, progress or NullProgress(), cancel or _Never())


def find_in(connection: Connection, progress: Progress, cancel: Check) -> list[Suggestion]:
    """:func:`find` on a connection."""
    try:
        progress.step(_("Reading guests"))
        profiles = _profiles(connection, progress, cancel)
        shared: dict[Two, set[Reason]] = defaultdict(set)
        families: list[tuple[int, ...]] = []
        progress.step(_("Comparing addresses and numbers"))
        for reason, model, key in _CONTACTS:
            for group in _sharing(connection, model, key, profiles):
                cancel.check()
                _note(group, reason, shared, families)
        _same_birth(profiles.values(), shared, progress, cancel)
        _near_birth(profiles.values(), shared)
        apart = {(row.guest_id, row.other_id) for row in connection.execute(select(_X.guest_id, _X.other_id))}
        pairs = _scored(profiles, shared, apart, progress, cancel)
        return suggestions(pairs, [one for one in families if not _all_apart(one, apart)])
    finally:
        progress.done()


def _profiles(connection: Connection, progress: Progress, cancel: Check) -> dict[int, Profile]:
    query = select(_G.id, _G.kind, _G.folded, _G.birth_date).where(*alive(), _G.erased_at.is_(None)).order_by(_G.id)
    plain = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    found: dict[int, Profile] = {}
    for row in connection.exec_driver_sql(plain):
        found[row[0]] = Profile(row[0], row[1], row[2], str(row[3]) if row[3] else "")
        if len(found) % _EVERY == 0:
            cancel.check()
            progress.count(len(found))
    return found


def _sharing(connection: Connection, model: Any, key: str, profiles: Mapping[int, Profile]) -> Iterable[list[Profile]]:
    """The guests of each address or number that several have."""
    table, column = model.__tablename__, key
    statement = (
        f"SELECT {column}, guest_id FROM {table} WHERE {column} IN "  # noqa: S608 -- names of this program
        f"(SELECT {column} FROM {table} GROUP BY {column} HAVING count(*) > 1) ORDER BY {column}"
    )
    group: dict[int, Profile] = {}
    last = None
    for value, number in connection.exec_driver_sql(statement):
        if value != last and group:
            yield list(group.values())
            group = {}
        last = value
        if number in profiles and value:
            group[number] = profiles[number]
    if group:
        yield list(group.values())
    if model is GuestEmail:
        yield from _otherwise_spelt(connection, profiles)


def _otherwise_spelt(connection: Connection, profiles: Mapping[int, Profile]) -> Iterable[list[Profile]]:
    """The guests of each address whose domain stands in the store in its own letters, and in ASCII elsewhere."""
    strange = select(_E.folded).where(func.length(_E.folded) != func.length(cast(_E.folded, LargeBinary))).distinct()
    for address in connection.execute(strange).scalars().all():
        query = select(_E.guest_id).where(_E.folded.in_(sorted(spellings(address))))
        holders = {number: profiles[number] for number in connection.execute(query).scalars() if number in profiles}
        if len(holders) > 1:
            yield list(holders.values())


def _note(
    group: Sequence[Profile], reason: Reason, shared: dict[Two, set[Reason]], families: list[tuple[int, ...]]
) -> None:
    """Everybody of a small group shares the address; in a firm's only those of like names are looked at."""
    pairs = candidates(group) if len(group) <= FAMILY else alike_within(group)
    for one, other in pairs:
        if one.kind == other.kind:
            shared[_two(one, other)].add(reason)
    for kind in {one.kind for one in group} if len(group) <= FAMILY else ():
        alike = tuple(one.id for one in group if one.kind == kind)
        if len(alike) > 1:
            families.append(alike)


def _two(one: Profile, other: Profile) -> Two:
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)


def _same_birth(profiles: Iterable[Profile], shared: dict[Two, set[Reason]], progress: Progress, cancel: Check) -> None:
    groups: dict[str, list[Profile]] = defaultdict(list)
    for one in profiles:
        if one.birth:
            groups[one.birth].append(one)
    progress.step(_("Comparing names"), len(groups))
    for done, group in enumerate(groups.values()):
        if done % 500 == 0:
            cancel.check()
            progress.count(done)
        if len(group) > 1:
            for one, other in alike_within(group):
                shared[_two(one, other)].add(Reason.BIRTH)


def _near_birth(profiles: Iterable[Profile], shared: dict[Two, set[Reason]]) -> None:
    """The same name, and a birth date with a wrong digit or with day and month turned around."""
    groups: dict[str, list[Profile]] = defaultdict(list)
    for one in profiles:
        if one.birth and " " in one.name:
            groups[one.name].append(one)
    for group in groups.values():
        if 1 < len(group) <= NAMESAKES:
            for one, other in candidates(group):
                if one.kind == other.kind and one.birth != other.birth and days_alike(one.birth, other.birth):
                    shared[_two(one, other)].add(Reason.BIRTH_NEAR)


def _scored(
    profiles: Mapping[int, Profile],
    shared: Mapping[Two, set[Reason]],
    apart: set[Two],
    progress: Progress,
    cancel: Check,
) -> list[Pair]:
    progress.step(_("Weighing"), len(shared))
    found = []
    for done, (two, reasons) in enumerate(shared.items()):
        if done % _PAIRS == 0:
            cancel.check()
            progress.count(done)
        if two not in apart:
            common = [reason for reason in (Reason.MAIL, Reason.PHONE) if reason in reasons]
            pair = score(profiles[two[0]], profiles[two[1]], common)
            if pair.score >= LISTED:
                found.append(pair)
    return found


def _all_apart(guests: Sequence[int], apart: set[Two]) -> bool:
    """Whether an agent went through all pairs of a family."""
    ordered = sorted(guests)
    return all((one, other) in apart for place, one in enumerate(ordered) for other in ordered[place + 1 :])


# Showing

_WORDS: Mapping[Reason, str] = {
    Reason.MAIL: N_("same e-mail"),
    Reason.PHONE: N_("same phone"),
    Reason.BIRTH: N_("same birth date"),
    Reason.BIRTH_NEAR: N_("birth date nearly the same"),
    Reason.NAME: N_("same name"),
    Reason.SWAPPED: N_("same names turned around"),
    Reason.TYPO: N_("name nearly the same"),
    Reason.PART: N_("one name is part of the other"),
    Reason.INITIAL: N_("same initials"),
    Reason.OTHER_NAME: N_("other name"),
    Reason.OTHER_BIRTH: N_("other birth date"),
}


def near(ctx: Context, guest_id: int, limit: int = 9) -> list[GuestRow]:
    """Who may be the same as one guest: whoever shares an address or a number, then who is called alike.

    Raises:
        NotFound: there is no such guest.
    """
    view = guests.get(ctx, guest_id)
    shared = [row for mail in view.emails for row in guests.by_address(ctx, mail)]
    shared += [row for phone in view.phones for row in guests.find(ctx, phone.number, limit)]
    alike = guests.find(ctx, view.surname, limit + 1)
    found = {row.id: row for row in (*shared, *alike) if row.id != view.id and row.kind == view.kind}
    return list(found.values())[:limit]


def views(ctx: Context, found: Sequence[Suggestion]) -> list[SuggestionView | None]:
    """These suggestions as they stand now; None for one that nothing is left of: merged, archived or told apart since."""
    with ctx.store.connect() as connection:
        numbers = sorted({number for one in found for number in one.guests})
        rows = {row.id: row for row in rows_of(connection, _alive(connection, numbers))}
        births = _births(connection, numbers)
        common = {reason: _values(connection, model, key, numbers) for reason, model, key in _CONTACTS}
        apart = _apart(connection, numbers)
        return [_view(one, rows, births, common, apart) for one in found]


def _view(
    one: Suggestion, rows: Mapping[int, Any], births: Mapping[int, Any], common: Mapping[Reason, Any], apart: set[Two]
) -> SuggestionView | None:
    left = tuple(number for number in one.guests if number in rows)
    if len(left) < 2 or _all_apart(left, apart):
        return None
    words = []
    for reason, said in common.items():
        value = _common(left, said)
        if value:
            shown = international(value) if reason == Reason.PHONE else display_text(value)
            words.append(_("{reason} {value}").format(reason=_(_WORDS[reason]), value=shown))
    words += [_(_WORDS[reason]) for reason in one.reasons if reason not in common]
    return SuggestionView(
        guests=left,
        names=tuple(rows[number].name for number in left),
        labels=tuple(_label(rows[number], births.get(number)) for number in left),
        score=one.score,
        reasons=tuple(words),
        shared=one.shared,
    )


def _label(row: Any, birth: Any) -> str:
    return " · ".join(
        part for part in (row.name, row.email, row.phone, day(birth.isoformat()) if birth else "") if part
    )


def _common(guests: Sequence[int], said: Mapping[int, set[str]]) -> str:
    """What most of them share, if two do."""
    counts: dict[str, int] = defaultdict(int)
    for number in guests:
        for value in said.get(number, ()):
            counts[value] += 1
    best = max(counts, key=lambda value: (counts[value], value), default="")
    return best if counts.get(best, 0) > 1 else ""


def _alive(connection: Connection, numbers: Sequence[int]) -> list[int]:
    found: list[int] = []
    for chunk in chunks(numbers):
        query = select(_G.id).where(_G.id.in_(chunk), *alive(), _G.erased_at.is_(None)).order_by(_G.id)
        found += connection.execute(query).scalars()
    return found


def _births(connection: Connection, numbers: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunks(numbers):
        query = select(_G.id, _G.birth_date).where(_G.id.in_(chunk), _G.birth_date.is_not(None))
        found |= {row.id: row.birth_date for row in connection.execute(query)}
    return found


def _values(connection: Connection, model: Any, key: str, numbers: Sequence[int]) -> dict[int, set[str]]:
    names = columns(model)
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(numbers):
        for number, value in connection.execute(select(names.guest_id, names[key]).where(names.guest_id.in_(chunk))):
            found[number].add(value)
    return found


def _apart(connection: Connection, numbers: Sequence[int]) -> set[Two]:
    found: set[Two] = set()
    for chunk in chunks(numbers):
        query = select(_X.guest_id, _X.other_id).where(_X.guest_id.in_(chunk))
        found |= {(row.guest_id, row.other_id) for row in connection.execute(query)}
    return found


# Not the same


def tell_apart(ctx: Context, guests: Sequence[int]) -> int:
    """Note that guests are not the same, each of them another; returns how many pairs that is. Undoable.

    Raises:
        InvalidInput: fewer than two were named.
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base.guests import require

    with ctx.write() as tx:
        numbers = sorted({require(tx.connection, number).id for number in guests})
        if len(numbers) < 2:
            raise InvalidInput(_("It takes two guests to tell them apart."))
        known = _apart(tx.connection, numbers)
        pairs = [(one, other) for place, one in enumerate(numbers) for other in numbers[place + 1 :]]
        fresh = [pair for pair in pairs if pair not in known]
        for one, other in fresh:
            values = {"guest_id": one, "other_id": other, "agent_id": tx.actor.id, "at": tx.now}
            tx.connection.execute(insert(GuestApart).values(**values))
            tx.journal("guest", one, "apart", None, {"other": other}, undoable=True)
        return len(fresh)


def _together_again(tx: Transaction, step: Row) -> None:
    pair = (_X.guest_id == step.entity_id) & (_X.other_id == (step.after or {})["other"])
    if not tx.connection.execute(delete(GuestApart).where(pair)).rowcount:
        raise Conflict(_("They are not told apart any more."))


def _did(facts: undo_words.Facts) -> str:
    return _("{what} may be suggested with guest {number} again.").format(
        what=facts.what, number=facts.after.get("other")
    )


def _said(_before: history_words.Told, after: history_words.Told) -> str:
    return _("not the same as guest {number}").format(number=after.get("other"))


undo.special("guest", "apart", _together_again)
undo.says("guest", "apart", did=_did)
history_words.says("guest", "apart", _said)
