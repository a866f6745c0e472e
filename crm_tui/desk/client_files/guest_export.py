"""Taking guests out: CSV, JSON lines, vCards (SPEC §6, §12; QUALITY S12, S16). What goes out comes in again unchanged."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Attribute
from crm_tui.desk.client_base import guest_lists, guests
from crm_tui.desk.client_files.guest_import_match import Standing, standing
from crm_tui.desk.client_files.guest_import_views import CHANNELS
from crm_tui.desk.common.context import Context
from crm_tui.files.objects import labelled, quoted
from crm_tui.files.private import Unwritable, private_file
from crm_tui.files.tables import write_csv
from crm_tui.files.vcards import write_vcards
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import GuestCriteria

_A = columns(Attribute)


class Format(StrEnum):
    """What a file of guests is written as.

    CSV is UTF-8. ``CSV_MARKED`` begins with a byte order mark beside that, by which some spreadsheets know UTF-8.
    """

    CSV = "csv"
    CSV_MARKED = "csv-bom"
    JSON = "json"
    VCARD = "vcard"
    VCARD3 = "vcard3"


_LINES = (
    *("reference", "kind", "surname", "given", "street", "postcode", "city", "region", "country", "nationality"),
    *("language", "document", "passport", "tax_number"),
)
_CONSENTS = tuple(f"consent_{channel}{part}" for channel in CHANNELS for part in ("", "_day", "_source"))
COLUMNS = (
    *(
        "id",
        "reference",
        "kind",
        "surname",
        "given",
        "emails",
        "phones",
        "street",
        "postcode",
        "city",
        "region",
        "country",
    ),
    *("nationality", "language", "birth_date", "document", "passport", "passport_expiry", "tax_number", "remarks"),
    *("attributes", *_CONSENTS),
)
"""The columns of a CSV of guests; an import takes them as they are."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which guests go out: those of the numbers, else those that the criteria ask for (a package is one of them)."""

    criteria: GuestCriteria = field(default_factory=GuestCriteria)
    ids: tuple[int, ...] | None = None


def count(ctx: Context, chosen: Chosen) -> int:
    """How many guests that are.

    Raises:
        NotFound: one that is named is not there.
    """
    return len(_ids(ctx, chosen))


def _ids(ctx: Context, chosen: Chosen) -> Sequence[int]:
    if chosen.ids is None:
        return guest_lists.ids(ctx, chosen.criteria)
    with ctx.store.connect() as connection:
        return [guests.require(connection, number, archived=True).id for number in chosen.ids]


def to_file(
    ctx: Context,
    chosen: Chosen,
    format_name: Format,
    path: Path,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
) -> int:
    """Write guests into a file that only its owner can read; returns how many. It appears whole or not at all.

    Raises:
        InvalidInput: the file exists, or cannot be written; ``field`` is ``path``.
        Cancelled: it was stopped; there is no file.
        Forbidden: the desk was opened to read only: an export has to be noted in the journal.
    """
    path = path.expanduser()
    shown = display_text(str(path))
    try:
        with private_file(path, overwrite=overwrite) as stream:
            return to_stream(ctx, chosen, format_name, stream, name=path.name, progress=progress, cancel=cancel)
    except Unwritable as error:
        words = _("{path} cannot be written: {reason}.") if error.reason else _("{path} exists already.")
        raise InvalidInput(words.format(path=shown, reason=error.reason), field="path") from None


def to_stream(
    ctx: Context,
    chosen: Chosen,
    format_name: Format,
    stream: BinaryIO,
    *,
    name: str = "",
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
) -> int:
    """Write guests into a stream, as they are read; returns how many.

    The journal notes who took how many out, and never what stands there.

    Raises:
        Cancelled: it was stopped.
        Forbidden: the desk was opened to read only.
    """
    ids = list(dict.fromkeys(_ids(ctx, chosen)))
    with ctx.write() as tx:
        noted = {"kind": "guests", "format": str(format_name), "count": len(ids), "file": display_text(name)}
        tx.journal("export", 0, "export", None, noted)
    shown, stop = progress or NullProgress(), cancel or CancelEvent()
    shown.step(_("Exporting guests"), len(ids))
    text = TextIOWrapper(stream, "utf-8", errors="replace", newline="", write_through=False)
    try:
        return _WRITERS[format_name](text, _told(ctx, ids, shown, stop))
    finally:
        with contextlib.suppress(OSError, ValueError):
            text.flush()
        text.detach()
        shown.done()


def _told(ctx: Context, ids: Sequence[int], shown: Progress, stop: CancelEvent) -> Iterator[dict[str, Any]]:
    """The guests by field, in the order of the numbers; those that are not there any more are left out."""
    done = 0
    with ctx.store.connect() as connection:
        names = _attributes(connection)
        for chunk in chunks(ids):
            stop.check()
            found = standing(connection, chunk)
            for number in chunk:
                one = found.get(number)
                if one is not None and one.row["merged_into"] is None and one.row["erased_at"] is None:
                    yield _guest(one, names)
            done += len(chunk)
            shown.count(done)


def _attributes(connection: Connection) -> dict[int, str]:
    query = select(_A.id, _A.name).where(_A.removed_at.is_(None))
    return {row.id: display_text(row.name) for row in connection.execute(query)}


def _guest(one: Standing, names: Mapping[int, str]) -> dict[str, Any]:
    row = one.row
    return {
        "id": row["id"],
        **{name: display_text(row[name]) for name in _LINES},
        "birth_date": row["birth_date"],
        "passport_expiry": row["passport_expiry"],
        "remarks": display_text(row["remarks"], multiline=True),
        "emails": [_pair(entry, "address") for entry in one.emails],
        "phones": [_pair(entry, "number") for entry in one.phones],
        "attributes": sorted(names[tag] for tag in one.tags if tag in names),
        "consents": {
            channel: (given, day, display_text(source))
            for channel, (given, day, source) in one.said.items()
            if channel in CHANNELS
        },
    }


def _pair(entry: Any, name: str) -> tuple[str, str]:
    if isinstance(entry, str):
        return display_text(entry), ""
    return display_text(str(entry[name])), display_text(str(entry.get("label", "")))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _flat(guest: Mapping[str, Any]) -> dict[str, Any]:
    """A guest as texts; what is a list stays one."""
    found = {**guest, "birth_date": _day(guest["birth_date"]), "passport_expiry": _day(guest["passport_expiry"])}
    for channel, (given, day, source) in guest["consents"].items():
        found |= {f"consent_{channel}": "yes" if given else "no", f"consent_{channel}_day": _day(day)}
        found[f"consent_{channel}_source"] = source
    return found


def _csv(stream: TextIO, guests: Iterator[dict[str, Any]]) -> int:
    return write_csv(stream, COLUMNS, map(_cells, guests))


def _cells(guest: dict[str, Any]) -> list[str]:
    found = _flat(guest)
    for name in ("emails", "phones"):
        found[name] = "; ".join(labelled(text, label) for text, label in guest[name])
    found["attributes"] = "; ".join(map(quoted, guest["attributes"]))
    return [str(found.get(name) or "") for name in COLUMNS]


def _json(stream: TextIO, guests: Iterator[dict[str, Any]]) -> int:
    written = 0
    for guest in guests:
        found = guest | {"birth_date": _day(guest["birth_date"]) or None}
        found["passport_expiry"] = _day(guest["passport_expiry"]) or None
        for name, key in (("emails", "address"), ("phones", "number")):
            found[name] = [{key: text, "label": label} if label else {key: text} for text, label in guest[name]]
        found["consents"] = {
            channel: {"given": given, "day": _day(day), "source": source or None}
            for channel, (given, day, source) in guest["consents"].items()
        }
        stream.write(json.dumps(found, ensure_ascii=False) + "\n")
        written += 1
    return written


def _cards(version: str) -> Callable[[TextIO, Iterator[dict[str, Any]]], int]:
    def write(stream: TextIO, guests: Iterator[dict[str, Any]]) -> int:
        return write_vcards(stream, (_flat(one) | {"number": one["id"]} for one in guests), version=version)

    return write


def _marked_csv(stream: TextIO, guests: Iterator[dict[str, Any]]) -> int:
    stream.write("\ufeff")
    return _csv(stream, guests)


_WRITERS: dict[Format, Callable[[TextIO, Iterator[dict[str, Any]]], int]] = {
    Format.CSV: _csv,
    Format.CSV_MARKED: _marked_csv,
    Format.JSON: _json,
    Format.VCARD: _cards("4.0"),
    Format.VCARD3: _cards("3.0"),
}
