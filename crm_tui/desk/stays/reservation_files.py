"""Reservations in files, both ways: JSON (one object a line, or a list) and CSV with dotted names (SPEC §15).

In a CSV, what is nested has a column for each name: ``company.name``, ``guests.1.surname``, ``guests.2.surname``; of a list
with one item the number may be left out (``guests.surname``). What export writes, import takes back unchanged.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.data.bulk import chunks
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays import reservations
from crm_tui.desk.stays.reservation_export import record_of, widths
from crm_tui.desk.stays.reservation_import import SourceRow
from crm_tui.desk.stays.reservation_rows import rows_of, view_in
from crm_tui.files.json_entries import entries
from crm_tui.files.limits import USUAL, FileFault
from crm_tui.files.tables import Row, Table, read_rows, write_csv
from crm_tui.mail.text import display_text
from crm_tui.rules.reservation_checks import FIELDS
from crm_tui.rules.reservation_records import MOST, NAMES, NESTED

_INDEX = re.compile(r"\[(\d{1,6})\]")
_PART = re.compile(r"(guests|schedule|payments|flights)(?:\.(\d{1,6}))?\.([a-z_]+)")
_MARK = b"\xef\xbb\xbf"


def read(path: Path) -> Iterator[SourceRow]:
    """The rows of a file, which of the two it is found out by its beginning.

    Raises:
        FileFault: it is no such file, or too big.
        OSError: it cannot be opened.
    """
    if path.is_file() and path.stat().st_size > USUAL.octets:
        raise FileFault(_("The file is too big."), _("Split it and import the parts one after the other."))
    with path.open("rb") as stream:
        if _beginning(stream) in (b"{", b"["):
            for number, one in enumerate(entries(stream, "", USUAL), 1):
                yield SourceRow(number, None, one.fault) if one.fault else _object(number, one.value)
            return
    with read_rows(path) as table:
        yield from _cells(table)


def looks_so(path: Path) -> bool:
    """Whether a file holds reservations rather than guests: by the names of its first row; False for one that cannot be read."""
    try:
        first = next(iter(read(path)), None)
    except (CrmError, OSError):
        return False
    if first is None or first.record is None:
        return False
    names = {str(name).partition(".")[0] for name in first.record}
    return len(names & _OURS) >= 2 and "surname" not in names


_OURS = {"arrival", "departure", "booked", "guests", "schedule", "payments", "flights", "operator", "product", "status"}
"""Names that no file of guests has."""


def _beginning(stream: BinaryIO) -> bytes:
    """The first sign that is no space, and the stream at its start again."""
    start = stream.read(65_536)
    stream.seek(0)
    return start.removeprefix(_MARK).lstrip()[:1]


def _object(number: int, record: Any) -> SourceRow:
    if isinstance(record, Mapping):
        return SourceRow(number, record)
    return SourceRow(number, None, _("Here an object with names is expected."))


def _cells(table: Table) -> Iterator[SourceRow]:
    names = [_INDEX.sub(r".\1", name.strip().casefold()) for name in table.head]
    known = {name.partition(".")[0] for name in names}
    if not known & {"reference", "code"}:
        raise FileFault(
            _("No column is called reference."), _("The first row names the columns, like reference, status, arrival.")
        )
    _refuse_doubles(names, table.head)
    for row in table.rows:
        if row.fault is not None:
            column = table.head[row.fault.column - 1] if 0 < row.fault.column <= len(table.head) else ""
            yield SourceRow(row.number, None, row.fault.message, column)
        else:
            yield _row(row, names, table.head)


def _refuse_doubles(names: Sequence[str], head: Sequence[str]) -> None:
    """Two columns that say the same of the same item, as ``guests.surname`` beside ``guests.1.surname`` do."""
    seen: dict[str, str] = {}
    for name, title in zip(names, head, strict=True):
        part = _PART.fullmatch(name)
        key = f"{part[1]}.{int(part[2] or 1)}.{part[3]}" if part else name
        if key in seen:
            text = _("The columns {one} and {two} say the same of one item.")
            raise FileFault(text.format(one=display_text(seen[key]), two=display_text(title)))
        seen[key] = title


def _row(row: Row, names: Sequence[str], head: Sequence[str]) -> SourceRow:
    record: dict[str, Any] = {}
    items: dict[str, dict[int, dict[str, str]]] = {}
    places: dict[tuple[str, int], dict[str, str]] = {}
    for name, title, cell in zip(names, head, row.cells, strict=True):
        part = _PART.fullmatch(name)
        if part is not None:
            key = part[1], int(part[2] or 1)
            items.setdefault(key[0], {}).setdefault(key[1], {})[part[3]] = cell
            places.setdefault(key, {})[part[3]] = title
        elif name.startswith("company."):
            record.setdefault("company", {})[name.removeprefix("company.")] = cell
        else:
            record[title if name not in NAMES else name] = cell
    if not any(cell.strip() for cell in record.get("company", {}).values()):
        record.pop("company", None)
    columns: dict[str, str] = {}
    for group, found in items.items():
        kept = [number for number in sorted(found) if any(cell.strip() for cell in found[number].values())]
        if not kept:
            continue  # blank cells say nothing
        record[group] = [found[number] for number in kept]
        for position, number in enumerate(kept):
            for name, title in places[group, number].items():
                columns[f"{group}[{position}].{name}"] = title
    return SourceRow(row.number, record, columns=columns)


def records(ctx: Context, ids: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    """Reservations with the names of SPEC §15; ``ids``: these, in this order; None: all, by number."""
    for chunk in _chunks(ctx, ids):
        with ctx.store.connect() as connection:
            found = [record_of(connection, view_in(connection, number, ctx.actor)) for number in chunk]
        yield from found


def _chunks(ctx: Context, ids: Sequence[int] | None) -> Iterator[list[int]]:
    if ids is not None:
        with ctx.store.connect() as connection:
            there = {row.id for row in rows_of(connection, ids)}
        yield from chunks((number for number in ids if number in there), 500)
        return
    after = 0
    while rows := reservations.listed(ctx, after=after, limit=500):
        yield [row.id for row in rows]
        after = rows[-1].id


def write_table(ctx: Context, stream: TextIO, ids: Sequence[int] | None = None, done: Counted = lambda _n: None) -> int:
    """Write reservations as CSV, formula-safe; returns how many. ``done`` is told how many are written so far."""
    head = list(_head(widths(ctx)))
    return write_csv(stream, head, (_flat(record, head) for record in _counted(records(ctx, ids), done)))


Counted = Callable[[int], object]


def _counted(found: Iterable[dict[str, Any]], done: Counted) -> Iterator[dict[str, Any]]:
    for number, record in enumerate(found, 1):
        yield record
        done(number)


def to_file(
    ctx: Context,
    ids: Sequence[int] | None,
    path: Path,
    *,
    as_json: bool,
    overwrite: bool,
    progress: Progress,
    cancel: CancelEvent,
) -> int:
    """Write reservations into a file that only oneself can read; returns how many. A file that is not finished is taken away.

    Raises:
        InvalidInput: the file is there and is not to be replaced, or cannot be written; ``field`` is ``path``.
        Cancelled: somebody stopped it.
    """
    if path.exists() and not overwrite:
        raise InvalidInput(_("There is a file called {name} already.").format(name=path.name), field="path")
    half = path.with_name(f".{path.name}.part")

    def done(number: int) -> None:
        cancel.check()
        progress.count(number)

    progress.step(path.name, len(ids) if ids is not None else None)
    try:
        with open(
            os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        ) as out:
            if as_json:
                lines = (json.dumps(record, ensure_ascii=False) for record in _counted(records(ctx, ids), done))
                count = sum(1 for line in lines if out.write(line + "\n"))
            else:
                count = write_table(ctx, out, ids, done)
        half.replace(path)
    except OSError as error:
        text = _("{name} cannot be written: {error}").format(name=path.name, error=error.strerror or error)
        raise InvalidInput(text, field="path") from None
    finally:
        half.unlink(missing_ok=True)
        progress.done()
    return count


def _head(wide: Mapping[str, int]) -> Iterator[str]:
    yield from (name for name in FIELDS if name in NAMES)
    for group, names in NESTED.items():
        if group == "company":
            yield from (f"company.{name}" for name in names)
        for number in range(1, min(wide.get(group, 0), MOST) + 1):
            yield from (f"{group}.{number}.{name}" for name in names)


def _flat(record: Mapping[str, Any], head: Iterable[str]) -> list[str]:
    cells: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, list):
            cells |= {f"{name}.{place}.{key}": one for place, item in enumerate(value, 1) for key, one in item.items()}
        elif isinstance(value, Mapping):
            cells |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            cells[name] = value
    return [_cell(cells.get(name)) for name in head]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
