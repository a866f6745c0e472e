"""The figures of guest relations and of its two costs (SPEC §11, §12), each defined once, here.

Guest relations counts feedback by the property's day on which it was *said*. The costs count what was given, by the
property's day on which it was *given*, at the value it had then: the cost of complaints is what complaints were settled with;
the cost of quality is what was given without one. Everything that was given belongs to one complaint or to one cost of
quality, never to both, so that nothing is ever added twice. Amounts of different currencies are never added. What was
taken away counts nowhere; a complaint that was opened again keeps its costs, as what was given is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Protocol

from sqlalchemy import Row, Select, and_, func, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Compensation, Feedback, QualityCost, QualityItem
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.quality.quality_views import By, CostFigure, Costs, QualityFilter, Relations, RelationsFigure
from crm_tui.mail.text import display_text
from crm_tui.rules.departures import start_of_day
from crm_tui.rules.vocabulary import FeedbackKind

_F = columns(Feedback)
_K = columns(Compensation)
_Q = columns(QualityCost)
_A = columns(Agent)
_I = columns(QualityItem)
_ITEM = func.coalesce(_I.name, _K.name)
"""What is given is called as the list calls it today, so that a new name does not divide it."""

EVERYTHING = QualityFilter()
RELATIONS_BY = (By.CODE, By.ROOM, By.EMPLOYEE, By.MONTH)
"""What the report on guest relations can be put together by."""
COSTS_BY = tuple(By)
"""What the two costs can be put together by."""


class Days(Protocol):
    """A period: its first day and its last one, both in it."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end(self) -> date:
        """The last day."""


def relations(ctx: Context, period: Days, by: str = By.CODE, only: QualityFilter = EVERYTHING) -> Relations:
    """How many compliments and complaints there were, how many are settled, how long that took, how guests took it.

    Raises:
        InvalidInput: the report cannot be put together by that.
    """
    _require(by, RELATIONS_BY)
    names = (_F.at, _F.kind, _F.code, _F.room, _F.employee, _F.resolved_at, _F.satisfaction)
    with ctx.store.connect() as connection:
        place = zone(connection)
        query = _within(select(*names), _F.at, period, place).where(
            _F.removed_at.is_(None), scope.of_visible(_F.conversation_id)
        )
        for name in ("code", "room", "employee", "kind"):
            if wanted := getattr(only, name):
                query = query.where(_F[name] == wanted)
        rows = connection.execute(query, {scope.BIND: ctx.actor.scopes}).all()
    found: dict[str, RelationsFigure] = {}
    total = RelationsFigure("")
    for row in rows:
        one = _figure(row)
        label = _label(row, by, place)
        found[label] = _together(found.get(label, RelationsFigure(label)), one)
        total = _together(total, one)
    order: Callable[[RelationsFigure], Any] = (
        (lambda one: one.label) if by == By.MONTH else (lambda one: (-one.negative, -one.total, one.label))
    )
    return Relations(by, tuple(sorted(found.values(), key=order)), total)


def complaint_costs(ctx: Context, period: Days, by: str = By.CODE, only: QualityFilter = EVERYTHING) -> Costs:
    """What complaints cost: everything that was given to settle one.

    Raises:
        InvalidInput: the report cannot be put together by that.
    """
    _require(by, COSTS_BY)
    with ctx.store.connect() as connection:
        place = zone(connection)
        query = (
            _given(_F.code, _F.room, _F.employee, _K.feedback_id.label("entry"))
            .join(Feedback, _F.id == _K.feedback_id)
            .where(_F.removed_at.is_(None), _F.kind == FeedbackKind.NEGATIVE, scope.of_visible(_F.conversation_id))
        )
        query = _only(_within(query, _K.at, period, place), only, _F.code, _F.room, _F.employee)
        return _costs(connection.execute(query, {scope.BIND: ctx.actor.scopes}), by, place)


def quality_costs(ctx: Context, period: Days, by: str = By.CODE, only: QualityFilter = EVERYTHING) -> Costs:
    """What was given for occasions, without a complaint. The employee is who wrote it down.

    Raises:
        InvalidInput: the report cannot be put together by that.
    """
    _require(by, COSTS_BY)
    with ctx.store.connect() as connection:
        place = zone(connection)
        query = (
            _given(_Q.code, _Q.room, _A.name.label("employee"), _K.cost_id.label("entry"))
            .join(QualityCost, _Q.id == _K.cost_id)
            .outerjoin(Agent, _A.id == _Q.author_id)
            .where(_Q.removed_at.is_(None))
        )
        query = _only(_within(query, _K.at, period, place), only, _Q.code, _Q.room, _A.name)
        return _costs(connection.execute(query), by, place)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reports can be limited to: codes, items, rooms and employees that occur, each in order of name."""

    codes: tuple[str, ...]
    items: tuple[str, ...]
    rooms: tuple[str, ...]
    employees: tuple[str, ...]


def choices(ctx: Context) -> Choices:
    """What occurs in feedback and in costs of quality that the agent may see."""
    seen = and_(_F.removed_at.is_(None), scope.of_visible(_F.conversation_id))
    with ctx.store.connect() as connection:

        def those(*queries: Select[Any]) -> tuple[str, ...]:
            bound = {scope.BIND: ctx.actor.scopes}
            found = {row[0] for query in queries for row in connection.execute(query.distinct(), bound) if row[0]}
            return tuple(sorted(display_text(one) for one in found))

        kept = _Q.removed_at.is_(None)
        return Choices(
            those(select(_F.code).where(seen), select(_Q.code).where(kept)),
            those(select(_ITEM).select_from(table_of(Compensation)).outerjoin(QualityItem, _I.id == _K.item_id)),
            those(select(_F.room).where(seen), select(_Q.room).where(kept)),
            those(select(_F.employee).where(seen)),
        )


def _require(by: str, known: Iterable[str]) -> None:
    if by not in known:
        raise InvalidInput(
            _("This report is not put together by {by}.").format(by=display_text(by)),
            _("There are: {names}.").format(names=", ".join(known)),
            "by",
        )


def _given(*names: Any) -> Select[Any]:
    query = select(_K.at, _ITEM.label("item"), _K.quantity, _K.value, _K.currency, *names)
    return query.select_from(table_of(Compensation)).outerjoin(QualityItem, _I.id == _K.item_id)


def _within(query: Select[Any], column: Any, period: Days, place: tzinfo) -> Select[Any]:
    """Rows of the property's days of a period; they end with the first instant of the day after."""
    begin, end = start_of_day(period.start, place), start_of_day(period.end + timedelta(days=1), place)
    return query.where(column >= begin, column < end)


def _only(query: Select[Any], only: QualityFilter, code: Any, room: Any, employee: Any) -> Select[Any]:
    wanted = ((code, only.code), (room, only.room), (employee, only.employee), (_ITEM, only.item))
    for column, value in (*wanted, (_K.currency, only.currency)):
        if value:
            query = query.where(column == value)
    return query


def _label(row: Row[Any], by: str, place: tzinfo) -> str:
    if by == By.MONTH:
        return _month(row.at, place)
    return display_text(str(getattr(row, by) or ""))


def _month(at: datetime, place: tzinfo) -> str:
    return at.astimezone(place).strftime("%Y-%m")


def _figure(row: Row[Any]) -> RelationsFigure:
    negative = row.kind == FeedbackKind.NEGATIVE
    settled = negative and row.resolved_at is not None
    known = row.satisfaction is not None
    return RelationsFigure(
        "",
        positive=int(not negative),
        negative=int(negative),
        resolved=int(settled),
        satisfied=int(known),
        satisfaction=row.satisfaction if known else 0,
        seconds=max(0.0, (row.resolved_at - row.at).total_seconds()) if settled else 0.0,
    )


def _together(one: RelationsFigure, other: RelationsFigure) -> RelationsFigure:
    added = {
        name: getattr(one, name) + getattr(other, name)
        for name in ("positive", "negative", "resolved", "satisfied", "satisfaction", "seconds")
    }
    return replace(one, **added)


def _costs(rows: Iterable[Row[Any]], by: str, place: tzinfo) -> Costs:
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    whole: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[_label(row, by, place), row.currency].append(row)
        whole[row.currency].append(row)
    figures = [_cost(label, currency, alike) for (label, currency), alike in found.items()]
    by_month = by == By.MONTH
    figures.sort(
        key=lambda one: (one.label, one.currency) if by_month else (one.currency, -one.amount, one.label)
    )  # fmt: skip
    return Costs(by, tuple(figures), tuple(_cost("", currency, whole[currency]) for currency in sorted(whole)))


def _cost(label: str, currency: str, rows: list[Row[Any]]) -> CostFigure:
    return CostFigure(
        label,
        currency,
        len({row.entry for row in rows}),
        sum(row.quantity for row in rows),
        sum(row.quantity * row.value for row in rows),
    )
