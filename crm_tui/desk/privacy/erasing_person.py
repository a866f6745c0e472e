"""Who is meant when a guest is erased: everyone merged into the guest, and by what the store may name the person (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone, Journal
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.correspondence.mailbox import own_keys
from crm_tui.desk.merges.guest_merging import absorbed_in, survivor_in
from crm_tui.mail.automatic import unattended
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.mail_addresses import address_key, spellings
from crm_tui.rules.mentions import Mentions, spoken, telling

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_J = columns(Journal)


@dataclass(frozen=True, slots=True)
class Person:
    """A guest who is to be erased.

    Attributes:
        id: the guest who is alive; ``guests`` are this one and all that were merged into it.
        name: as people call the guest, safe to show; for questions only, it is stored nowhere.
        created_at: tells whether a number means the same guest in an older copy of the store.
        addresses: mail addresses in lower case that are nobody else's, those that the profile had before too. Our own
            never count.
        shared: those that another guest has too, or from which machines write: they do not tell whose a mail is.
        names: folded, as a sender's name is compared.
        surnames: those that the profiles have and had, as they are written.
        namesake: another guest is called the same, so the name alone tells nothing.
        common: a name is not looked for elsewhere: it is one name alone, or made of ordinary short words.
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
    common: bool
    elsewhere: Mentions
    here: Mentions
    surnames: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What stands in the place of the name."""
        return label_of(self.id)


def label_of(guest_id: int) -> str:
    """What stands in the place of an erased guest's name; the number is the one that the row keeps."""
    return _("erased guest #{number}").format(number=guest_id)


def person_in(connection: Connection, guest_id: int, also: Iterable[int] = ()) -> Person:
    """Who a number means, whichever of the merged ones it is.

    Args:
        also: further guests who are the same person, though nobody has merged them here.

    Raises:
        NotFound: there is no such guest.
        Conflict: the guest was erased already.
    """
    row = connection.execute(select(table_of(Guest)).where(_G.id == survivor_in(connection, guest_id))).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    if row.erased_at is not None:
        raise Conflict(_("Guest {number} was erased already.").format(number=guest_id))
    guests = sorted({row.id, *also, *absorbed_in(connection, [row.id, *also])})
    return person_of(connection, row, guests)


def person_of(connection: Connection, row: Any, guests: Collection[int]) -> Person:
    """These guests, as one person; ``row`` is the one that is alive."""
    said = _ever(connection, guests)
    numbers = set(connection.execute(select(_P.number).where(_P.guest_id.in_(guests))).scalars())
    written = said.addresses | _addresses(connection, guests)
    ours = own_keys(connection)
    addresses = {one for address in written if address_key(address) not in ours for one in spellings(address)}
    shared = _held_by_others(connection, addresses, guests) | {one for one in addresses if unattended(one)}
    names = tuple(dict.fromkeys((*said.names,)))
    ways = tuple(dict.fromkeys(way for given, surname in names for way in spoken(given, surname)))
    others = _of_others(connection, ways, guests)
    looked_for = tuple(one for one in ways if telling(*one) and one not in others)
    own = tuple(sorted(addresses - shared))
    alone = tuple(sorted(numbers - _numbers_of_others(connection, numbers, guests)))
    return Person(
        id=row.id,
        guests=tuple(sorted(guests)),
        name=display_text(f"{row.given} {row.surname}".strip()),
        created_at=row.created_at,
        addresses=frozenset(own),
        shared=frozenset(shared),
        names=frozenset(_spoken(given, surname) for given, surname in names),
        namesake=bool(others),
        common=any(not telling(*one) for one in names),
        elsewhere=Mentions(looked_for, own, alone),
        here=Mentions(ways, own, alone, alone=True),
        surnames=tuple(dict.fromkeys(surname for _given, surname in names if surname.strip())),
    )


@dataclass(frozen=True, slots=True)
class _Ever:
    names: tuple[tuple[str, str], ...]
    addresses: set[str]


def _addresses(connection: Connection, guests: Collection[int]) -> set[str]:
    return set(connection.execute(select(_E.folded).where(_E.guest_id.in_(guests))).scalars())


def _ever(connection: Connection, guests: Collection[int]) -> _Ever:
    """The names that the profiles have and had, and the addresses they had, by the journal."""
    current = {
        row.id: (row.given, row.surname)
        for row in connection.execute(select(_G.id, _G.given, _G.surname).where(_G.id.in_(guests)))
    }
    names = dict.fromkeys(current.values())
    addresses: set[str] = set()
    query = select(_J.entity_id, _J.before, _J.after).where(_J.entity == "guest", _J.entity_id.in_(guests))
    now = dict(current)
    for row in connection.execute(query.order_by(_J.id.desc())):
        # from the newest back: what a change did not touch was as it is later
        for side in (row.after, row.before):
            values = side if isinstance(side, dict) else {}
            given, surname = now.get(row.entity_id, ("", ""))
            was = (_text(values.get("given"), given), _text(values.get("surname"), surname))
            now[row.entity_id] = was
            if was[1]:
                names[was] = None
            addresses.update(_mails(values.get("emails")))
    return _Ever(tuple(names), addresses)


def _text(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) else otherwise


def _mails(entries: Any) -> Iterable[str]:
    for one in entries if isinstance(entries, list) else ():
        address = one.get("address") if isinstance(one, dict) else one
        if isinstance(address, str) and "@" in address:
            yield address.strip().lower()


def _spoken(given: str, surname: str) -> str:
    return " ".join(fold_text(f"{given} {surname}").split())


def _held_by_others(connection: Connection, addresses: Collection[str], guests: Collection[int]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(addresses)):
        query = select(_E.folded).join(Guest, _G.id == _E.guest_id)
        query = query.where(_E.folded.in_(chunk), _E.guest_id.not_in(guests), _G.erased_at.is_(None))
        found.update(one for held in connection.execute(query).scalars() for one in spellings(held))
    return found


def _numbers_of_others(connection: Connection, numbers: Collection[str], guests: Collection[int]) -> set[str]:
    query = select(_P.number).where(_P.number.in_(sorted(numbers)), _P.guest_id.not_in(guests))
    return set(connection.execute(query).scalars())


def _of_others(
    connection: Connection, names: Collection[tuple[str, str]], guests: Collection[int]
) -> set[tuple[str, str]]:
    """Those of the names that another guest bears too."""
    folded = {folded_name(surname, given): (given, surname) for given, surname in names}
    query = select(_G.folded).where(_G.folded.in_(sorted(folded)), _G.id.not_in(guests), _G.merged_into.is_(None))
    held = set(connection.execute(query).scalars())
    return {(given, surname) for given, surname in names if folded_name(surname, given) in held}
