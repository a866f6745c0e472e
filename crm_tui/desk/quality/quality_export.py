"""Feedback and costs of quality as records: for programs, and as CSV in a file that only its owner can read (SPEC §11, §15)."""

from __future__ import annotations

from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.quality import feedback_lists, quality_costs
from crm_tui.desk.quality.feedback_views import FeedbackQuery, FeedbackView
from crm_tui.desk.quality.quality_views import CostView, GivenView
from crm_tui.files.private import Unwritable, private_file
from crm_tui.files.tables import write_csv
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money


def feedback_record(one: FeedbackView) -> dict[str, Any]:
    """The fields of feedback."""
    return {
        "id": one.id,
        "kind": one.kind,
        "at": one.at,
        "code": one.code or None,
        "room": one.room or None,
        "guest": {"id": one.guest, "name": one.guest_name} if one.guest is not None else None,
        "reservation": one.code_of or None,
        "conversation": one.conversation,
        "employee": one.employee or None,
        "comment": one.comment,
        "emoji": one.emoji or None,
        "resolved": one.resolved_at is not None,
        "resolved_at": one.resolved_at,
        "resolved_by": one.resolved_by or None,
        "resolution": one.resolution or None,
        "satisfaction": one.satisfaction,
        "items": [given_record(line) for line in one.given],
        "cost": [amount_record(money) for money in one.cost],
        "author": one.author or None,
        "version": one.version,
    }


def cost_record(one: CostView) -> dict[str, Any]:
    """The fields of a cost of quality."""
    return {
        "id": one.id,
        "at": one.at,
        "code": one.code or None,
        "room": one.room or None,
        "guest": {"id": one.guest, "name": one.guest_name} if one.guest is not None else None,
        "reservation": one.code_of or None,
        "occasion": one.occasion or None,
        "comment": one.comment or None,
        "items": [given_record(line) for line in one.given],
        "cost": [amount_record(money) for money in one.cost],
        "author": one.author or None,
        "version": one.version,
    }


def given_record(line: GivenView) -> dict[str, Any]:
    """Something that was given; amounts are decimal strings with their currency beside them (SPEC §15)."""
    return {
        "line": line.id,
        "item": line.item,
        "name": line.name,
        "quantity": line.quantity,
        "value": line.value.decimal,
        "amount": line.amount.decimal,
        "currency": line.value.currency,
        "at": line.at,
    }


def amount_record(money: Money) -> dict[str, Any]:
    """An amount."""
    return {"amount": money.decimal, "currency": money.currency}


def to_file(
    ctx: Context, query: FeedbackQuery, path: Path, *, costs: bool = False, overwrite: bool = False
) -> int:  # fmt: skip
    """Write a list as CSV into a file that only its owner can read; returns how many rows. The journal notes it.

    Args:
        costs: the costs of quality instead of feedback; of the query only text and code count.

    Raises:
        InvalidInput: the file exists already, or cannot be written; ``field`` is ``path``.
        Forbidden: the desk was opened to read only.
    """
    path = path.expanduser()
    if costs:
        found = quality_costs.CostList(text=query.text, code=query.code, order=query.order).page(ctx, limit=None)
        records = [cost_record(one) for one in found]
    else:
        records = [feedback_record(one) for one in feedback_lists.FeedbackList(query).page(ctx, limit=None)]
    try:
        with private_file(path, overwrite=overwrite) as raw:
            text = TextIOWrapper(raw, "utf-8", errors="replace", newline="")
            count = write_csv(text, _COST_HEAD if costs else _HEAD, [_cells(one) for one in records])
            text.flush()
            text.detach()
            with ctx.write() as tx:
                kind = "quality costs" if costs else "feedback"
                noted = {"kind": kind, "format": "csv", "count": count, "file": display_text(path.name)}
                tx.journal("export", 0, "export", None, noted)
            return count
    except Unwritable as error:
        words = _("{path} cannot be written: {reason}.") if error.reason else _("{path} exists already.")
        shown = display_text(str(path))
        raise InvalidInput(words.format(path=shown, reason=error.reason), field="path") from None


_HEAD = (
    *("id", "kind", "at", "code", "room", "guest", "reservation", "conversation", "employee", "comment", "emoji"),
    *("resolved", "resolved_at", "resolved_by", "resolution", "satisfaction", "items", "cost", "author", "version"),
)
_COST_HEAD = (
    *("id", "at", "code", "room", "guest", "reservation", "occasion", "comment", "items", "cost", "author", "version"),
)


def _cells(record: Mapping[str, Any]) -> list[str]:
    return [_cell(name, value) for name, value in record.items()]


def _cell(name: str, value: Any) -> str:
    if name == "items":
        return "; ".join(f"{one['quantity']} x {one['name']} {one['amount']} {one['currency']}" for one in value)
    if name == "cost":
        return "; ".join(f"{one['amount']} {one['currency']}" for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value["name"])
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="seconds"))
    return "" if value is None else str(value)
