"""Which column of a file is which field of a guest: remembered by the columns' names, and checked (SPEC §6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import ImportMapping
from crm_tui.desk.client_files.import_errors import ERROR_COLUMN
from crm_tui.desk.common.context import Transaction
from crm_tui.mail.text import display_text
from crm_tui.rules.import_columns import FIELDS, MANY

_M = columns(ImportMapping)

KIND = "guests"


def key_of(head: Sequence[str]) -> str:
    """What a mapping is remembered by: the names of the columns, in their order."""
    return hashlib.sha256(
        "\x1f".join(name for name in head if name != ERROR_COLUMN).encode("utf-8", "replace")
    ).hexdigest()


def remembered(connection: Connection, head: Sequence[str]) -> dict[str, str]:
    """Column to field, as it was last said for files with this head; empty if never."""
    query = select(_M.columns).where(_M.kind == KIND, _M.head == key_of(head))
    found = connection.execute(query).scalar() or {}
    return {str(name): str(field) for name, field in found.items() if name in head and field in ("", *FIELDS)}


def remember(tx: Transaction, head: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Keep a mapping for the next file with this head."""
    values = {"columns": {name: mapping.get(name, "") for name in head}, "used_at": tx.now}
    known = update(ImportMapping).where(_M.kind == KIND, _M.head == key_of(head)).values(**values)
    if not tx.connection.execute(known).rowcount:
        tx.connection.execute(insert(ImportMapping).values(kind=KIND, head=key_of(head), **values))


def check_mapping(head: Sequence[str], mapping: Mapping[str, str]) -> None:
    """A mapping that makes sense for a file.

    Raises:
        InvalidInput: a field is not known or named twice, a column is not in the file, or no column tells a name.
    """
    for name, one in mapping.items():
        if name not in head:
            raise InvalidInput(
                _("The file has no column {name}.").format(name=display_text(name)),
                _("Its columns are: {names}.").format(names=", ".join(display_text(one) for one in head[:30])),
                "map",
            )
        if one and one not in FIELDS:
            raise InvalidInput(
                _("There is no field called {given}.").format(given=display_text(one)),
                _("Fields are: {names}.").format(names=", ".join(FIELDS)),
                "map",
            )
    used = [one for one in mapping.values() if one]
    for one in used:
        if one not in MANY and used.count(one) > 1:
            raise InvalidInput(_("Two columns cannot both be {name}.").format(name=one), field="map")
    if not {"surname", "name", "company"} & set(used):
        raise InvalidInput(
            _("No column tells the surname of a guest."), _("Say which one does: surname, name or company."), "map"
        )
