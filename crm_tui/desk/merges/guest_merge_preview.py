"""What a merge of guests would make, side by side (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Attribute,
    GuestApart,
    GuestAttribute,
    Inquiry,
    Package,
    Reservation,
)
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.histories.history_words import day
from crm_tui.desk.merges.guest_merge_consents import said_in, united
from crm_tui.desk.merges.guest_merge_fields import CAUTIOUS, FIELDS, JOINED, TITLES, joined, sources
from crm_tui.desk.merges.guest_merge_fields import differences as differences_of
from crm_tui.desk.merges.guest_merge_moves import CONTACTS, OWNED, SHARED, contacts_of
from crm_tui.desk.merges.guest_merge_views import (
    THINGS,
    Difference,
    MergeConsent,
    MergeField,
    MergeGuest,
    MergeMove,
    MergePreview,
    MergeUnion,
)
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ConsentChannel


def preview_in(connection: Connection, actor: Actor, rows: Sequence[Any], choices: Mapping[str, int]) -> MergePreview:
    """The preview of guests that may be merged.

    Args:
        rows: their columns, the main profile first.
    """
    ids = [row.id for row in rows]
    contacts = {word: [contacts_of(connection, word, one) for one in ids] for word in CONTACTS}
    return MergePreview(
        tuple(_guest(row, [contacts[word][place] for word in CONTACTS]) for place, row in enumerate(rows)),
        tuple(_fields(rows, choices)),
        (*_contacts(ids, contacts, choices), _attributes(connection, ids)),
        tuple(_consents(connection, ids)),
        tuple(_moves(connection, actor, ids)),
        tuple(difference_views(differences_of(rows))),
        _apart(connection, ids),
    )


def _guest(row: Any, contacts: Sequence[Sequence[Any]]) -> MergeGuest:
    mails, phones = contacts
    name = display_text(f"{row.given} {row.surname}".strip())
    known = [
        name,
        *(display_text(one["address"]) for one in mails[:1]),
        *(international(one["number"]) for one in phones[:1]),
    ]
    return MergeGuest(row.id, name, row.kind, " · ".join(known), row.version, row.created_at)


def _fields(rows: Sequence[Any], choices: Mapping[str, int]) -> list[MergeField]:
    chosen = sources(rows, choices)
    found = []
    for name in FIELDS:
        values = tuple(shown(row, name) for row in rows)
        if any(values):
            result = shown(next((row for row in rows if row.id == chosen[name]), rows[0]), name)
            if name == "remarks" and chosen[name] == JOINED:
                result = display_text(joined(rows), multiline=True)
            differs = len({one for one in values if one}) > 1
            cautious = name in CAUTIOUS and any(one[0] == name for one in differences_of(rows))
            found.append(MergeField(name, _(TITLES[name]), values, chosen[name], result, differs, cautious))
    return found


def shown(row: Any, name: str) -> str:
    """A field as people read it; empty where the profile says nothing."""
    if name == "address":
        town = f"{row.postcode} {row.city}".strip()
        return display_text(", ".join(part for part in (row.street, town, row.region, row.country) if part))
    parts = []
    for column in FIELDS[name]:
        value = getattr(row, column)
        if isinstance(value, date):
            parts.append(day(value.isoformat()))
        elif value:
            parts.append(display_text(str(value), multiline=name == "remarks"))
    if name == "passport" and row.passport_expiry is not None:
        said = _("valid until {day}").format(day=parts.pop())
        return f"{parts[0]} ({said})" if parts else said
    return " ".join(parts)


def difference_views(found: Sequence[tuple[str, Any, Any]]) -> list[Difference]:
    """What speaks against their being one, in words."""
    return [
        Difference(name, _(TITLES[name]), _short(one, name), _short(other, name), (one.id, other.id))
        for name, one, other in found
    ]


def _short(row: Any, name: str) -> str:
    return display_text(row.passport) if name == "passport" else shown(row, name)


def _contacts(
    ids: Sequence[int], contacts: Mapping[str, Sequence[Sequence[Any]]], choices: Mapping[str, int]
) -> list[MergeUnion]:
    found = []
    for word, (_model, key) in CONTACTS.items():
        have: dict[str, list[int]] = {}
        texts: dict[str, str] = {}
        order = sorted(range(len(ids)), key=lambda place: (choices.get(word) != ids[place], place))
        for place in order:
            for row in contacts[word][place]:
                have.setdefault(row[key], []).append(ids[place])
                said = display_text(row["address"]) if word == "emails" else international(row["number"])
                texts.setdefault(row[key], f"{said} ({display_text(row['label'])})" if row["label"] else said)
        found.append(MergeUnion(word, _(TITLES[word]), tuple((texts[one], tuple(who)) for one, who in have.items())))
    return found


def _attributes(connection: Connection, ids: Sequence[int]) -> MergeUnion:
    tags, names = columns(GuestAttribute), columns(Attribute)
    query = select(names.name, tags.guest_id).join(Attribute, names.id == tags.attribute_id)
    query = query.where(tags.guest_id.in_(ids), names.removed_at.is_(None)).order_by(names.folded, tags.guest_id)
    have: dict[str, list[int]] = {}
    for row in connection.execute(query):
        have.setdefault(display_text(row.name), []).append(row.guest_id)
    return MergeUnion("attributes", _("attributes"), tuple((name, tuple(who)) for name, who in have.items()))


def _consents(connection: Connection, ids: Sequence[int]) -> list[MergeConsent]:
    said = [said_in(connection, one) for one in ids]
    return [
        MergeConsent(channel, tuple(one.get(channel) for one in said), united(said, channel))
        for channel in ConsentChannel
        if any(channel in one for one in said)
    ]


def _apart(connection: Connection, ids: Sequence[int]) -> tuple[tuple[int, int], ...]:
    names = columns(GuestApart)
    query = select(names.guest_id, names.other_id).where(names.guest_id.in_(ids), names.other_id.in_(ids))
    return tuple((row.guest_id, row.other_id) for row in connection.execute(query))


# What goes over


def _moves(connection: Connection, actor: Actor, ids: Sequence[int]) -> list[MergeMove]:
    found = []
    for word, title in THINGS.items():
        counts = tuple(_count(connection, actor, word, one) for one in ids)
        if any(counts):
            found.append(MergeMove(word, _(title), counts))
    return found


def _count(connection: Connection, actor: Actor, word: str, guest_id: int) -> int:
    """How many there are that the actor may see."""
    if word == "conversations":
        from crm_tui.desk.client_base.guest_mail import conversations_of  # which asks who survived a merge

        return len(conversations_of(connection, actor, [guest_id]))
    query = _query(word, guest_id)
    return int(connection.execute(query, {scope.BIND: actor.scopes}).scalar() or 0)


def _query(word: str, guest_id: int) -> Any:
    if word in SHARED:
        shared = SHARED[word]
        table = table_of(shared.model)
        query = select(func.count()).select_from(table).where(table.c[shared.guest] == guest_id)
        if word == "inquiries":
            inquiries = columns(Inquiry)
            kept = select(inquiries.id).where(inquiries.removed_at.is_(None), scope.visible(inquiries.scope))
            return query.where(table.c.inquiry_id.in_(kept.where(inquiries.id == table.c.inquiry_id)))
        if word == "packages":
            packages = columns(Package)
            return query.where(table.c.package_id.in_(select(packages.id).where(packages.removed_at.is_(None))))
        if word == "reservations":
            stays = columns(Reservation)
            return query.where(table.c.reservation_id.in_(select(stays.id).where(stays.removed_at.is_(None))))
        return query
    model, column = OWNED[word]
    table = table_of(model)
    query = select(func.count()).select_from(table).where(table.c[column] == guest_id, *_seen(table))
    return query.where(table.c.removed_at.is_(None)) if "removed_at" in table.c else query


def _seen(table: Any) -> list[Any]:
    """What is on a conversation or an inquiry too is as hidden as that."""
    found = [scope.of_visible(table.c.conversation_id)] if "conversation_id" in table.c else []
    if "inquiry_id" in table.c:
        inquiries = columns(Inquiry)
        inside = select(inquiries.id).where(inquiries.id == table.c.inquiry_id, scope.visible(inquiries.scope))
        found.append(or_(table.c.inquiry_id.is_(None), inside.exists()))
    return found
