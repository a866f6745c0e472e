"""Whether everything in a store still fits together (SPEC §15); looking changes nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.progress import NullProgress, Progress
from crm_tui.data import dues, inquiry_counters, quality_search, record_search, turn_tickets
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.ddl import RECOUNT
from crm_tui.data.search import has_entry, index_size
from crm_tui.data.tables import (
    Conversation,
    FolderCount,
    Inquiry,
    InquiryCount,
    Journal,
    Location,
    Mailbox,
    Message,
    Turn,
    TurnMark,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations import summary
from crm_tui.mail.text import fold_text
from crm_tui.rules.turns import TurnSpan, open_since, turns_of

_C = columns(Conversation)
_M = columns(Message)
_T = columns(Turn)
_J = columns(Journal)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: a short name, whether all is well, and what was found as a sentence."""

    name: str
    ok: bool
    text: str


def check(ctx: Context, progress: Progress | None = None) -> Iterator[Finding]:
    """Verify the store, one finding after the other; changes nothing."""
    steps: tuple[tuple[str, Callable[[Connection], Iterable[str]]], ...] = (
        (N_("database"), _integrity),
        (N_("references"), _references),
        (N_("messages"), _messages),
        (N_("search index"), _search_index),
        (N_("cursors"), _cursors),
        (N_("counters"), _counters),
        (N_("turns"), _turns),
        (N_("tickets"), _tickets),
        (N_("journal"), _journal),
        (N_("scopes"), _scopes),
        (N_("holders"), _holders),
        (N_("money"), _money),
    )
    shown = progress or NullProgress()
    shown.step(_("Checking the store"), len(steps))
    try:
        with ctx.store.connect() as connection:
            for done, (name, look) in enumerate(steps, 1):
                problems = list(look(connection))
                yield Finding(name, not problems, "; ".join(problems) or _("in order"))
                shown.count(done)
    finally:
        shown.done()


def _integrity(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    rows = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
    yield from (str(row) for row in rows if row != "ok")


def _references(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    broken: dict[tuple[str, str], int] = defaultdict(int)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        broken[row[0], row[2]] += 1
    for (table, parent), count in broken.items():
        yield _("{count} rows of {table} refer to a {parent} that is not there").format(
            count=count, table=table, parent=parent
        )


def _messages(connection: Connection) -> Iterator[str]:
    for table in ("message_text", "message_source"):
        missing = _number(
            connection,
            f"SELECT count(*) FROM message m LEFT JOIN {table} x ON x.message_id = m.id WHERE x.message_id IS NULL",  # noqa: S608
        )
        if missing:
            yield _("{count} messages have no {table}").format(count=missing, table=table)
    wrong = _number(
        connection,
        "SELECT count(*) FROM conversation c WHERE c.merged_into IS NULL AND c.message_count <> "
        "(SELECT count(*) FROM message m WHERE m.conversation_id = c.id)",
    )
    if wrong:
        yield ngettext(
            "{count} conversation counts its messages wrongly", "{count} conversations count wrongly", wrong
        ).format(count=wrong)


def _search_index(connection: Connection) -> Iterator[str]:
    """The index keeps no copy of what it indexed, so each message is looked up by a word of its sender or subject.

    An own message that was not accepted yet is not in it.
    """
    query = select(_M.id, _M.search_rowid, _M.sender_name, _M.sender_address, _M.subject)
    query = query.where(or_(_M.delivered, _M.search_rowid.is_not(None)))
    expected = missing = 0
    for row in connection.execute(query.execution_options(yield_per=1000)):
        expected += row.search_rowid is not None
        missing += not (row.search_rowid and _indexed(connection, row))
    if missing:
        yield _("{count} messages are not in the search index").format(count=missing)
    stray = index_size(connection) - expected
    if stray > 0:
        yield _("{count} entries of the search index have no message").format(count=stray)
    if connection.dialect.name == "sqlite":
        for kind, words in (
            ("inquiry", N_("{count} inquiries are not in the search index as they are")),
            ("guest", N_("{count} guests are not in the search index as they are")),
            ("reservation", N_("{count} reservations are not in the search index as they are")),
        ):
            if wrong := record_search.wrong(connection, kind):
                yield _(words).format(count=wrong)
        for kind, words in (
            ("feedback", N_("{count} entries of feedback are not in the search index as they are")),
            ("quality_cost", N_("{count} costs of quality are not in the search index as they are")),
        ):
            if wrong := quality_search.wrong(connection, kind):
                yield _(words).format(count=wrong)


def _indexed(connection: Connection, row: Any) -> bool:
    for column, text in (("sender", f"{row.sender_name} {row.sender_address}"), ("subject", row.subject)):
        words = _WORD.findall(fold_text(text))
        if words:
            return has_entry(connection, row.search_rowid, column, max(words, key=len))
    return True  # nothing to look it up by


def _cursors(connection: Connection) -> Iterator[str]:
    boxes, places = columns(Mailbox), columns(Location)
    stored = (
        select(
            boxes.id,
            boxes.name,
            boxes.low_uid,
            boxes.high_uid,
            func.count(places.id).label("stored"),
            func.min(places.uid).label("lowest"),
            func.max(places.uid).label("highest"),
        )
        .outerjoin(Location, (places.mailbox_id == boxes.id) & (places.uidvalidity == boxes.uidvalidity))
        .group_by(boxes.id)
    )
    for row in connection.execute(stored):
        if row.high_uid < row.low_uid:
            yield _("the cursor of {name} runs backwards").format(name=row.name)
        if row.stored and (row.lowest < row.low_uid or row.highest > row.high_uid):
            yield _("{name} holds mail outside its cursor").format(name=row.name)


def _counters(connection: Connection) -> Iterator[str]:
    names = columns(FolderCount)
    kept = {
        (row.key, row.scope): tuple(row)[2:]
        for row in connection.execute(select(names.key, names.scope, names.total, names.unanswered, names.unread))
    }
    counted = {(row[0], row[1]): tuple(int(value) for value in row[2:]) for row in connection.exec_driver_sql(RECOUNT)}
    for key in sorted(kept.keys() | counted.keys()):
        if kept.get(key, (0, 0, 0)) != counted.get(key, (0, 0, 0)):
            yield _("the counter of {name} says {kept}, counted are {counted}").format(
                name=" ".join(key).strip(), kept=kept.get(key, (0, 0, 0)), counted=counted.get(key, (0, 0, 0))
            )
    yield from _inquiry_counters(connection)


def _inquiry_counters(connection: Connection) -> Iterator[str]:
    names = table_of(InquiryCount).c
    kept = {tuple(row)[:3]: row.total for row in connection.execute(select(*names)) if row.total}
    counted = {tuple(row)[:3]: int(row[3]) for row in connection.exec_driver_sql(inquiry_counters.RECOUNT)}
    for key in sorted(kept.keys() | counted.keys()):
        if kept.get(key, 0) != counted.get(key, 0):
            yield _("the counter of {name} says {kept}, counted are {counted}").format(
                name=_("inquiries, {status}").format(status=key[0]), kept=kept.get(key, 0), counted=counted.get(key, 0)
            )


def _turns(connection: Connection) -> Iterator[str]:
    ids = connection.execute(select(_C.id).where(_C.merged_into.is_(None)).order_by(_C.id)).scalars().all()
    wrong = 0
    for chunk in chunks(ids):
        expected, stored = _expected_turns(connection, chunk), _stored_turns(connection, chunk)
        rows = connection.execute(select(_C.id, _C.waiting_since).where(_C.id.in_(chunk)))
        waiting: dict[int, datetime | None] = {row.id: row.waiting_since for row in rows}
        wrong += len(
            [one for one in chunk if expected[one] != stored[one] or open_since(expected[one]) != waiting.get(one)]
        )
    if wrong:
        yield _("{count} conversations have turns that do not follow from their messages").format(count=wrong)


def _expected_turns(connection: Connection, ids: list[int]) -> dict[int, list[TurnSpan]]:
    marks, rows = columns(TurnMark), defaultdict(list)
    made: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    names = (_M.conversation_id, _M.id, _M.at, _M.direction, _M.automatic, _M.delivered)
    for row in connection.execute(select(*names).where(_M.conversation_id.in_(ids))):
        rows[row.conversation_id].append(row)
    query = select(marks.conversation_id, marks.agent_id, marks.at).where(marks.conversation_id.in_(ids))
    for row in connection.execute(query):
        made[row.conversation_id].append((row.agent_id or 0, row.at))
    return {one: turns_of(summary.contributions(rows[one], made[one])) for one in ids}


def _stored_turns(connection: Connection, ids: list[int]) -> dict[int, list[TurnSpan]]:
    names = (_T.conversation_id, _T.opened_by, _T.opened_at, _T.closed_by, _T.closed_at, _T.reason)
    query = select(*names).where(_T.conversation_id.in_(ids)).order_by(_T.opened_at, _T.id)
    found: dict[int, list[TurnSpan]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.conversation_id].append(TurnSpan(*row[1:]))
    return found


def _journal(connection: Connection) -> Iterator[str]:
    low, high, count = connection.execute(select(func.min(_J.id), func.max(_J.id), func.count())).one()
    if count and count != high - low + 1:
        yield _("{count} rows are missing").format(count=high - low + 1 - count)
    if connection.dialect.name == "sqlite":
        locks = _number(
            connection, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_no_%'"
        )
        if locks != 2:
            yield _("the lock that keeps it from being edited is missing")


def _holders(connection: Connection) -> Iterator[str]:
    """Exactly one person leads each inquiry and reservation with persons; the database refuses anything else."""
    from crm_tui.desk.requests.holders import INQUIRIES, RESERVATIONS, without_holder

    for owner, words in (
        (INQUIRIES, N_("inquiry {number} has not exactly one holder, a person")),
        (RESERVATIONS, N_("reservation {number} has not exactly one holder, a person")),
    ):
        for number in without_holder(connection, owner):
            yield _(words).format(number=number)


def mend(ctx: Context) -> int:
    """Reckon anew what the store keeps of what is due, from the lines and the payments; says of how many it was wrong."""
    with ctx.write() as tx:
        wrong = _number(tx.connection, dues.WRONG)
        if wrong:
            tx.connection.exec_driver_sql(dues.FILL)
            tx.journal("reservation_due", None, "reckon", None, {"wrong": wrong})
        return wrong


def _tickets(connection: Connection) -> Iterator[str]:
    """A ticket for every open turn, done with it (SPEC §10)."""
    if wrong := _number(connection, turn_tickets.WRONG):
        yield ngettext("{count} ticket is not as its turn", "{count} tickets are not as their turns", wrong).format(
            count=wrong
        )


def _money(connection: Connection) -> Iterator[str]:
    """What is due follows from lines and payments; a posting stands on a folio of its reservation (SPEC §7)."""
    if wrong := _number(connection, dues.WRONG):
        words = ngettext(
            "what is due of {count} reservation does not follow from its lines and payments",
            "what is due of {count} reservations does not follow from their lines and payments",
            wrong,
        )
        yield words.format(count=wrong) + " " + _("(crm-tui check --mend reckons it anew)")
    astray = _number(
        connection,
        "SELECT count(*) FROM posting p LEFT JOIN folio f ON f.id = p.folio_id WHERE p.removed_at IS NULL "
        "AND (f.reservation_id IS NOT p.reservation_id OR f.removed_at IS NOT NULL)",
    )
    if astray:
        yield ngettext(
            "{count} posting is on no folio of its reservation",
            "{count} postings are on no folio of their reservation",
            astray,
        ).format(count=astray)
    without = (
        "SELECT count(*) FROM reservation r WHERE NOT EXISTS (SELECT 1 FROM folio f WHERE f.reservation_id = r.id "
    )
    bare = _number(connection, without + "AND f.removed_at IS NULL)")
    if bare:
        yield ngettext("{count} reservation has no folio", "{count} reservations have no folio", bare).format(
            count=bare
        )


def _scopes(connection: Connection) -> Iterator[str]:
    """A conversation is as hidden as its inquiry, which is there; one without an inquiry is everyone's (SPEC §4)."""
    inquiries = columns(Inquiry)
    query = select(func.count()).select_from(table_of(Conversation)).outerjoin(Inquiry, inquiries.id == _C.inquiry_id)
    query = query.where(_C.merged_into.is_(None))
    wrong = connection.execute(query.where(_C.scope != func.coalesce(inquiries.scope, ""))).scalar() or 0
    if wrong:
        yield ngettext(
            "{count} conversation is not seen by whoever sees its inquiry",
            "{count} conversations are not seen by whoever sees their inquiries",
            wrong,
        ).format(count=wrong)
    lost = connection.execute(query.where(inquiries.removed_at.is_not(None))).scalar() or 0
    if lost:
        yield ngettext(
            "{count} conversation belongs to an inquiry that was removed",
            "{count} conversations belong to inquiries that were removed",
            lost,
        ).format(count=lost)


def _number(connection: Connection, query: str) -> int:
    return int(connection.exec_driver_sql(query).scalar() or 0)
