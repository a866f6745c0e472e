"""Who is meant when a guest is erased: everyone merged into the guest, and by what the store may name the person (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone
from crm_tui.desk.guest_merging import absorbed_in, survivor_in
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.mentions import Mentions

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)


@dataclass(frozen=True, slots=True)
class Person:
    """A guest who is to be erased.

    Attributes:
        id: the guest who is alive; ``guests`` are this one and all that were merged into it.
        name: as people call the guest, safe to show; for questions only, it is stored nowhere.
        created_at: tells whether a number means the same guest in an older copy of the store.
        addresses: mail addresses in lower case that are nobody else's.
        shared: those that another guest has too: they do not tell whose a mail is.
        names: folded, as a sender's name is compared.
        namesake: another guest is called the same, so the name alone tells nothing.
        elsewhere: what is blacked out where the person is only mentioned.
        here: the same within what is known to be about the person: there the name tells, whoever else bears it.
    """

    id: int
    guests: tuple[int, ...]
    name: str
    created_at: datetime
    addresses: frozenset[str]
    shared: frozenset[str]
    names: frozenset[str]
    namesake: bool
    elsewhere: Mentions
    here: Mentions

    @property
    def label(self) -> str:
        """What stands in the place of the name."""
        return label_of(self.id)


def label_of(guest_id: int) -> str:
    """What stands in the place of an erased guest's name; the number is the one that the row keeps."""
    return _("erased guest #{number}").format(number=guest_id)


def person_in(connection: Connection, guest_id: int) -> Person:
    """Who a number means, whichever of the merged ones it is.

    Raises:
        NotFound: there is no such guest.
        Conflict: the guest was erased already.
    """
    row = connection.execute(select(table_of(Guest)).where(_G.id == survivor_in(connection, guest_id))).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    if row.erased_at is not None:
        raise Conflict(_("Guest {number} was erased already.").format(number=guest_id))
    guests = sorted({row.id, *absorbed_in(connection, [row.id])})
    pairs = connection.execute(select(_G.given, _G.surname, _G.folded).where(_G.id.in_(guests))).all()
    addresses = set(connection.execute(select(_E.folded).where(_E.guest_id.in_(guests))).scalars())
    numbers = set(connection.execute(select(_P.number).where(_P.guest_id.in_(guests))).scalars())
    shared = _held_by_others(connection, addresses, guests)
    namesake = _has_namesake(connection, {pair.folded for pair in pairs}, guests)
    names = tuple((pair.given, pair.surname) for pair in pairs)
    own = tuple(sorted(addresses - shared))
    alone = tuple(sorted(numbers - _numbers_of_others(connection, numbers, guests)))
    return Person(
        id=row.id,
        guests=tuple(guests),
        name=display_text(f"{row.given} {row.surname}".strip()),
        created_at=row.created_at,
        addresses=frozenset(own),
        shared=frozenset(shared),
        names=frozenset(_spoken(given, surname) for given, surname in names),
        namesake=namesake,
        elsewhere=Mentions(() if namesake else names, own, alone),
        here=Mentions(names, own, alone, alone=True),
    )


def _spoken(given: str, surname: str) -> str:
    return " ".join(fold_text(f"{given} {surname}").split())


def _held_by_others(connection: Connection, addresses: Collection[str], guests: Collection[int]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(addresses)):
        query = select(_E.folded).join(Guest, _G.id == _E.guest_id)
        query = query.where(_E.folded.in_(chunk), _E.guest_id.not_in(guests), _G.erased_at.is_(None))
        found.update(connection.execute(query).scalars())
    return found


def _numbers_of_others(connection: Connection, numbers: Collection[str], guests: Collection[int]) -> set[str]:
    query = select(_P.number).where(_P.number.in_(sorted(numbers)), _P.guest_id.not_in(guests))
    return set(connection.execute(query).scalars())


def _has_namesake(connection: Connection, folded: Collection[str], guests: Collection[int]) -> bool:
    query = select(_G.id).where(_G.folded.in_(sorted(folded)), _G.id.not_in(guests), _G.merged_into.is_(None))
    return connection.execute(query.limit(1)).first() is not None
