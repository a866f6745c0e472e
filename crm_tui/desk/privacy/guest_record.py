"""Everything that is held on one guest, to be handed out (SPEC §6): as plain values, as readable text, with the files.

Complete but for two things. What an inquiry's scope hides from whoever asks is left out, and how much that is, is said, so
that somebody who sees it can hand out the rest. And of conversations with other guests only the guest's own mail is given:
the rest is theirs.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import CrmError, StoreError
from crm_tui.base.i18n import _
from crm_tui.base.paths import DIRECTORY_MODE, FILE_MODE
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Attachment,
    Attribute,
    CompanyContact,
    Consent,
    Conversation,
    Draft,
    Event,
    EventType,
    Feedback,
    Flight,
    Folio,
    Guest,
    GuestAttribute,
    GuestEmail,
    GuestMerge,
    GuestPhone,
    Inquiry,
    InternalMessage,
    Journal,
    Mailing,
    MailingItem,
    Memo,
    Message,
    MessageText,
    NoticeStop,
    OutboxItem,
    Package,
    PackageGuest,
    Payment,
    PaymentNotice,
    Posting,
    QualityCost,
    Reminder,
    Reservation,
    ScheduleLine,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require, require_in
from crm_tui.desk.correspondence import reading
from crm_tui.desk.privacy.erasing_person import person_in
from crm_tui.desk.privacy.erasing_reach import Reach, inquiries_with, reach_of, reservations_with
from crm_tui.desk.quality import quality_given
from crm_tui.mail.attachments import safe_name
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_M = columns(Message)
_X = columns(MessageText)
_C = columns(Conversation)
_J = columns(Journal)

_INTERNAL = frozenset({"folded", "folded_destination", "version", "search_rowid", "content_key", "led_by", "digest"})
"""Columns that only serve the program: nothing about a person stands there alone."""
_AMOUNTS = {"value": "currency", "amount": "currency", "budget": "budget_currency", "price": "price_currency"}


def record(ctx: Context, guest_id: int) -> dict[str, Any]:
    """Everything that is held on a guest, as JSON values.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such guest.
        Conflict: the guest was erased.
    """
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.GUEST_RECORD)
        person = person_in(connection, guest_id)
        found = reach_of(connection, person)
        read = _Reader(connection, ctx, found)
        whole = read.profile() | read.mail() | read.requests() | read.notes() | read.traces()
        return {"made_at": _plain(ctx.clock.now()), "guest": person.id} | whole | {"left_out": read.left_out}


class _Reader:
    """Reads one guest; what the actor may not see is counted."""

    def __init__(self, connection: Connection, ctx: Context, found: Reach) -> None:
        self.connection = connection
        self.scopes = ctx.actor.scopes
        self.found = found
        self.guests = found.person.guests
        self.left_out: dict[str, int] = {}
        names = columns(Agent)
        rows = connection.execute(select(names.id, names.name))
        self.agents = {row.id: display_text(row.name) for row in rows}

    def rows(self, model: Any, column: str, values: Collection[Any], *but: str) -> list[dict[str, Any]]:
        """Rows of a table, as JSON values, without the columns named."""
        own = columns(model)
        found: list[dict[str, Any]] = []
        for chunk in chunks(sorted(values)):
            query = select(table_of(model)).where(own[column].in_(chunk)).order_by(*table_of(model).primary_key)
            found += [self._values(row, but) for row in self.connection.execute(query)]
        return found

    def _values(self, row: Row[Any], but: Iterable[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in row._mapping.items():
            if name in _INTERNAL or name in but:
                continue
            if name in _AMOUNTS and _AMOUNTS[name] in row._mapping:
                values[name] = None if value is None else Money(value, row._mapping[_AMOUNTS[name]]).decimal
            elif name.endswith("_id") and name.removesuffix("_id") in (
                "agent",
                "author",
                "assignee",
                "handler",
                "from",
                "to",
            ):
                values[name.removesuffix("_id")] = self.agents.get(value)
            else:
                values[name] = _plain(value)
        return values

    def profile(self) -> dict[str, Any]:
        """Fields, addresses, numbers, consents with their history, attributes, packages, companies, mailings."""
        tags = [one["attribute_id"] for one in self.rows(GuestAttribute, "guest_id", self.guests)]
        packages = [one["package_id"] for one in self.rows(PackageGuest, "guest_id", self.guests)]
        written = self.rows(MailingItem, "guest_id", self.guests, "outbox_id")
        return {
            "profiles": self.rows(Guest, "id", self.guests),
            "emails": self.rows(GuestEmail, "guest_id", self.guests, "id", "position"),
            "phones": self.rows(GuestPhone, "guest_id", self.guests, "id", "position"),
            "consents": self.rows(Consent, "guest_id", self.guests, "id"),
            "attributes": [one["name"] for one in self.rows(Attribute, "id", set(tags))],
            "packages": [one["name"] for one in self.rows(Package, "id", set(packages))],
            "companies": self.rows(CompanyContact, "person_id", self.guests, "position"),
            "contacts": self.rows(CompanyContact, "company_id", self.guests, "position"),
            "mailings": written,
            "mailing_texts": self.rows(
                Mailing, "id", {one["mailing_id"] for one in written}, "account_id", "template_id"
            ),
            "merges": self._merges(),
            "payment_reminders": self._reminders(),
            "notice_stops": self.rows(NoticeStop, "id", self.found.stops),
        }

    def _reminders(self) -> list[dict[str, Any]]:
        """The reminders of payments; amounts are in the currency of their reservation."""
        own = columns(Reservation)
        query = select(own.id, own.currency)
        rows = self.rows(PaymentNotice, "id", self.found.notices, "token", "event_id", "outbox_id", "line_id")
        of = {one["reservation_id"] for one in rows}
        found = {
            row.id: row.currency
            for chunk in chunks(sorted(of))
            for row in self.connection.execute(query.where(own.id.in_(chunk)))
        }
        return [one | {"amount": Money(one["amount"], found[one["reservation_id"]] or "EUR").decimal} for one in rows]

    def _merges(self) -> list[dict[str, Any]]:
        """The merges; of one that was taken apart, or with somebody else now, that it was: the rest may be another's."""
        rows = self.rows(GuestMerge, "id", self.found.merges)
        both = [{one["survivor_id"], one["absorbed_id"]} <= {*self.guests} and not one["undone_at"] for one in rows]
        return [
            one if whole else {name: value for name, value in one.items() if name not in ("before", "after")}
            for one, whole in zip(rows, both, strict=True)
        ]

    def mail(self) -> dict[str, Any]:
        """Conversations with every message's text, addresses and names of files; drafts; what waits or went out."""
        numbers = self._seen(
            Conversation, self.found.conversations | self._talks_of(self.found.messages), "conversations"
        )
        own = set(self.found.messages)
        talks = []
        for one in self.rows(Conversation, "id", numbers, "counterpart_name", "preview"):
            query = select(table_of(Message), _X.text, _X.details).outerjoin(MessageText, _X.message_id == _M.id)
            query = query.where(_M.conversation_id == one["id"]).order_by(_M.at, _M.id)
            letters = [row for row in self.connection.execute(query) if row.id in own]
            if letters:
                talks.append(one | {"messages": [self._letter(row) for row in letters]})
        drafts = self._seen_beside(self.rows(Draft, "id", self.found.drafts))
        sent = self._seen_beside(self.rows(OutboxItem, "id", self.found.outbox, "source", "token"))
        return {"conversations": talks, "drafts": drafts, "outbox": sent}

    def _talks_of(self, messages: Collection[int]) -> set[int]:
        found: set[int] = set()
        for chunk in chunks(sorted(messages)):
            found.update(self.connection.execute(select(_M.conversation_id).where(_M.id.in_(chunk))).scalars())
        return found

    def _letter(self, row: Row[Any]) -> dict[str, Any]:
        details = row.details or {}
        files = self.rows(Attachment, "message_id", [row.id], "message_id", "id", "content_id")
        people = {key: details[key] for key in ("to", "cc", "bcc", "reply_to") if details.get(key)}
        sender = {"name": display_text(row.sender_name), "address": display_text(row.sender_address)}
        facts = {
            name: _plain(getattr(row, name)) for name in ("id", "direction", "at", "sent_at", "received_at", "size")
        }
        texts = {"subject": display_text(row.subject), "text": display_text(row.text or "", multiline=True)}
        more = {key: details[key] for key in ("invitation", "links") if details.get(key)}
        return facts | {"from": sender} | people | texts | more | {"attachments": files}

    def requests(self) -> dict[str, Any]:
        """Inquiries and reservations, those where the guest only takes part too."""
        inquiries = self._seen(Inquiry, inquiries_with(self.connection, self.guests), "inquiries")
        bookings = reservations_with(self.connection, self.guests)
        reservations = [
            one | {name: self._amounts(model, one) for name, model in _PARTS}
            for one in self.rows(Reservation, "id", bookings)
        ]
        return {"inquiries": self.rows(Inquiry, "id", inquiries), "reservations": reservations}

    def _amounts(self, model: Any, booking: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Parts of a reservation; amounts are in its currency, where they name none."""
        rows = self.rows(model, "reservation_id", [booking["id"]], "reservation_id")
        own = booking["currency"]
        return [
            one | {"amount": Money(one["amount"], unit).decimal, "currency": unit} if "amount" in one else one
            for one in rows
            for unit in (one.get("currency") or own,)
        ]

    def notes(self) -> dict[str, Any]:
        """What agents wrote down: events, memos, reminders, messages to each other, complaints and compliments."""
        kinds = {row["id"]: row["name"] or row["code"] for row in self.rows(EventType, "id", self._all_ids(EventType))}
        events = [one | {"type": kinds.get(one.pop("type_id"))} for one in self.rows(Event, "id", self.found.events)]
        found: dict[str, Any] = {"events": self._seen_beside(events)}
        for name, model, ids in (
            ("memos", Memo, self.found.memos),
            ("reminders", Reminder, self.found.reminders),
            ("internal", InternalMessage, self.found.internal),
            ("feedback", Feedback, self.found.feedback),
        ):
            found[name] = self._seen_beside(self.rows(model, "id", ids))
        for one in found["feedback"]:
            one["given"] = self._given(quality_given.FEEDBACK, one["id"])
        found["quality_costs"] = self.rows(QualityCost, "id", self.found.given)
        for one in found["quality_costs"]:
            one["given"] = self._given(quality_given.COST, one["id"])
        return found

    def _given(self, owner: str, number: int) -> list[dict[str, Any]]:
        """What the guest was given, with amounts as the others of the record."""
        return [
            {
                "name": one.name,
                "quantity": one.quantity,
                "value": one.value.decimal,
                "currency": one.value.currency,
                "at": one.at.isoformat(),
            }
            for one in quality_given.of(self.connection, owner, [number]).get(number, ())
        ]

    def traces(self) -> dict[str, Any]:
        """What the journal says of the guest; exports are among it."""
        query = select(table_of(Journal)).where(_J.entity == "guest", _J.entity_id.in_(self.guests)).order_by(_J.id)
        hidden = ("agent_id", "command", "undoable")
        return {"journal": [self._values(row, hidden) for row in self.connection.execute(query)]}

    def _all_ids(self, model: Any) -> list[int]:
        return list(self.connection.execute(select(columns(model).id)).scalars())

    def _seen(self, model: Any, ids: Collection[int], kind: str) -> set[int]:
        """Those that the actor may see; the others are counted."""
        own = columns(model)
        found: set[int] = set()
        for chunk in chunks(sorted(ids)):
            query = select(own.id).where(own.id.in_(chunk), scope.visible(own.scope))
            found.update(self.connection.execute(query, {scope.BIND: self.scopes}).scalars())
        self._leave(kind, len(ids) - len(found))
        return found

    def _seen_beside(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those whose conversation and inquiry the actor may see."""
        kept = [one for one in rows if self._beside_seen(one)]
        self._leave("notes", len(rows) - len(kept))
        return kept

    def _beside_seen(self, one: Mapping[str, Any]) -> bool:
        for name, model in (("conversation_id", Conversation), ("inquiry_id", Inquiry)):
            if one.get(name) is not None:
                own = columns(model)
                query = select(own.id).where(own.id == one[name], scope.visible(own.scope))
                if self.connection.execute(query, {scope.BIND: self.scopes}).first() is None:
                    return False
        return True

    def _leave(self, kind: str, number: int) -> None:
        if number:
            self.left_out[kind] = self.left_out.get(kind, 0) + number


_PARTS: tuple[tuple[str, Any], ...] = (
    ("schedule", ScheduleLine),
    ("payments", Payment),
    ("flights", Flight),
    ("folios", Folio),
    ("postings", Posting),
)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return display_text(value, multiline=True)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def noted(ctx: Context, guest_id: int) -> None:
    """Note in the journal that everything on a guest was handed out."""
    with ctx.write() as tx:
        require(tx, Permission.GUEST_RECORD)
        tx.journal("guest", person_in(tx.connection, guest_id).id, "handed out")


def write_files(ctx: Context, whole: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the files of the guest's mail into a folder, one of mode 0600 each; returns where they are.

    Raises:
        StoreError: a file cannot be written.
    """
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
        for letter in (one for talk in whole["conversations"] for one in talk["messages"]):
            for part in letter["attachments"]:
                try:
                    content = reading.attachment(ctx, letter["id"], part["position"])
                except CrmError as error:
                    part["not_written"] = str(error)
                    continue
                name = f"{letter['id']}-{part['position']}-{safe_name(part['name'])}"
                made.append(_write_new(folder / name, content))
                part["file"] = name
    except OSError as error:
        raise StoreError(_("{path} cannot be written: {error}.").format(path=folder, error=error.strerror)) from None
    return made


def _write_new(path: Path, content: bytes) -> Path:
    """A new file; one that is there already stays, and a number is put before the name."""
    for attempt in range(1000):
        target = path if not attempt else path.with_name(f"{attempt}-{path.name}")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(target, flags, FILE_MODE)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return target
    raise FileExistsError(path)
