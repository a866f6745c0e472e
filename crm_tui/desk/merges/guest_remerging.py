"""Undo of taking two merged guests apart: they are one again, by the same choices (SPEC §6, §13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, GuestMerge, Undone
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.merges.guest_merging import absorb, mergeable, name_of
from crm_tui.desk.undoing import undo, undo_words
from crm_tui.desk.undoing.undo_registry import Row

_G = columns(Guest)
_M = columns(GuestMerge)
_U = columns(Undone)


def _undo(tx: Transaction, step: Row) -> None:
    """Merge them as they were merged; the merge itself can be taken back again then.

    Raises:
        Conflict: either was changed since, or may not be merged any more.
    """
    require(tx, Permission.MERGE)
    told: Mapping[str, Any] = (step.after or {})["again"]
    connection = tx.connection
    row = connection.execute(select(table_of(GuestMerge)).where(_M.id == told["merge"])).one()
    if row.undone_at is None:
        return
    rows = mergeable(connection, row.survivor_id, [row.absorbed_id])
    for one, version in zip(rows, told["versions"], strict=True):
        if one.version != version:
            raise Conflict(
                _("{name} ({number}) has changed since.").format(name=name_of(one), number=one.id),
                _("Nothing was merged; merge them anew."),
            )
    absorb(tx, row.survivor_id, rows[1], told["chosen"], told["first"], again=row.id)
    connection.execute(delete(Undone).where(_U.by_command == step.command))  # the merge may be taken back once more


def _would(facts: undo_words.Facts) -> str:
    return _("{what}: taken apart from guest {number}").format(what=facts.what, number=facts.before.get("merged_into"))


def _did(facts: undo_words.Facts) -> str:
    number = facts.before.get("merged_into")
    return _("{what}: merged into guest {number} again.").format(what=facts.what, number=number)


undo.special("guest", "unmerge", _undo)
undo.says("guest", "unmerge", would=_would, did=_did)
