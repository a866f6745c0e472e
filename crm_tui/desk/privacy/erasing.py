"""Erasing a person (SPEC §6): counts, accounts and the journal's order stay, everything that tells who it was goes.

An erasure is one transaction: all of it lands or nothing. Then the full-text indexes are packed and the write-ahead log is
emptied (:func:`forget`), so that no page of the store holds a word of it any more; that can be cut short and goes on later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import Conflict, CrmError, Forbidden
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.data import forgetting
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import (
    Agent,
    Draft,
    Erasure,
    Guest,
    Inquiry,
    Reminder,
    Reservation,
)
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require, require_in
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.privacy.erasing_chosen import black_journal, black_out
from crm_tui.desk.privacy.erasing_expected import also_called, expected, warnings_of
from crm_tui.desk.privacy.erasing_files import erase_files
from crm_tui.desk.privacy.erasing_journal import ENTITIES, erase_journal
from crm_tui.desk.privacy.erasing_mail import erase_mail
from crm_tui.desk.privacy.erasing_person import Person, person_in
from crm_tui.desk.privacy.erasing_places import JOURNAL, Thing, Words, chosen, find_places, linked_to, words_of
from crm_tui.desk.privacy.erasing_reach import Reach, reach_of
from crm_tui.desk.privacy.erasing_records import erase_records
from crm_tui.desk.privacy.erasing_strays import erase_strays
from crm_tui.desk.privacy.erasing_views import Place, Preview, Report
from crm_tui.desk.undoing import undo, undo_words
from crm_tui.desk.undoing.undo_refusal import Refused
from crm_tui.desk.undoing.undo_registry import Row, special
from crm_tui.mail.text import display_text

_E = columns(Erasure)
_G = columns(Guest)
_A = columns(Agent)

LONGEST_REASON = 200


def preview(ctx: Context, guest_id: int) -> Preview:
    """What erasing a guest would remove; changes nothing.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such guest.
        Conflict: the guest was erased already, or a message that names the guest is being sent just now.
    """
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.ERASE)
        person = person_in(connection, guest_id)
        found = reach_of(connection, person)
        also, warnings = also_called(connection, person), warnings_of(connection, ctx, found)
        seen = _versions(connection, person)
        report = Report(0, person.id, expected(connection, found), found.left, person.namesake, common=person.common)
    places: tuple[Place, ...] = ()
    if not ctx.readonly:
        report, places = _rehearsed(ctx, person.id, report)
    return Preview(person.name, report, also, warnings, seen, places)


class _Rehearsed(Exception):
    """Thrown out of the transaction of a preview, so that nothing of it stays."""


def _rehearsed(ctx: Context, guest_id: int, report: Report) -> tuple[Report, tuple[Place, ...]]:
    """What erasing counts and leaves, by doing it in a transaction that is taken back: the same, whatever is counted."""
    places: list[Place] = []
    try:
        with ctx.write() as tx:
            made = erase_in(tx, guest_id, also="none", told=places)
            said = tx.connection.execute(select(_E.report).where(_E.id == made)).scalar_one()
            counts = {kind: number for kind, number in said["counts"].items() if number}
            unread = {"unread": said["unread"], "unread_linked": said["unread_linked"]}
            report = replace(report, counts=counts, **unread)
            raise _Rehearsed
    except _Rehearsed:
        return report, tuple(places)


def _versions(connection: Connection, person: Person) -> tuple[tuple[int, int], ...]:
    rows = connection.execute(select(_G.id, _G.version).where(_G.id.in_(person.guests)).order_by(_G.id))
    return tuple((row.id, row.version) for row in rows)


def erase(
    ctx: Context,
    guest_id: int,
    reason: str = "",
    *,
    seen: Sequence[tuple[int, int]] | None = None,
    also: Collection[str] | str = "linked",
    sweep: bool = True,
    noted: bool = True,
) -> Report:
    """Erase a person. It cannot be taken back.

    Args:
        reason: what it is done for: a request, a rule of retention; nothing about the person.
        seen: what :attr:`Preview.seen` showed to whoever said yes; without it a guest who was merged away is refused.
        also: which places go where the surname stands alone in what is about others: ``all``, ``linked`` (those in what is
            linked to the guest), ``none``, or keys: :attr:`Place.checked`, :attr:`Place.key` or of a thing (``memo:12``).
        sweep: also clean the file of the store (:func:`forget`); without it the caller does so after several erasures.
        noted: the actor's next undo says that this cannot be taken back; once is enough for several erasures.

    Raises:
        Forbidden: the actor is no manager, or the desk reads only.
        NotFound: there is no such guest.
        Conflict: the guest was erased already, is not who was shown any more, or a message that names the guest is being
            sent just now; or a place that was chosen is not as it was shown.
    """
    with ctx.write() as tx:
        require(tx, Permission.ERASE)
        _require_as_seen(tx.connection, guest_id, seen)
        made = erase_in(tx, guest_id, reason, also=also)
        if noted:  # or undo would take back what was done before it, unasked
            tx.journal("erasure", made, "erase", undoable=True)
    drop_pictures(ctx)
    if sweep:
        try:
            forget(ctx)
        except CrmError:
            pass  # the erasure stands; the next one, a backup or the engine cleans up
    return get(ctx, made)


def _require_as_seen(connection: Connection, guest_id: int, seen: Sequence[tuple[int, int]] | None) -> None:
    person = person_in(connection, guest_id)
    same = person.id == guest_id if seen is None else tuple(seen) == _versions(connection, person)
    if not same:
        raise Conflict(
            _("Guest {number} was changed or merged since; nothing was erased.").format(number=guest_id),
            _("Look again at what erasing would remove."),
        )


def erase_many(
    ctx: Context,
    guest_ids: Sequence[int],
    reason: str = "",
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
) -> list[Report]:
    """Erase several, a transaction each; those done before a fault or a cancel stay done. What failed is told as an error.

    Raises:
        Forbidden: the actor is no manager, or the desk was opened to read only.
    """
    shown, stop = progress or NullProgress(), cancel or CancelEvent()
    done: list[Report] = []
    shown.step(_("Erasing"), len(guest_ids))
    try:
        for number, guest in enumerate(guest_ids, 1):
            stop.check()
            try:
                done.append(erase(ctx, guest, reason, sweep=False, noted=not done))
            except CrmError as error:
                if isinstance(error, Forbidden) and not done:
                    raise
                shown.error(f"{guest}: {error}")
            shown.count(number)
    finally:
        if done:
            forget(ctx)
        shown.done()
    return [get(ctx, one.id) for one in done]


def erase_in(
    tx: Transaction,
    guest_id: int,
    reason: str = "",
    *,
    person: Person | None = None,
    before: Mapping[str, Any] | None = None,
    also: Collection[str] | str = "linked",
    told: list[Place] | None = None,
) -> int:
    """:func:`erase` within a transaction that does more; returns the number of the erasure.

    Args:
        person: who it is, if not simply all that were merged into the guest.
        before: the erasure of another copy of the store that this one repeats: its day, its agent and reason stay.
        also: see :func:`erase`.
        told: takes all places that there are.
    """
    connection = tx.connection
    forgetting.begin(connection)
    person = person or person_in(connection, guest_id)
    found = reach_of(connection, person)
    words, near = words_of(connection, person), linked_to(connection, found)
    made, guests = _open(tx, person, reason), _made_at(connection, person)
    counts = _erase_own(tx, found)
    files = erase_files(connection, found, words.linked, near.conversations)
    counts["files"] = files.changed
    things = find_places(connection, words, near, found, files.words)
    picked = chosen(things, also, strict=before is None)
    counts["places"], journaled = _black(tx, found, things, picked, words)
    counts["journal"] += journaled
    if told is not None:
        told += [place for one in things for place in one.places]
    report = {
        "counts": counts,
        "left": found.left,
        "namesake": person.namesake,
        "common": person.common,
        "swept": False,
        "also": also if isinstance(also, str) else [one.partition("~")[0] for one in also],
        "places": _left(things, picked),
        "unread": files.unread,
        "unread_linked": files.unread_linked,
    }
    report |= {"again": before is not None, "guests": guests, "by": tx.actor.name}
    _finish(tx, made, report, before)
    return made


def _open(tx: Transaction, person: Person, reason: str) -> int:
    """Write down that a person is erased, with a reason that does not name them; returns the number of the erasure."""
    said = " ".join(person.here.without(display_text(reason)).split())[:LONGEST_REASON]
    row: dict[str, Any] = {"guest_id": person.id, "agent_id": tx.actor.id, "reason": said, "report": {}, "at": tx.now}
    return new_id(tx.connection.execute(insert(Erasure).values(**row)))


def _made_at(connection: Connection, person: Person) -> list[list[Any]]:
    """The numbers of the guests that the person is, and when each was made: another copy of the store knows them by that."""
    query = select(_G.id, _G.created_at).where(_G.id.in_(person.guests)).order_by(_G.id)
    return [[one.id, one.created_at.isoformat()] for one in connection.execute(query)]


def _erase_own(tx: Transaction, found: Reach) -> dict[str, int]:
    """What is the person's own goes, by kind: mail, records, strays, and the journal of all of it."""
    connection, person = tx.connection, found.person
    counts = {"conversations": len(found.conversations), "shared": len(found.shared)}
    counts |= erase_mail(connection, found, own_addresses(connection))
    counts |= erase_records(tx, found)
    counts["strays"] = erase_strays(connection, person.elsewhere, person.here, found.near)
    _tell(tx, found)
    tx.flush_journal()
    counts["journal"] = erase_journal(connection, found)
    return counts


def _black(
    tx: Transaction, found: Reach, things: Sequence[Thing], picked: Mapping[str, Collection[int]], words: Words
) -> tuple[int, int]:
    """Take the name out of what is not the person's own; in how many places, and in how many rows of the journal."""
    places, gone = black_out(tx, found, things, picked, words)
    tx.flush_journal()
    journaled = black_journal(tx, gone, picked, words)
    for one in gone:
        if one.kind != JOURNAL:
            tx.journal(ENTITIES.get(one.kind, one.kind), one.id, "erase")
    return places, journaled


def _finish(tx: Transaction, erasure_id: int, report: dict[str, Any], before: Mapping[str, Any] | None) -> None:
    """Keep what came of it; of one that repeats another its day, agent and reason."""
    values: dict[str, Any] = {"report": report, "finished_at": tx.now}
    if before is not None:
        report["by"] = (before["report"] or {}).get("by", "")
        values |= {"at": before["at"], "reason": before["reason"]}
        values["agent_id"] = tx.connection.execute(select(_A.id).where(_A.id == before["agent_id"])).scalar()
    tx.connection.execute(update(table_of(Erasure)).where(_E.id == erasure_id).values(**values))


def _left(things: Sequence[Thing], picked: Mapping[str, Collection[int]]) -> list[tuple[str, int, int]]:
    """The things in which places are left, and how many."""
    left = [(one.kind, one.id, len(one.places) - len(picked.get(one.name, ()))) for one in things]
    return [one for one in left if one[2]]


def _tell(tx: Transaction, found: Reach) -> None:
    """Every desk looks anew at what it shows; the journal says who did it."""
    for number in found.person.guests:
        tx.journal("guest", number, "erase")
    for number in sorted(found.conversations | found.shared):
        tx.journal("conversation", number, "erase")
    for number in sorted(found.inquiries | found.near.get(Inquiry, set())):
        tx.journal("inquiry", number, "erase")
    for number in sorted(found.reservations | found.near.get(Reservation, set())):
        tx.journal("reservation", number, "erase")
    for number in sorted(found.drafts | found.near.get(Draft, set())):
        tx.journal("draft", number, "erase")
    for number in sorted(found.reminders | found.near.get(Reminder, set())):
        tx.journal("reminder", number, "erase")


def forget(ctx: Context, progress: Progress | None = None, cancel: CancelEvent | None = None) -> bool:
    """Clean the file of the store of what was erased; returns whether nothing is left to clean.

    Other desks may go on meanwhile: the indexes are packed in short transactions. While somebody reads an older state of the
    store its log cannot be emptied; then this is to be called again.
    """
    with ctx.store.connect() as connection:
        pending = _unswept(connection)
    if not pending:
        return True
    forgetting.pack(ctx.store, progress or NullProgress(), cancel or CancelEvent())
    clean = forgetting.empty_log(ctx.store)
    if clean:
        with ctx.store.write() as session:
            connection = session.connection()
            for number in pending:
                report = connection.execute(select(_E.report).where(_E.id == number)).scalar_one()
                values = {"report": {**report, "swept": True}}
                connection.execute(update(table_of(Erasure)).where(_E.id == number).values(**values))
    return clean


def _unswept(connection: Connection) -> list[int]:
    rows = connection.execute(select(_E.id, _E.report).where(_E.finished_at.is_not(None)).order_by(_E.id))
    return [row.id for row in rows if not (row.report or {}).get("swept")]


def drop_pictures(ctx: Context) -> None:
    """The last list and the last screen that this desk keeps for its next start may show the person."""
    for path in (ctx.home.snapshot, ctx.home.frame):
        path.unlink(missing_ok=True)


def listed(ctx: Context, limit: int = 500) -> list[Report]:
    """Past erasures, the newest first."""
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.ERASE)
        rows = connection.execute(_ROWS.order_by(_E.id.desc()).limit(limit)).all()
    return [_report(row) for row in rows]


def get(ctx: Context, erasure_id: int) -> Report:
    """One erasure's report."""
    with ctx.store.connect() as connection:
        return _report(connection.execute(_ROWS.where(_E.id == erasure_id)).one())


_ROWS = select(table_of(Erasure), _A.name.label("agent")).outerjoin(Agent, _A.id == _E.agent_id)


def _report(row: Any) -> Report:
    said = row.report or {}
    by = display_text(row.agent or said.get("by", ""))
    return Report(
        row.id,
        row.guest_id,
        dict(said.get("counts", {})),
        int(said.get("left", 0)),
        bool(said.get("namesake")),
        display_text(row.reason),
        row.at,
        by,
        bool(said.get("swept")),
        bool(said.get("again")),
        bool(said.get("common")),
        tuple((kind, number, times) for kind, number, times in said.get("places", ())),
        int(said.get("unread", 0)),
        int(said.get("unread_linked", 0)),
    )


def _never(tx: Transaction, step: Row) -> None:
    """An erasure stays.

    Raises:
        Refused: always.
    """
    raise Refused(_("An erasure cannot be taken back."), undo.goes_on_to(tx, step.command), step.command)


special("erasure", "erase", _never)
undo_words.says("erasure", "erase", would=lambda _facts: _("An erasure, which cannot be taken back."))
