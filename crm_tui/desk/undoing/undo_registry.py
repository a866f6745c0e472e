"""What undo knows about things and actions; filled by the modules of the desk that change them.

A module registers when it is imported; :func:`load` imports those in :data:`PROVIDERS`, so that a command can be taken back
by a process that has not run any of its kind.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from crm_tui import desk

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.desk.common.context import Transaction

PROVIDERS = (
    "undo_things",
    "undo_scope",
    "undo_sentences",
    "triage",
    "snoozing",
    "splitting",
    "merging",
    "ticket_hands",
    "ticket_words",
    "flags",
    "drafts",
    "outbox",
    "templates",
    "inquiries",
    "holders",
    "reservation_words",
    "reservations",
    "folio_words",
    "folio_undo",
    "flights",
    "reservation_links",
    "schedule_words",
    "payments",
    "terms",
    "operators",
    "statements",
    "departures",
    "guest_contacts",
    "guest_consents",
    "linking",
    "guests",
    "guest_import",
    "guest_unmerging",
    "guest_remerging",
    "duplicates",
    "memos",
    "internal",
    "reminders",
    "reminder_words",
    "saved_views",
    "attributes",
    "event_types",
    "events",
    "feedback_words",
    "feedback",
    "quality_words",
    "quality_codes",
    "quality_items",
    "quality_costs",
    "handover",
    "attribute_merging",
    "packages",
    "mailings",
    "notice_stops",
    "notices",
    "recall",
    "team",
    "routing_profiles",
    "sign_in_words",
    "departments",
    "timer_words",
    "property",
    "retention",
    "erasing",
)
"""Modules of the desk that register something with undo."""


@dataclass(frozen=True, slots=True)
class Row:
    """A journal row of a command that is taken back."""

    id: int
    at: datetime
    command: str
    entity: str
    entity_id: int
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


Named = Callable[["Connection", int], str]
Special = Callable[["Transaction", Row], "int | None"]
SpecialMany = Callable[["Transaction", Sequence[Row]], "int | None"]
Settle = Callable[["Transaction", Sequence[int]], None]


@dataclass(frozen=True, slots=True)
class Entity:
    """How things of one kind are put back.

    Attributes:
        model: their table, with a primary key ``id``.
        named: what people call one of them; asked only for what is shown.
        touched: further columns that a change of one writes, such as who changed it last.
        settle: run for the things that were put back, to keep in step what is derived from them.
        deleted: taking back that one was made deletes it; for tables without a column that puts it away.
    """

    name: str
    model: type[SQLModel]
    named: Named
    touched: Callable[[Transaction], Mapping[str, Any]] | None = None
    settle: Settle | None = None
    deleted: bool = False


@dataclass(slots=True)
class _Registry:
    entities: dict[str, Entity] = field(default_factory=dict)
    specials: dict[tuple[str, str], SpecialMany] = field(default_factory=dict)


_KNOWN = _Registry()


def entity(
    name: str,
    model: type[SQLModel],
    *,
    named: Named,
    touched: Callable[[Transaction], Mapping[str, Any]] | None = None,
    settle: Settle | None = None,
    deleted: bool = False,
) -> None:
    """Let undo put back the columns of a table: those that a command's journal rows name.

    A row with ``before`` None tells that the thing was made: it is put away (``removed_at``, ``archived_at`` or
    ``archived``), or deleted if so wished.

    Args:
        name: the journal's word for it.
        model, named, touched, settle, deleted: see :class:`Entity`.
    """
    _KNOWN.entities[name] = Entity(name, model, named, touched, settle, deleted)


def special(entity_name: str, action: str, fn: Special) -> None:
    """Take an action back by a function of its own instead of column by column, one journal row at a time.

    ``fn(tx, row)`` puts back what the row tells of, within the transaction, or raises
    :class:`~crm_tui.base.errors.Conflict` if it is not as the command left it; then nothing of the command is taken back.
    It may return the id of a draft that the desk opens again.
    """

    def each(tx: Transaction, rows: Sequence[Row]) -> int | None:
        draft: int | None = None
        for row in rows:
            draft = fn(tx, row) or draft
        return draft

    special_many(entity_name, action, each)


def special_many(entity_name: str, action: str, fn: SpecialMany) -> None:
    """The same for all rows of the action that a command left one after the other, newest first: marked sets."""
    _KNOWN.specials[entity_name, action] = fn


def find_entity(name: str) -> Entity | None:
    """What is registered of an entity."""
    return _KNOWN.entities.get(name)


def find_special(entity_name: str, action: str) -> SpecialMany | None:
    """The function that takes an action back, if it has one of its own."""
    return _KNOWN.specials.get((entity_name, action))


@cache
def load() -> None:
    """Import the modules that register something."""
    for name in PROVIDERS:
        importlib.import_module(desk.where(name))
