"""Merging duplicates (SPEC §6).

One of the guests is the main profile and keeps its number; everything that belongs to the others goes over to it. The others
stay as signposts (:func:`survivor_in`), with what they said themselves, so that the merge can be taken apart again
(:mod:`crm_tui.desk.merges.guest_unmerging`) until either side is changed.

Each guest is merged on its own, one after the other, in one command: A and B into C are two merges, undone together by the
agent who did it, or one by one later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Guest, GuestMerge
from crm_tui.desk.client_base.guest_signposts import absorbed_in, survivor_in
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.merges.guest_merge_consents import pin, said_in
from crm_tui.desk.merges.guest_merge_fields import COLUMNS, ORDERS, check_choices, differences, sources, taken
from crm_tui.desk.merges.guest_merge_moves import move, plain
from crm_tui.desk.merges.guest_merge_preview import difference_views, preview_in
from crm_tui.desk.merges.guest_merge_views import MergePreview, NotSure
from crm_tui.desk.merges.guest_unmerging import merge_of, merges_of, unmerge
from crm_tui.mail.text import display_text

__all__ = ["absorbed_in", "merge", "merge_of", "merges_of", "preview", "survivor_in", "unmerge"]

_G = columns(Guest)
_FEWEST = 2


def preview(ctx: Context, main: int, others: Sequence[int], choices: Mapping[str, int] | None = None) -> MergePreview:
    """What :func:`merge` would make, for anybody to look at.

    Raises:
        NotFound, Conflict, InvalidInput: as :func:`merge`, but for what needs an explicit yes.
    """
    with ctx.store.connect() as connection:
        rows = mergeable(connection, main, others)
        check_choices(choices or {}, [row.id for row in rows])
        return preview_in(connection, ctx.actor, rows, choices or {})


def merge(
    ctx: Context,
    main: int,
    others: Sequence[int],
    choices: Mapping[str, int] | None = None,
    *,
    sure: bool = False,
    versions: Mapping[int, int] | None = None,
) -> None:
    """Merge guests into the main profile, as one command.

    Args:
        choices: field (of :data:`~crm_tui.desk.merges.guest_merge_fields.FIELDS`) to the guest whose value holds; what is not named
            is the main profile's, and the others' where it says nothing. ``emails`` and ``phones``: whose come first.
        sure: they are one though their birth dates or passports differ.
        versions: guest to the version that was looked at, to refuse what somebody changed since.

    Raises:
        Forbidden: the actor is neither manager nor administrator.
        NotFound: there is no such guest.
        InvalidInput: a person and a company, a guest with itself, or a choice of what is not there.
        NotSure: they differ in birth date or passport, and ``sure`` was not said.
        Conflict: one is archived, erased, merged already, or was changed since it was looked at.
    """
    choices = choices or {}
    with ctx.write() as tx:
        require(tx, Permission.MERGE)
        rows = mergeable(tx.connection, main, others)
        check_choices(choices, [row.id for row in rows])
        _refuse_unseen(rows, versions or {})
        found = differences(rows)
        if found and not sure:
            raise NotSure(difference_views(found))
        chosen = sources(rows, choices)
        for row in rows[1:]:
            absorb(tx, main, row, chosen, {name: choices[name] for name in ORDERS if name in choices})


def mergeable(connection: Connection, main: int, others: Sequence[int]) -> list[Any]:
    """The guests' columns, the main profile first, if they may be merged at all."""
    numbers = list(dict.fromkeys(others))
    if main in numbers:
        raise InvalidInput(_("Guest {number} cannot be merged with itself.").format(number=main), field="other")
    if not numbers:
        raise InvalidInput(_("It takes two guests to make one."), _("Mark them with Space first."), "other")
    rows = [_row(connection, number, {main, *numbers}) for number in (main, *numbers)]
    if len({row.kind for row in rows}) == _FEWEST:
        raise InvalidInput(
            _("A person and a company cannot be one; nothing was merged."),
            _("A person who works at a company is one of its contacts."),
            "other",
        )
    return rows


def _row(connection: Connection, number: int, among: set[int]) -> Any:
    row = connection.execute(select(table_of(Guest)).where(_G.id == number)).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=number))
    facts = {"number": number, "name": name_of(row)}
    if row.merged_into is not None:
        now = survivor_in(connection, number)
        if now in among:
            raise Conflict(_("Guests {number} and {other} are one already.").format(number=number, other=now))
        said = _("{name} ({number}) was merged into guest {other} already.").format(**facts, other=now)
        raise Conflict(said, _("Merge with guest {other} instead.").format(other=now))
    if row.erased_at is not None:
        raise Conflict(_("Guest {number} was erased: nothing is left to merge.").format(**facts))
    if row.archived_at is not None:
        raise Conflict(_("{name} ({number}) is archived.").format(**facts), _("Bring the guest back first."))
    return row


def name_of(row: Any) -> str:
    """A guest's name, as people read it."""
    return display_text(f"{row.given} {row.surname}".strip())


def _refuse_unseen(rows: Sequence[Any], versions: Mapping[int, int]) -> None:
    for row in rows:
        if versions.get(row.id, row.version) != row.version:
            raise Conflict(
                _("{name} was changed while you looked; nothing was merged.").format(name=name_of(row)),
                _("Look at it again."),
            )


def absorb(
    tx: Transaction,
    main: int,
    other: Any,
    chosen: Mapping[str, int],
    first: Mapping[str, int],
    *,
    again: int | None = None,
) -> None:
    """Merge one guest into the main profile.

    Args:
        other: the columns of the one who is merged away.
        chosen: field to the guest whose value holds; ``first``: whose addresses and numbers come first.
        again: the merge that was taken apart and holds anew, for undo; nothing is journaled for it here.
    """
    connection = tx.connection
    ours = connection.execute(select(table_of(Guest)).where(_G.id == main)).one()
    values = taken(ours, other, chosen)
    references = (ours.reference, other.reference)
    if chosen["reference"] == other.id and references[0] != references[1]:
        references = references[::-1]  # the other one's stays findable on the signpost
    mine, theirs = said_in(connection, main), said_in(connection, other.id)
    moved = move(connection, main, other.id, first, tx.now)
    pinned = pin(tx, main, other.id, mine, theirs)
    before = {name: plain(getattr(ours, name)) for name in values}
    if references[0] != ours.reference:
        before["reference"], values["reference"] = ours.reference, references[0]
    _write(tx, ours, other, values, references[1])
    left = connection.execute(select(table_of(Guest)).where(_G.id == main)).one()
    record = {"moved": asdict(moved), "fields": before, "reference": other.reference}
    after = {
        "fields": {name: plain(getattr(left, name)) for name in COLUMNS},
        "version": left.version,
        "absorbed_version": other.version + 1,
        "consents": pinned,
        "chosen": dict(chosen),
        "first": dict(first),
    }
    if again is not None:
        values_again = {"before": record, "after": after, "undone_at": None}
        connection.execute(update(GuestMerge).where(columns(GuestMerge).id == again).values(**values_again))
        return
    pair = {"survivor_id": main, "absorbed_id": other.id}
    statement = insert(GuestMerge).values(**pair, before=record, after=after, agent_id=tx.actor.id, at=tx.now)
    made = new_id(connection.execute(statement))
    _journal(tx, made, main, other, values, references[1])


def _write(tx: Transaction, ours: Any, other: Any, values: Mapping[str, Any], reference: str) -> None:
    """The version rises above that of both, so that an edit that began from either is found to be older."""
    absorbed = {"merged_into": ours.id, "updated_at": tx.now, "version": other.version + 1, "reference": ""}
    tx.connection.execute(update(Guest).where(_G.id == other.id).values(**absorbed))
    folded = folded_name(values.get("surname", ours.surname), values.get("given", ours.given))
    marks = {"folded": folded, "updated_at": tx.now, "version": max(ours.version, other.version) + 1}
    tx.connection.execute(update(Guest).where(_G.id == ours.id).values(**values, **marks))
    if reference:
        tx.connection.execute(update(Guest).where(_G.id == other.id).values(reference=reference))


def _journal(tx: Transaction, made: int, main: int, other: Any, changed: Iterable[str], reference: str) -> None:
    """Only which fields changed, and in which merge: what both said stands there alone, where parting, erasing and handing
    out find it by either number. In a row of the one's journal it would stay when the two are told apart again."""
    told = {"merge": made, "absorbed": other.id}
    names = dict.fromkeys(changed)
    tx.journal("guest", main, "absorb", dict(names), {**names, **told}, undoable=True)
    was: dict[str, Any] = {"merged_into": None}
    now: dict[str, Any] = {"merged_into": main, "merge": made, "survivor": main}
    if reference != other.reference:
        was["reference"], now["reference"] = None, None
    tx.journal("guest", other.id, "merge", was, now, undoable=True)
