"""The words inside files that the mail of others carries: who is erased is blacked out there too (SPEC §6).

Every mail with a file that can be read is opened, whoever it is of: an attachment's words are in no index.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Attachment, DraftAttachment, Message, MessageSource
from crm_tui.desk.correspondence.prepare import pack_source
from crm_tui.desk.privacy.erasing_reach import Reach
from crm_tui.mail.file_words import file_with, readable, with_files
from crm_tui.rules.mentions import Mentions

_M = columns(Message)
_P = columns(Attachment)
_S = columns(MessageSource)
_F = columns(DraftAttachment)

_UNREAD_TYPES = (
    *("application/pdf", "application/msword", "application/rtf", "text/rtf", "application/vnd.%"),
    *("application/x-pdf", "application/zip"),
)
_UNREAD_ENDINGS = ("pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "pages", "zip")
_READ_ENDINGS = ("txt", "csv", "md", "log", "json", "xml", "htm", "html", "ics", "vcs", "vcf", "vcard", "eml")


@dataclass(slots=True)
class Files:
    """What was found inside files of others.

    Attributes:
        changed: files that named the person by full name, address or number, and do not any more.
        words: mails with a file in which one of the words asked for stands.
        unread: files that cannot be read, and how many of them are in conversations that are linked to the guest.
    """

    changed: int = 0
    words: set[int] = field(default_factory=set)
    unread: int = 0
    unread_linked: int = 0


def erase_files(connection: Connection, found: Reach, words: Mentions, linked: Collection[int]) -> Files:
    """Black the person out inside the files of others, and look there for the words asked for.

    Args:
        words: what is only looked for.
        linked: conversations that are linked to the guest.
    """
    told = Files()
    for row, raw in _sources(connection, found.messages):
        mentions = found.mentions_in(row.conversation_id)
        made = with_files(raw, mentions.without)
        if made != raw:
            told.changed += 1
            write_source(connection, row.id, made)
        seen: list[bool] = []
        with_files(made, lambda text, seen=seen: _noted(seen, words, text))  # type: ignore[misc]
        if seen:
            told.words.add(row.id)
    told.changed += _of_drafts(connection, found)
    told.unread, told.unread_linked = _unread(connection, found.messages, linked)
    return told


def _noted(seen: list[bool], words: Mentions, text: str) -> str:
    if not seen and words.spans(text):
        seen.append(True)
    return text


def source_of(connection: Connection, message: int) -> bytes:
    """A mail as it came, if all of it is stored; else nothing."""
    query = select(_S.content, _S.packing, _S.complete).where(_S.message_id == message, _S.content != b"")
    row = connection.execute(query).first()
    if row is None or not row.complete:
        return b""
    return zlib.decompress(row.content) if row.packing == "zlib" else bytes(row.content)


def write_source(connection: Connection, message: int, raw: bytes) -> None:
    """Put another source in its place."""
    values = {"content": pack_source(raw), "packing": "zlib"}
    connection.execute(update(MessageSource).where(_S.message_id == message).values(**values))


def _sources(connection: Connection, but: Collection[int]) -> Iterator[tuple[Any, bytes]]:
    """Mails of others with files that can be read."""
    kinds = or_(
        _P.type.like("text/%"),
        _P.type.in_(("message/rfc822", "message/global", "application/json", "application/xml")),
        *(func.lower(_P.name).like(f"%.{ending}") for ending in _READ_ENDINGS),
    )
    ids = set(connection.execute(select(_P.message_id).where(kinds)).scalars()) - set(but)
    for chunk in chunks(sorted(ids), 100):
        rows = connection.execute(select(_M.id, _M.conversation_id).where(_M.id.in_(chunk))).all()
        for row in rows:
            raw = source_of(connection, row.id)
            if raw:
                yield row, raw


def _of_drafts(connection: Connection, found: Reach) -> int:
    """Files of drafts to others that can be read."""
    changed = 0
    mentions = found.person.elsewhere
    for row in connection.execute(select(_F.id, _F.type, _F.name)).all():
        if not readable(row.type, row.name):
            continue
        content = bytes(connection.execute(select(_F.content).where(_F.id == row.id)).scalar_one())
        made = file_with(content, row.type, row.name, mentions.without)
        if made != content:
            connection.execute(update(DraftAttachment).where(_F.id == row.id).values(content=made, size=len(made)))
            changed += 1
    return changed


def _unread(connection: Connection, but: Collection[int], linked: Collection[int]) -> tuple[int, int]:
    kinds = or_(
        *(_P.type.like(one) for one in _UNREAD_TYPES),
        *(func.lower(_P.name).like(f"%.{ending}") for ending in _UNREAD_ENDINGS),
    )
    query = select(_P.message_id, _M.conversation_id, func.count().label("n")).join(Message, _M.id == _P.message_id)
    own, near, total, close = set(but), set(linked), 0, 0
    for row in connection.execute(query.where(kinds).group_by(_P.message_id, _M.conversation_id)):
        if row.message_id not in own:
            total += row.n
            close += row.n if row.conversation_id in near else 0
    return total, close
