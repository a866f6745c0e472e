"""The lines of guests side by side: fields, what is put together, consents, what goes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.desk.merges.guest_merge_views import MergeConsent, MergeField, MergePreview, MergeUnion
from crm_tui.widgets.cells import fit

ORDERS = ("emails", "phones")
"""What is put together, in an order that can be chosen."""

LABEL = 15
"""Cells of what stands at the left."""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One line.

    Attributes:
        name: the field that can be chosen in it; empty for one that only tells.
        label: what stands at the left.
        cells: what each guest has.
        chosen: whose counts, by place; None: nobody's alone.
        result: what the main profile has afterwards, in words; shown for the line under the cursor.
        look: of the label.
        open: both sides differ, so it should be looked at.
        together: all of them count; ``chosen`` is whose come first.
    """

    name: str
    label: str
    cells: tuple[str, ...]
    chosen: int | None = None
    result: str = ""
    look: str = "$desk-muted"
    open: bool = False
    together: bool = False


def rows_of(seen: MergePreview, *, differing: bool) -> list[MergeRow]:
    """All lines; with ``differing`` only those in which the guests do not say the same."""
    ids = [one.id for one in seen.guests]
    rows = [_field(one, ids) for one in seen.fields]
    rows += [_union(one, ids) for one in seen.unions if one.items]
    rows += [_consent(one) for one in seen.consents]
    rows += [
        MergeRow("", "  " + one.title, tuple(str(count or "–") for count in one.counts), result=_goes(), open=True)
        for one in seen.moves
    ]
    return [row for row in rows if row.open] if differing else rows


def _field(one: MergeField, ids: Sequence[int]) -> MergeRow:
    chosen = ids.index(one.chosen) if one.chosen in ids else None
    look = "bold $text-warning" if one.cautious else "bold" if one.differs else "$desk-muted"
    sign = "! " if one.cautious else "≠ " if one.differs else "  "
    values = tuple(" ".join(value.split()) for value in one.values)
    partly = any(value != values[0] for value in values)
    return MergeRow(one.name, sign + one.title, values, chosen, one.result, look, open=partly)


def _union(one: MergeUnion, ids: Sequence[int]) -> MergeRow:
    cells = tuple(", ".join(text for text, who in one.items if number in who) for number in ids)
    result = ", ".join(text for text, _who in one.items)
    shared = all(len(who) == len(ids) for _text, who in one.items)
    chosen = ids.index(one.items[0][1][0]) if one.name in ORDERS and not shared else None
    name = one.name if chosen is not None else ""
    return MergeRow(name, "+ " + one.title, cells, chosen, result, open=not shared, together=True)


def _consent(one: MergeConsent) -> MergeRow:
    title = _("{channel} allowed").format(channel=_(CONSENTS[one.channel]))
    words = {True: _("yes"), False: _("no"), None: _("never asked")}
    result = _("yes") if one.result else _("no: the more restrictive counts, and never asked is a no")
    look = "bold $text-warning" if one.narrowed else "$desk-muted"
    cells = tuple(words[said] for said in one.said)
    return MergeRow("", ("! " if one.narrowed else "  ") + title, cells, result=result, look=look, open=True)


def _goes() -> str:
    return _("all of them belong to the main profile, each once")


def line(row: MergeRow, room: int) -> Content:
    """The line as it is drawn; ``room`` cells for each guest."""
    parts: list[Content | tuple[str, str] | str] = [(" " + fit(row.label, LABEL - 1), row.look)]
    for place, cell in enumerate(row.cells):
        if row.name:
            counts = row.chosen is None or row.chosen == place
            sign = "●" if counts else "+" if row.together else "○"
            parts.append(
                (
                    fit(f"{sign} {cell or '–'}", room - 1) + " ",
                    "bold" if counts else "" if row.together else "$desk-muted",
                )
            )
        else:
            parts.append((fit(f"  {cell or '–'}", room - 1) + " ", "$desk-muted"))
    return Content.assemble(*parts)


def head(seen: MergePreview, room: int) -> Content:
    """Who stands in which column, and whose number stays."""
    parts: list[tuple[str, str]] = [(" " * LABEL, "")]
    for place, one in enumerate(seen.guests):
        mark = "★ " if place == 0 else "  "
        parts.append((fit(f"{mark}{one.name} #{one.id}", room - 1) + " ", "bold $primary" if place == 0 else "bold"))
    return Content.assemble(*parts)
