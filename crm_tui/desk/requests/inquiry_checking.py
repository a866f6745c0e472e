"""What is given for an inquiry, checked before it is stored: the values, and that nobody changed the same meanwhile (SPEC §4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_faults import InvalidFields, words
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.requests.inquiry_rows import view_in
from crm_tui.desk.requests.inquiry_views import FIELD_NAMES, InquiryView
from crm_tui.rules.inquiry_checks import check
from crm_tui.rules.vocabulary import InquiryStatus


class Stale(Conflict):
    """Somebody else changed the same fields since; nothing was overwritten (SPEC §13).

    Attributes:
        theirs: the inquiry as it stands now.
        fields: those that both changed.
    """

    def __init__(self, message: str, theirs: InquiryView, fields: tuple[str, ...]) -> None:
        super().__init__(message, _("Look at both and choose."))
        self.theirs = theirs
        self.fields = fields


def today(connection: Connection, ctx: Context) -> date:
    """The day it is at the property."""
    return ctx.clock.now().astimezone(zone(connection)).date()


def checked(tx: Transaction, ctx: Context, values: Mapping[str, Any], before: Row[Any] | None) -> dict[str, Any]:
    """The columns to store.

    Raises:
        InvalidFields: one is not usable.
    """
    old = dict(before._mapping) if before is not None else {"status": InquiryStatus.NEW.value}
    found = check(values, today(tx.connection, ctx), old)
    errors = words(found.faults.values())
    clean = dict(found.values)
    for name, column, resolve in (("handler", "handler_id", _handler), ("scope", "scope", _scope)):
        if name in clean:
            word = clean.pop(name)
            try:
                clean[column] = resolve(ctx, tx, word)
            except InvalidInput as error:
                errors[name] = str(error)
    if errors:
        raise InvalidFields({name: errors[name] for name in (*FIELD_NAMES, *errors) if name in errors})
    return clean


def _handler(_ctx: Context, tx: Transaction, word: str) -> int | None:
    if word in {"", "nobody"}:
        return None
    return tx.actor.id if word == "me" else agent_named(tx.connection, word, active=True)


def _scope(ctx: Context, _tx: Transaction, word: str) -> str:
    return scope.named(ctx, word)


def refuse_clashes(tx: Transaction, row: Row[Any], version: int, changed: Mapping[str, Any]) -> None:
    """Refuse to overwrite what somebody else changed since ``version``.

    Raises:
        Stale: somebody changed one of these columns to something else.
    """
    if row.version == version:
        return
    since = changed_since(tx.connection, "inquiry", row.id, version, row.version)
    both = tuple(name for name in changed if since.touches(name))
    if both:
        shown = tuple("handler" if name == "handler_id" else name for name in both)
        names = ", ".join(_(FIELD_NAMES[name]) for name in shown if name in FIELD_NAMES)
        raise Stale(
            _("{agent} changed {fields} meanwhile; nothing was overwritten.").format(
                agent=since.who(both) or _("Somebody"), fields=names or _("this inquiry")
            ),
            view_in(tx.connection, row.id, tx.actor),
            shown,
        )


def columns_of(view: InquiryView) -> dict[str, Any]:
    """The columns that checks compare with."""
    names = ("status", "lost_reason", "planned_end", "arrival", "departure", "period_from", "period_to", "nights")
    found: dict[str, Any] = {name: getattr(view, name) for name in (*names, "adults", "children", "proposed")}
    for name in ("budget", "price"):
        money = getattr(view, name)
        found |= {name: money.amount if money else None, f"{name}_currency": money.currency if money else ""}
    return found
