"""Taking a person out of the mail (SPEC §6): rows, dates and counts stay, words, files, headers and sources go.

A message keeps its digests, so that the next sync knows the mail on the server again and does not bring it back. The
full-text index is told exactly what it held, from the same columns it was made from.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.search import index_messages, scrub, unindex_message
from crm_tui.data.tables import (
    Attachment,
    Conversation,
    ConversationGuest,
    Journal,
    Message,
    MessageSource,
    MessageText,
    ThreadRef,
)
from crm_tui.desk.correspondence.outgoing import searched
from crm_tui.desk.correspondence.prepare import pack_source, preview_of
from crm_tui.desk.privacy.erasing_files import source_of, write_source
from crm_tui.desk.privacy.erasing_person import Person
from crm_tui.desk.privacy.erasing_reach import Reach
from crm_tui.mail.redact import with_text
from crm_tui.rules.mentions import BLACK
from crm_tui.rules.subjects import canonical_subject

_M = columns(Message)
_X = columns(MessageText)
_S = columns(MessageSource)
_P = columns(Attachment)
_C = columns(Conversation)
_R = columns(ThreadRef)
_L = columns(ConversationGuest)
_J = columns(Journal)

ERASED, REDUCED = "erased", "reduced"
"""How the source of a mail is packed of which nothing stays, and of one that named the person: there is none any more."""

_WHOLE = select(table_of(Message), _X.text, _X.details).outerjoin(MessageText, _X.message_id == _M.id)
_READ = ("links", "invitation")
_PEOPLE = ("to", "cc", "bcc", "reply_to")


def erase_mail(connection: Connection, found: Reach, own: Collection[str]) -> dict[str, int]:
    """Take the person out of all mail; returns what went, by kind."""
    files = _number_of_files(connection, found.messages)
    connection.execute(delete(ThreadRef).where(_R.conversation_id.in_(sorted(found.conversations))))
    _forget_counterpart(connection, found.person)
    for rows in _in_order(connection, found.messages):
        _wipe(connection, rows, found.person.label, own)
    named = 0
    for rows in _in_order(connection, found.mentions):
        named += _reduce(connection, rows, found)
    _conversations(connection, found)
    connection.execute(delete(ConversationGuest).where(_L.guest_id.in_(found.person.guests)))
    return {"messages": len(found.messages), "attachments": files, "mentions": named}


def _number_of_files(connection: Connection, messages: Iterable[int]) -> int:
    total = 0
    for chunk in chunks(sorted(messages)):
        query = select(func.count()).select_from(table_of(Attachment)).where(_P.message_id.in_(chunk))
        total += int(connection.execute(query).scalar_one())
    return total


def _in_order(connection: Connection, ids: Iterable[int]) -> Iterable[Sequence[Row[Any]]]:
    """Messages in the order of the index: it flushes whenever a row is before the last one."""
    wanted = [
        (row.search_rowid or 0, row.id)
        for chunk in chunks(sorted(ids))
        for row in connection.execute(select(_M.id, _M.search_rowid).where(_M.id.in_(chunk)))
    ]
    for chunk in chunks([number for _place, number in sorted(wanted)], 200):
        rows = {row.id: row for row in connection.execute(_WHOLE.where(_M.id.in_(chunk)))}
        yield [rows[number] for number in chunk]


def erase_letters(connection: Connection, messages: Collection[int], label: str) -> None:
    """Wipe mails and what their conversations' rows show, when nobody is known any more whose they were."""
    talks: set[int] = set()
    for rows in _in_order(connection, messages):
        _wipe(connection, rows, label, ())
        talks |= {row.conversation_id for row in rows}
    for chunk in chunks(sorted(talks)):
        connection.execute(delete(ThreadRef).where(_R.conversation_id.in_(chunk)))
        values = {"subject": BLACK, "preview": BLACK, "counterpart_name": label, "counterpart_address": ""}
        connection.execute(
            update(table_of(Conversation)).where(_C.id.in_(chunk)).values(**values, version=_C.version + 1)
        )


def _wipe(connection: Connection, rows: Sequence[Row[Any]], label: str, own: Collection[str]) -> None:
    """Nothing of these mails stays but when they were, how large, and which way they went."""
    ids = [row.id for row in rows]
    _unindex(connection, rows)
    connection.execute(
        update(Attachment).where(_P.message_id.in_(ids)).values(name=BLACK, content_id="", type="application/x-erased")
    )
    for row in rows:
        values = {"subject": BLACK if row.subject else "", "message_id": ""}
        if row.direction == "in":
            values |= {"sender_name": label, "sender_address": ""}
        connection.execute(update(Message).where(_M.id == row.id).values(**values))
        details = _nobody(row.details or {}, label, own) if row.direction == "out" else {}
        connection.execute(update(MessageText).where(_X.message_id == row.id).values(text=BLACK, details=details))
    _drop_sources(connection, ids, ERASED)
    _index(connection, ids)


def _nobody(details: dict[str, Any], label: str, own: Collection[str]) -> dict[str, Any]:
    """To whom we wrote: to somebody, as the list of what was sent says."""
    ours = [pair for pair in details.get("to", ()) if pair[1].lower() in own]
    return {"to": ours or [[label, ""]]}


def _reduce(connection: Connection, rows: Sequence[Row[Any]], found: Reach) -> int:
    """Black out what names the person in the mail of others; returns how many mails that was."""
    changed: list[tuple[Row[Any], dict[str, Any], str, dict[str, Any]]] = []
    for row in rows:
        values, text, details = _reduced(row, found)
        parts = {"subject": row.subject, "sender_name": row.sender_name, "sender_address": row.sender_address}
        differs = any(values[name] != parts[name] for name in parts)
        if differs or text != (row.text or "") or details != _plain(row.details):
            changed.append((row, values, text, details))
    _unindex(connection, [row for row, *_rest in changed])
    ids = [row.id for row, *_rest in changed]
    for row, values, text, details in changed:
        connection.execute(update(Message).where(_M.id == row.id).values(**values))
        connection.execute(update(MessageText).where(_X.message_id == row.id).values(text=text, details=details))
    _reduce_files(connection, ids, found)
    for row, _values, text, _details in changed:
        _reduce_source(connection, row, text, found)
    _index(connection, ids)
    return len(ids)


def _reduce_source(connection: Connection, row: Row[Any], text: str, found: Reach) -> None:
    """The source with the text that is left; files stay as they are. One that has no files, or cannot keep them, goes."""
    mentions = found.mentions_in(row.conversation_id)
    stored = connection.execute(
        select(_S.content, _S.packing, _S.complete).where(_S.message_id == row.id, _S.content != b"")
    ).first()
    made = b""
    if stored is not None and stored.complete and row.attachment_count:
        raw = zlib.decompress(stored.content) if stored.packing == "zlib" else bytes(stored.content)
        made = with_text(raw, text, lambda one: bool(mentions.spans(one)) or _holds(one, found.person.addresses))
    if made:
        values = {"content": pack_source(made), "packing": "zlib"}
        connection.execute(update(MessageSource).where(_S.message_id == row.id).values(**values))
    else:
        _drop_sources(connection, [row.id], REDUCED)


def black_letters(
    connection: Connection, made: Mapping[int, tuple[str, str, bytes]], found: Reach, again: Callable[[Any], Any]
) -> None:
    """Put other words into mails of others.

    Args:
        made: by number, the subject, the text, and the source with other files, if any.
        again: takes the words out of what was read from the text: its links, its invitation.
    """
    for rows in _in_order(connection, made):
        changed = [row for row in rows if (row.subject, row.text or "") != made[row.id][:2]]
        _unindex(connection, changed)
        for row in rows:
            subject, text, raw = made[row.id]
            raw = raw or source_of(connection, row.id)
            if row in changed:
                connection.execute(update(Message).where(_M.id == row.id).values(subject=subject))
                details = {k: again(v) if k in _READ else v for k, v in _plain(row.details).items()}
                if "canonical_subject" in details:
                    details["canonical_subject"] = canonical_subject(subject)
                values = {"text": text, "details": details}
                connection.execute(update(MessageText).where(_X.message_id == row.id).values(**values))
                raw = _worded(raw, text, row.subject if subject != row.subject else "") if row.attachment_count else b""
            if raw:
                write_source(connection, row.id, raw)
            else:
                _drop_sources(connection, [row.id], REDUCED)
        _index(connection, [row.id for row in changed])
    talks: set[int] = set()
    for chunk in chunks(sorted(made)):
        talks.update(connection.execute(select(_M.conversation_id).where(_M.id.in_(chunk))).scalars())
    for number in sorted(talks - found.conversations):
        _show_rest(connection, number, found)


def _worded(raw: bytes, text: str, gone: str) -> bytes:
    """A source with another text, without the header of a subject that is gone."""
    return with_text(raw, text, lambda one: one == gone != "") if raw else b""


def _plain(details: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(details or {})))


def _reduced(row: Row[Any], found: Reach) -> tuple[dict[str, Any], str, dict[str, Any]]:
    mentions = found.person.here if row.conversation_id in found.shared else found.person.elsewhere
    text, details = row.text or "", _plain(row.details)
    if row.id in found.quoting:
        text, details = _unquoted(text, details)
    if row.direction == "out":
        text = found.quotes.without(text)
    else:
        text = found.quotes.without_within(text, [(one[0], one[1]) for one in details.get("quoted", ())])
    for key in _PEOPLE:
        if key in details:
            details[key] = [_somebody(pair, found.person) for pair in details[key]]
    for key in ("references", "in_reply_to"):
        if key in details:
            details[key] = [one for one in details[key] if not _holds(one, found.person.addresses)]
    values = {name: mentions.without(getattr(row, name)) for name in ("subject", "sender_name", "sender_address")}
    return values, mentions.without(text), dict(mentions.without_any(details))


def _holds(word: str, addresses: Collection[str]) -> bool:
    """Whether a Message-ID is made of one of the addresses."""
    return any(one in word.lower() for one in addresses)


def _somebody(pair: list[str], person: Person) -> list[str]:
    """One of the people of a mail; the person is no longer named."""
    return [person.label, ""] if pair[1].lower() in person.addresses else pair


def _unquoted(text: str, details: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A text without what it quotes; its signature is no longer told apart, as places have moved."""
    parts, ranges, done, length = [], [], 0, 0
    for start, end in sorted((one[0], one[1]) for one in details.get("quoted", ())):
        parts += [text[done:start], f"> {BLACK}\n"]
        length += start - done
        ranges.append([length, length + 4])
        length += 4
        done = end
    rest = {name: value for name, value in details.items() if name not in ("signature", "quoted")}
    return "".join((*parts, text[done:])), rest | ({"quoted": ranges} if ranges else {})


def _reduce_files(connection: Connection, ids: Sequence[int], found: Reach) -> None:
    rows = connection.execute(select(_P.id, _P.name).where(_P.message_id.in_(ids))).all()
    for row in rows:
        name = found.person.here.without(row.name)
        if name != row.name:
            connection.execute(update(Attachment).where(_P.id == row.id).values(name=name))


def _drop_sources(connection: Connection, ids: Sequence[int], packing: str) -> None:
    values = {"content": b"", "packing": packing, "complete": True}
    connection.execute(update(MessageSource).where(_S.message_id.in_(ids)).values(**values))


def _unindex(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    unknown = _listed_later(connection, [row.id for row in rows if row.search_rowid is not None])
    for row in rows:
        if row.search_rowid is not None and row.id not in unknown:
            unindex_message(connection, row.search_rowid, searched(connection, row))
    if unknown:
        scrub(connection, sorted(row.search_rowid for row in rows if row.id in unknown))


def _listed_later(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Large mail was indexed when only its text was there; its files were listed later, under other names perhaps."""
    found: set[int] = set()
    for chunk in chunks(ids):
        query = select(_J.entity_id).where(_J.entity == "message", _J.entity_id.in_(chunk), _J.action == "complete")
        found.update(connection.execute(query.distinct()).scalars())
    return found


def _index(connection: Connection, ids: Sequence[int]) -> None:
    """What is left of the messages; every one keeps its row, as ``check`` counts them."""
    rows = connection.execute(_WHOLE.where(_M.id.in_(ids), _M.search_rowid.is_not(None))).all()
    index_messages(connection, [(row.search_rowid, searched(connection, row)) for row in rows])


def _forget_counterpart(connection: Connection, person: Person) -> None:
    """References that name whom they were written with by the person's address, in whatever conversation."""
    for address in sorted(person.addresses):
        connection.execute(delete(ThreadRef).where(func.lower(_R.counterparts).contains(address, autoescape=True)))
        connection.execute(delete(ThreadRef).where(func.lower(_R.ref).contains(address, autoescape=True)))


def _conversations(connection: Connection, found: Reach) -> None:
    """What the list of conversations shows; its counts, turns and places stay as they are."""
    person = found.person
    for chunk in chunks(sorted(found.conversations)):
        values = {
            "subject": BLACK,
            "preview": BLACK,
            "counterpart_name": person.label,
            "counterpart_address": "",
            "version": _C.version + 1,
        }
        connection.execute(update(table_of(Conversation)).where(_C.id.in_(chunk)).values(**values))
    touched: set[int] = set()
    for chunk in chunks(sorted(found.messages | found.mentions)):
        touched.update(connection.execute(select(_M.conversation_id).where(_M.id.in_(chunk))).scalars())
    for number in sorted((touched | found.shared) - found.conversations):
        _show_rest(connection, number, found)


def _show_rest(connection: Connection, number: int, found: Reach) -> None:
    """A conversation that others have a part in: its row says no more than its messages still do."""
    person = found.person
    query = _WHOLE.where(_M.conversation_id == number).order_by(_M.at.desc(), _M.id.desc()).limit(1)
    last = connection.execute(query).first()
    row = connection.execute(select(table_of(Conversation)).where(_C.id == number)).one()
    mentions = person.here if number in found.shared else person.elsewhere
    theirs = row.counterpart_address.lower() in person.addresses | person.shared and (
        row.counterpart_address.lower() in person.addresses
        or mentions.without(row.counterpart_name) != row.counterpart_name
    )
    first = select(_M.subject).where(_M.conversation_id == number).order_by(_M.at, _M.id).limit(1)
    values = {
        "subject": connection.execute(first).scalar() or "",
        "preview": preview_of((last.text or "")[:1000]) if last is not None else "",
        "counterpart_name": person.label if theirs else mentions.without(row.counterpart_name),
        "counterpart_address": "" if theirs else row.counterpart_address,
    }
    if any(values[name] != getattr(row, name) for name in values):
        connection.execute(
            update(table_of(Conversation)).where(_C.id == number).values(**values, version=_C.version + 1)
        )
