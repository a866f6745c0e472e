"""JSON as a table: one object a line, or a list of objects; keys are columns.

What stands inside an object is flattened: ``{"address": {"city": …}}`` is the column ``address.city``; the entries of a list
stand in one cell, parted by semicolons, those with a label as ``label <value>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crm_tui.base.i18n import _
from crm_tui.files.dialects import Dialect
from crm_tui.files.json_entries import encoding_of, entries
from crm_tui.files.limits import USUAL, CellFault, FileFault, Limits
from crm_tui.files.lines import too_big
from crm_tui.files.records import SHOWN, Row
from crm_tui.files.tables import Table

_VALUES = ("address", "number", "value", "email", "phone", "name")
_LABELS = ("label", "type", "kind")
_DEPTH = 8

Parsed = tuple[int, dict[str, str] | None, CellFault | None]
"""The line on which an object begins, its cells, or what is wrong with it."""


def read_objects(path: Path, *, encoding: str = "", limits: Limits = USUAL) -> Table:
    """Begin to read a file of JSON objects. It is read twice: first for the keys.

    Raises:
        FileFault: there are no objects in it, or from an entry on nothing can be read.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > limits.octets:
        raise too_big(limits)
    found: dict[str, None] = {}
    count = 0
    with path.open("rb") as stream:
        for _line, cells, _fault in _objects(stream, encoding, limits):
            count += 1
            found |= dict.fromkeys(cells or ())
            if len(found) > limits.columns:
                raise FileFault(_("Entry {n}: there are more than {most} keys.").format(n=count, most=limits.columns))
    if not found:
        raise FileFault(_("There are no objects in the file."), _("Write one object a line, or a list of them."))
    head = list(found)
    stream = path.open("rb")
    table = Table(head, 0, iter(()), Dialect(), encoding_of(stream, encoding), stream)
    table.rows = _rows(_objects(stream, encoding, limits), head, limits)
    return table


def _rows(found: Iterator[Parsed], head: list[str], limits: Limits) -> Iterator[Row]:
    for number, (line, cells, fault) in enumerate(found, 1):
        if number > limits.rows:
            raise FileFault(_("The file has more than {n} rows.").format(n=limits.rows))
        yield Row(number, line, [(cells or {}).get(name, "") for name in head], fault)


def _objects(stream: BinaryIO, label: str, limits: Limits) -> Iterator[Parsed]:
    for one in entries(stream, label, limits):
        if one.fault:
            yield one.line, None, CellFault(0, one.text[:SHOWN], one.fault)
        else:
            yield (one.line, *_checked(one.value, limits))


def _checked(value: Any, limits: Limits) -> tuple[dict[str, str] | None, CellFault | None]:
    if not isinstance(value, dict):
        return None, CellFault(0, _cell(value)[:SHOWN], _("This is no object."))
    cells: dict[str, str] = {}
    _flatten(cells, "", value, 0)
    for at, (_name, cell) in enumerate(cells.items(), 1):
        if len(cell) > limits.cell or "\0" in cell:
            message = _("The value is too long.") if len(cell) > limits.cell else _("The value holds a NUL.")
            return cells, CellFault(at, cell[:SHOWN], message)
    return cells, None


def _flatten(cells: dict[str, str], before: str, value: Any, depth: int) -> None:
    if isinstance(value, dict) and depth < _DEPTH:
        for name, one in value.items():
            _flatten(cells, f"{before}.{name}" if before else str(name), one, depth + 1)
    else:
        cells[before[:200]] = _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(filter(None, map(_entry, value)))
    return str(value)


def _entry(value: Any) -> str:
    if isinstance(value, dict):
        text = next((str(value[name]) for name in _VALUES if value.get(name)), "")
        label = next((str(value[name]) for name in _LABELS if value.get(name)), "")
        return labelled(text, label) if text else ""
    return quoted(str(value)) if isinstance(value, str) else _cell(value)


def quoted(text: str) -> str:
    """An entry of a cell that holds several: in double quotes if it could be taken for two."""
    if any(mark in text for mark in ';,\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def labelled(text: str, label: str) -> str:
    """An address or a number with its label, as :func:`crm_tui.desk.client_files.guest_import_cells.contacts` reads it."""
    if label:
        plain = not any(mark in label for mark in ',;|()<>"/\n')
        clean = label if plain else '"' + label.replace('"', '""') + '"'
        return f"{clean} <{text}>"
    return f"<{text}>" if any(mark in text for mark in "|(/") else text
