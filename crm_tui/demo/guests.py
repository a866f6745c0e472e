"""The client base of the sample hotel: who came before, what they like, said and were told, and who wrote and booked.

Written as rows in one transaction: a desk that is opened for the first time should not wait for a hundred commands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlmodel import SQLModel

from crm_tui.data.bulk import allocate, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Agent,
    Attribute,
    CompanyContact,
    Consent,
    Event,
    EventType,
    Guest,
    GuestAttribute,
    GuestEmail,
    GuestPhone,
    Journal,
    Memo,
)
from crm_tui.demo.clients import Client, clients
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.mail.text import fold_text

_G = columns(Guest)
_PLAIN: Mapping[str, Any] = {
    **dict.fromkeys(("given", "language", "nationality", "document", "passport", "street", "postcode", "city"), ""),
    **dict.fromkeys(("region", "country", "tax_number", "remarks"), ""),
    **dict.fromkeys(("birth_date", "passport_expiry", "archived_at"), None),
}
_WROTE = (("Booked", 8), ("Done", 4))
"""From which folder senders are known as guests, and how many."""


def add(ctx: Context, languages: Mapping[str, str]) -> int:
    """Fill the client base, once; returns how many guests were added.

    Args:
        languages: of those who wrote, by address.
    """
    wrote = list(_who_wrote(ctx, languages))
    with ctx.write() as tx:
        today = tx.now.astimezone(zone(tx.connection)).date()
        found = _unknown(tx, [*clients(today), *wrote])
        _Book(tx, found).write(today)
    return len(found)


def _who_wrote(ctx: Context, languages: Mapping[str, str]) -> Iterable[Client]:
    """The senders of some finished conversations, numbered from 3001 on."""
    number = 3000
    for place, most in _WROTE:
        for row in _senders(folders.page(ctx, ListQuery(place), limit=100).rows, languages)[:most]:
            number += 1
            given, _space, surname = row.counterpart.name.partition(" ")
            fields: dict[str, object] = {"reference": str(number), "kind": "person", "surname": surname}
            made = Client(fields | {"given": given, "language": languages[row.counterpart.address]}, since=20)
            made.emails.append((row.counterpart.address, ""))
            yield made


def _senders(rows: Iterable[ConversationRow], languages: Mapping[str, str]) -> list[ConversationRow]:
    """Conversations of persons, one each, that no inquiry was made of."""
    found: dict[str, ConversationRow] = {}
    for row in rows:
        address = row.counterpart.address
        if row.inquiry is None and address in languages and " " in row.counterpart.name and "reply" not in address:
            found.setdefault(address, row)
    return list(found.values())


def _unknown(tx: Transaction, found: Sequence[Client]) -> list[Client]:
    """Those whose reference and mail nobody has yet, so that an interrupted start goes on."""
    references = set(tx.connection.execute(select(_G.reference).where(_G.reference != "")).scalars())
    addresses = set(tx.connection.execute(select(columns(GuestEmail).folded)).scalars())
    shared = {one.reference for one in found if one.reference < "3000"}
    return [
        one
        for one in found
        if one.reference not in references
        and (one.reference in shared or not addresses & {address.lower() for address, _label in one.emails})
    ]


class _Book:
    """The rows of the client base, gathered table by table."""

    def __init__(self, tx: Transaction, found: Sequence[Client]) -> None:
        self.tx = tx
        self.found = found
        self.ids = dict(
            zip((one.reference for one in found), allocate(tx.connection, "guest", len(found)), strict=True)
        )
        self.rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
        self.agents = list(tx.connection.execute(select(columns(Agent).id, columns(Agent).name)).all())
        types = columns(EventType)
        self.types: dict[str, int] = dict(
            tx.connection.execute(select(types.code, types.id).where(types.code != "")).all()
        )

    def put(self, model: type[SQLModel], **row: Any) -> None:
        """Keep a row for the end."""
        self.rows.setdefault(model, []).append(row)

    def write(self, today: date) -> None:
        """All of it, parents first."""
        attributes = self._attributes()
        for one in self.found:
            self._guest(one)
            self._said(one, today)
            self._happened(one)
            for name in one.tags:
                at = self._ago(one.since)
                self.put(GuestAttribute, guest_id=self.ids[one.reference], attribute_id=attributes[name], at=at)
        for model, rows in self.rows.items():
            insert_rows(self.tx.connection, model, rows)

    def _attributes(self) -> dict[str, int]:
        names = columns(Attribute)
        query = select(names.folded, names.id).where(names.removed_at.is_(None))
        known: dict[str, int] = dict(self.tx.connection.execute(query).all())
        wanted = sorted({name for one in self.found for name in one.tags})
        new = [name for name in wanted if fold_text(name) not in known]
        made = dict(zip(new, allocate(self.tx.connection, "attribute", len(new)), strict=True))
        for name, number in made.items():
            at = self._ago(900)
            self.put(Attribute, id=number, name=name, folded=fold_text(name), created_at=at)
            self._told("attribute", number, "create", {"name": name}, at, self.agents[0])
        return {name: made.get(name) or known[fold_text(name)] for name in wanted}

    def _guest(self, one: Client) -> None:
        number, at = self.ids[one.reference], self._ago(one.since)
        names = folded_name(str(one.fields["surname"]), str(one.fields["given"]))
        archived = self._ago(200) if one.archived else None
        row = {**_PLAIN, **one.fields, "folded": names, "archived_at": archived}
        self.put(Guest, id=number, created_at=at, updated_at=archived or at, **row)
        for position, (address, label) in enumerate(one.emails):
            mail = {"address": address, "folded": address.lower(), "label": label}
            self.put(GuestEmail, guest_id=number, position=position, **mail)
        for position, (phone, label) in enumerate(one.phones):
            self.put(GuestPhone, guest_id=number, position=position, number=phone, label=label)
        told = {name: plain(value) for name, value in one.fields.items()}
        contacts = {"emails": [mail for mail, _ in one.emails], "phones": [phone for phone, _ in one.phones]}
        self._told("guest", number, "create", told | contacts, at, self._agent(number))
        for position, (person, role) in enumerate(one.contacts):
            ids = {"company_id": number, "person_id": self.ids[person]}
            self.put(CompanyContact, **ids, position=position, role=role)

    def _said(self, one: Client, today: date) -> None:
        number = self.ids[one.reference]
        for said in one.consents:
            agent = self._agent(number + said.ago)
            row = {"channel": said.channel, "given": said.given, "day": today - timedelta(days=said.ago)}
            self.put(Consent, guest_id=number, **row, source=said.source, agent_id=agent.id, at=self._ago(said.ago))

    def _happened(self, one: Client) -> None:
        number = self.ids[one.reference]
        for ago, kind, text in one.events:
            at, agent = self._ago(ago), self._agent(number + ago)
            row = {"type_id": self.types[kind], "guest_id": number, "text": text}
            self.put(Event, **row, at=at, author_id=agent.id, created_at=at)
        for text in one.memos:
            at = self._ago(max(2, one.since // 3))
            self.put(Memo, guest_id=number, author_id=self._agent(number).id, text=text, created_at=at)

    def _ago(self, days: int) -> datetime:
        """Some minute of a working day that many days ago."""
        return self.tx.now.replace(minute=days * 7 % 60, second=0, microsecond=0) - timedelta(days=days, hours=1)

    def _agent(self, number: int) -> Any:
        return self.agents[number % len(self.agents)]

    def _told(self, entity: str, number: int, action: str, after: dict[str, Any], at: datetime, agent: Any) -> None:
        """A row of the journal as the command of that day would have left it."""
        command = f"{self.tx.command[:16]}{uuid5(NAMESPACE_OID, f'{entity}/{number}').hex[:16]}"
        row = {"agent_id": agent.id, "actor": agent.name, "command": command, "undoable": False, "before": None}
        thing = {"entity": entity, "entity_id": number, "action": action, "after": json.dumps(after)}
        self.put(Journal, at=at, **row, **thing, version=1 if entity == "guest" else None)
