"""Beginning a reply, a forward or a new message: whom it goes to, from where, and what it starts with (SPEC §5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, Draft, Location, Mailbox, Message, MessageText
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence import completing, drafts, mailbox, reading, writing
from crm_tui.desk.correspondence.sending_views import DraftView
from crm_tui.desk.stays import reservation_talks
from crm_tui.mail.attachments import attachment_bytes
from crm_tui.mail.language import guess_language
from crm_tui.mail.text import display_text
from crm_tui.rules import replying
from crm_tui.rules.subjects import forward_subject, reply_subject

_M = columns(Message)
_X = columns(MessageText)
_A = columns(Account)
_D = columns(Draft)
_L = columns(Location)
_B = columns(Mailbox)

REPLY, REPLY_ALL, FORWARD, NEW = "reply", "reply_all", "forward", "new"
LONGEST_QUOTE = 400_000
"""Characters of a quotation; what is beyond (a mail of hundreds of pages) is named, never silently cut (QUALITY R10)."""


def start(ctx: Context, kind: str, message_id: int, *, with_files: bool = True) -> DraftView:
    """Begin to answer or forward a message, or take up the agent's draft of that again.

    Args:
        kind: ``reply``, ``reply_all`` or ``forward``.
        with_files: a forward carries the original's attachments.

    Raises:
        NotFound: the message is gone, or its attachments were not fetched (forward without them, then).
        InvalidInput: there is no account to send from.
    """
    if kind not in (REPLY, REPLY_ALL, FORWARD):
        raise InvalidInput(_("There is no such way to answer: {kind}.").format(kind=kind))
    with ctx.store.connect() as connection:
        scope.require_messages(connection, ctx.actor.scopes, [message_id])
        begun = _begun(connection, ctx, kind, message_id)
        if begun is not None:
            return drafts.view_in(connection, begun, resumed=True)
        source = _message(connection, message_id)
        account = _account_for(connection, source)
        files = _files(ctx, message_id) if kind == FORWARD and with_files else []
        conversation = reading.survivor(connection, source.conversation_id)
        values = _forward(connection, source) if kind == FORWARD else _answer(connection, source, kind)
    values["text"] = _body(account.signature, values["text"])
    answered = conversation if kind != FORWARD else None
    with ctx.write() as tx:
        draft = _insert(tx, kind, account.id, answered, values, message_id)
        for name, type_, content in files:
            drafts.attach_in(tx, draft, name, content, type_)
        return drafts.view_in(tx.connection, draft)


def new(
    ctx: Context,
    *,
    to: str = "",
    cc: str = "",
    subject: str = "",
    text: str = "",
    account_id: int | None = None,
    reservation: int | None = None,
) -> DraftView:
    """Begin a new message.

    Args:
        reservation: what it is about: it fills in templates.

    Raises:
        NotFound: there is no such reservation.
        InvalidInput: there is no account to send from.
    """
    with ctx.store.connect() as connection:
        account = _account(connection, account_id)
        reservation_talks.require(connection, reservation)
    values: dict[str, Any] = {
        "to": display_text(to),
        "cc": display_text(cc),
        "subject": display_text(subject),
        "text": _body(account.signature, "", display_text(text, multiline=True)),
        "reservation_id": reservation,
    }
    with ctx.write() as tx:
        draft = _insert(tx, NEW, account.id, None, values, None)
        return drafts.view_in(tx.connection, draft)


def begin_in(tx: Transaction, *, conversation: int | None, to: str, subject: str, text: str) -> int:
    """Store a draft with a text that is written already, within a transaction; returns its id.

    It answers the newest mail of the conversation, under that mail's subject; without a conversation, or in one without
    mail of the guest, it is a new message.

    Raises:
        InvalidInput: there is no account to send from.
    """
    connection = tx.connection
    newest = connection.execute(
        select(_M.id)
        .where(_M.conversation_id == conversation, _M.direction == "in")
        .order_by(_M.at.desc(), _M.id.desc())
        .limit(1)
    ).scalar()
    values = {"to": display_text(to), "cc": "", "subject": display_text(subject)}
    above = display_text(text, multiline=True)
    if newest is None:
        account = _account(connection, None)
        return _insert(tx, NEW, account.id, None, {**values, "text": _body(account.signature, "", above)}, None)
    source = _message(connection, newest)
    account = _account_for(connection, source)
    values |= {"subject": reply_subject(display_text(source.subject)), "text": _body(account.signature, "", above)}
    return _insert(tx, REPLY, account.id, conversation, values, newest)


def _insert(
    tx: Transaction,
    kind: str,
    account_id: int,
    conversation: int | None,
    values: dict[str, Any],
    source: int | None,
) -> int:
    seen = 0
    if conversation is not None:
        query = select(func.max(_M.id)).where(_M.conversation_id == conversation)
        seen = int(tx.connection.execute(query).scalar() or 0)
    result = tx.connection.execute(
        insert(Draft).values(
            agent_id=tx.actor.id,
            conversation_id=conversation,
            account_id=account_id,
            kind=kind,
            source_message_id=source,
            seen_message_id=seen,
            created_at=tx.now,
            updated_at=tx.now,
            **values,
        )
    )
    draft = new_id(result)
    tx.journal("draft", draft, "begin", after={"conversation_id": conversation, "kind": kind})
    return draft


def _begun(connection: Connection, ctx: Context, kind: str, message_id: int) -> int | None:
    kinds = (FORWARD,) if kind == FORWARD else (REPLY, REPLY_ALL)
    found = connection.execute(
        select(_D.id)
        .where(
            _D.agent_id.is_not_distinct_from(ctx.actor.id),
            _D.source_message_id == message_id,
            _D.kind.in_(kinds),
            _D.outbox_id.is_(None),
            _D.dropped_at.is_(None),
        )
        .order_by(_D.updated_at.desc())
    ).scalar()
    return int(found) if found else None


def _message(connection: Connection, message_id: int) -> Row[Any]:
    row = connection.execute(
        select(table_of(Message), _X.text, _X.details)
        .outerjoin(MessageText, _X.message_id == _M.id)
        .where(_M.id == message_id)
    ).first()
    if row is None:
        raise NotFound(_("There is no message {number}.").format(number=message_id))
    return row


def _answer(connection: Connection, source: Row[Any], kind: str) -> dict[str, Any]:
    details = source.details or {}
    whom = replying.recipients(
        (display_text(source.sender_name), display_text(source.sender_address)),
        _boxes(details, "reply_to"),
        _boxes(details, "to"),
        _boxes(details, "cc"),
        own=mailbox.own_addresses(connection),
        everyone=kind == REPLY_ALL,
    )
    text = display_text(source.text or "", multiline=True)
    who = display_text(source.sender_name or source.sender_address)
    quoted = _quoted(text, _folded(details, len(text)))
    day = source.at.astimezone(writing.zone(connection))
    line = replying.attribution(day, who, guess_language(text))
    return {
        "to": written(whom.to),
        "cc": written(whom.cc),
        "subject": reply_subject(display_text(source.subject)),
        "text": f"{line}\n{quoted}\n" if quoted else "",
    }


def _forward(connection: Connection, source: Row[Any]) -> dict[str, Any]:
    details = source.details or {}
    text = display_text(source.text or "", multiline=True)
    rows = [
        (_("From"), written([(source.sender_name, source.sender_address)])),
        (_("Date"), _day(connection, source.at)),
        (_("Subject"), display_text(source.subject)),
        (_("To"), written(_boxes(details, "to")[:20])),
    ]
    head = "\n".join(f"> {name}: {display_text(value)}" for name, value in rows if value)
    body, title = _quoted(text), _("Forwarded message:")
    return {
        "subject": forward_subject(display_text(source.subject)),
        "text": f"{title}\n\n{head}\n>\n{body}\n",
    }


def _quoted(text: str, folded: Sequence[tuple[int, int]] = ()) -> str:
    """The quotation, whole if a mail can hold it; else with a last line that says how much is missing."""
    within = [(start, min(end, LONGEST_QUOTE)) for start, end in folded if start < LONGEST_QUOTE]
    quoted = replying.quote(text[:LONGEST_QUOTE], within)
    left = len(text) - LONGEST_QUOTE
    if left <= 0:
        return quoted
    missing = ngettext("{count} more character is not quoted", "{count} more characters are not quoted", left)
    return f"{quoted}\n> [… {missing.format(count=left)} …]"


def _day(connection: Connection, instant: datetime) -> str:
    """Day and time of the property, which is also the zone of the messages it sends."""
    return instant.astimezone(writing.zone(connection)).strftime("%Y-%m-%d %H:%M")


def _body(signature: str, below: str, above: str = "") -> str:
    """Room to write, the account's signature, and what is answered."""
    mark = f"\n-- \n{signature.strip()}\n" if signature.strip() else ""
    return f"{above}\n{mark}" + (f"\n{below}" if below else "")


def signed(text: str, signature: str) -> str:
    """A text that goes out by itself, with the account's signature below it."""
    return _body(signature, "", text)


def _folded(details: dict[str, Any], length: int) -> list[tuple[int, int]]:
    ranges = [(int(a), int(b)) for a, b in details.get("quoted", ())]
    signature = details.get("signature")
    if signature:
        ranges.append((int(signature[0]), int(signature[1])))
    return [(a, min(b, length)) for a, b in ranges if 0 <= a < b]


def _files(ctx: Context, message_id: int) -> list[tuple[str, str, bytes]]:
    found = reading.message(ctx, message_id).attachments
    if not found:
        return []
    completing.require_whole(ctx, message_id)
    raw = reading.source(ctx, message_id)
    return [(part.name, part.type, attachment_bytes(raw, part.position)) for part in found if not part.inline]


def _boxes(details: dict[str, Any], key: str) -> list[tuple[str, str]]:
    return [(display_text(name), display_text(address)) for name, address in details.get(key, ())]


def written(boxes: Sequence[tuple[str, str]]) -> str:
    """Mailboxes as a person would type them: names in quotes where they hold more than words."""
    parts = []
    for name, address in boxes:
        plain = name.replace('"', "").replace("\\", "").strip()
        if not plain or plain.casefold() == address.casefold():
            parts.append(address)
        elif all(c.isalnum() or c in " .'-_" for c in plain) and "." not in plain:
            parts.append(f"{plain} <{address}>")
        else:
            parts.append(f'"{plain}" <{address}>')
    return ", ".join(parts)


def _account_for(connection: Connection, source: Row[Any]) -> Row[Any]:
    """The account the mail was written to, else the one it came in by, else the first."""
    details = source.details or {}
    named = {a.casefold() for key in ("to", "cc") for _n, a in _boxes(details, key)}
    named |= {source.sender_address.casefold()}
    held = set(
        connection.execute(
            select(_B.account_id).join(Location, _L.mailbox_id == _B.id).where(_L.message_id == source.id)
        ).scalars()
    )
    accounts = _active(connection)
    candidates = [a for a in accounts if a.id in held or a.id == source.account_id]
    for account in (*candidates, *accounts):
        own = {part.strip().casefold() for part in (account.address, *account.aliases.split(","))}
        if own & named:
            return account
    return next((a for a in candidates if a.id == source.account_id), None) or (candidates or accounts)[0]


def _account(connection: Connection, account_id: int | None) -> Row[Any]:
    accounts = _active(connection)
    return next((a for a in accounts if a.id == account_id), accounts[0])


def _active(connection: Connection) -> list[Row[Any]]:
    rows = connection.execute(
        select(_A.id, _A.address, _A.aliases, _A.signature).where(_A.active).order_by(_A.id)
    ).all()
    if not rows:
        raise InvalidInput(
            _("There is no account to send from."), _("Link one: crm-tui account add, or ctrl+p, Accounts."), "account"
        )
    return list(rows)
