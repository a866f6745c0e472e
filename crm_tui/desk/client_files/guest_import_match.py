"""Which guests the rows of a file are about, and what would change (SPEC §6: idempotent by external reference)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Consent, Guest, GuestAttribute, GuestEmail, GuestPhone
from crm_tui.desk.client_base.guest_contacts import Entry, entries
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.client_files.guest_import_views import Match, Ready
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.rules.mail_addresses import address_key

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_N = columns(Consent)
_T = columns(GuestAttribute)


@dataclass(slots=True)
class Standing:
    """A guest as the store has it.

    Attributes:
        row: the columns.
        emails, phones: as the journal tells them.
        tags: numbers of attributes.
        said: channel to what holds: given, day, source.
    """

    row: Mapping[str, Any]
    emails: list[Entry] = field(default_factory=list)
    phones: list[Entry] = field(default_factory=list)
    tags: set[int] = field(default_factory=set)
    said: dict[str, tuple[bool, date, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a row changes of a guest: columns, lists, attributes to tag with, consents to note."""

    columns: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, list[Entry]] = field(default_factory=dict)
    tags: list[int] = field(default_factory=list)
    said: list[tuple[Any, date]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.columns or self.lists or self.tags or self.said)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that change."""
        more = (("attributes", self.tags), *((f"consent_{one.channel}", one) for one, _day in self.said))
        return (*(name for name in self.columns if name != "folded"), *self.lists, *(name for name, on in more if on))


def find(connection: Connection, rows: Sequence[Ready], match: Match) -> list[int]:
    """The guest of each row; 0 for those that are new.

    A reference leads to its guest, or to the one who took that guest over. Without one a row is about the guest who has one
    of its addresses and the same name, and no other reference. The desk's own number counts where name or address agree.
    """
    found = [0] * len(rows)
    references = _by_reference(connection, {row.reference for row in rows if row.reference})
    for at, row in enumerate(rows):
        found[at] = references.get(row.reference, 0) if row.reference else 0
    rest = [at for at in range(len(rows)) if not found[at]]
    _by_number(connection, rows, rest, found)
    if match is Match.MAIL:
        _by_mail(connection, rows, [at for at in rest if not found[at]], found)
    return found


def _by_reference(connection: Connection, references: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(sorted(references)):
        query = select(_G.reference, _G.id, _G.merged_into).where(_G.reference.in_(chunk), _G.reference != "")
        for row in connection.execute(query):
            found[row.reference] = row.id if row.merged_into is None else survivor_in(connection, row.id)
    return found


def _by_number(connection: Connection, rows: Sequence[Ready], places: Sequence[int], found: list[int]) -> None:
    claimed = {at: rows[at].number for at in places if rows[at].number}
    known: dict[int, tuple[str, str]] = {}
    for chunk in chunks(sorted(set(claimed.values()))):
        query = select(_G.id, _G.folded, _G.reference).where(_G.id.in_(chunk), _G.merged_into.is_(None))
        known |= {row.id: (row.folded, row.reference) for row in connection.execute(query)}
    mails = _addresses(connection, known)
    for at, number in claimed.items():
        row = rows[at]
        folded, reference = known.get(number, ("", ""))
        agree = folded == row.folded or bool(_folded(row) & mails.get(number, set()))
        if number in known and agree and reference in ("", row.reference):
            found[at] = number


def _addresses(connection: Connection, guests: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for chunk in chunks(guests):
        for row in connection.execute(select(_E.guest_id, _E.folded).where(_E.guest_id.in_(chunk))):
            found.setdefault(row.guest_id, set()).add(address_key(row.folded))
    return found


def _folded(row: Ready) -> set[str]:
    return {address_key(text) for text, _label in row.emails or ()}


def keys(row: Ready) -> set[tuple[str, str]]:
    """What a row is known by within its file: two rows that share one are about the same guest."""
    if row.reference:
        return {("reference", row.reference)}
    return {(mail, row.folded) for mail in _folded(row)} or ({("number", str(row.number))} if row.number else set())


def _by_mail(connection: Connection, rows: Sequence[Ready], places: Sequence[int], found: list[int]) -> None:
    wanted = {mail for at in places for mail in _folded(rows[at])}
    known: dict[tuple[str, str], tuple[bool, int, str]] = {}
    for chunk in chunks(sorted(wanted)):
        query = (
            select(_E.folded.label("mail"), _G.folded, _G.id, _G.archived_at, _G.reference)
            .join(Guest, _G.id == _E.guest_id)
            .where(_E.folded.in_(chunk), _G.merged_into.is_(None))
        )
        for one in connection.execute(query):
            entry = (one.archived_at is not None, one.id, one.reference)  # those in use first, then the oldest
            key = (one.mail, one.folded)
            known[key] = min(known.get(key, entry), entry)
    for at in places:
        row = rows[at]
        fitting = [known[mail, row.folded] for mail in _folded(row) if (mail, row.folded) in known]
        fitting = [one for one in fitting if not one[2] or not row.reference]
        if fitting:
            found[at] = min(fitting)[1]


def standing(connection: Connection, guests: Iterable[int]) -> dict[int, Standing]:
    """The guests as they are."""
    found: dict[int, Standing] = {}
    for chunk in chunks(sorted({number for number in guests if number})):
        rows = connection.execute(select(table_of(Guest)).where(_G.id.in_(chunk))).mappings()
        found |= {row["id"]: Standing(dict(row)) for row in rows}
        mails = select(_E.guest_id, _E.address, _E.label).where(_E.guest_id.in_(chunk))
        for guest, text, label in connection.execute(mails.order_by(_E.position, _E.id)):
            found[guest].emails += entries("emails", [(text, label)])
        phones = select(_P.guest_id, _P.number, _P.label).where(_P.guest_id.in_(chunk))
        for guest, text, label in connection.execute(phones.order_by(_P.position, _P.id)):
            found[guest].phones += entries("phones", [(text, label)])
        for guest, tag in connection.execute(select(_T.guest_id, _T.attribute_id).where(_T.guest_id.in_(chunk))):
            found[guest].tags.add(tag)
        said = select(_N.guest_id, _N.channel, _N.given, _N.day, _N.source).where(_N.guest_id.in_(chunk))
        for guest, channel, given, day, source in connection.execute(said.order_by(_N.id)):
            found[guest].said[channel] = (bool(given), day, source)
    return found


def changes(row: Ready, now: Standing, tags: Iterable[int]) -> Changes:
    """What the row says otherwise than the guest stands; what it does not give stays."""
    found = Changes()
    for name, value in row.values.items():
        if name == "reference" and now.row["reference"]:
            continue  # the guest was found by it, or by that of one who was merged
        if now.row[name] != value:
            found.columns[name] = value
    if "surname" in found.columns or "given" in found.columns:
        surname, given = row.values.get("surname", now.row["surname"]), row.values.get("given", now.row["given"])
        found.columns["folded"] = folded_name(surname, given)
    for name, given_list, before in (("emails", row.emails, now.emails), ("phones", row.phones, now.phones)):
        if given_list is not None and (wanted := entries(name, given_list, before)) != before:
            found.lists[name] = wanted
    found.tags = [tag for tag in tags if tag not in now.tags]
    for said, day in row.said:
        holds = now.said.get(said.channel)
        if holds is None or not _same_word(said, day, holds):
            found.said.append((said, day))
    return found


def _same_word(said: Any, day: date, holds: tuple[bool, date, str]) -> bool:
    """A no without a day or a source is the no that stands already."""
    given, at, source = holds
    if said.given != given:
        return False
    return (at == day and source == said.source) or (not given and not said.source)
