"""What screens and commands get of reports: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crm_tui.rules.periods import Period
from crm_tui.rules.reporting import Chart, Column, Record, Table


class Link(NamedTuple):
    """What a row is about: ``reservation``, ``inquiry``, ``guest`` or ``conversation``, and its number."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report there is.

    Attributes:
        name: what commands and files call it.
        title, about: what it is called, and what it says in one line; marked for the catalogs.
        by: what its rows can stand for, each with its words; the first is the usual one. Empty: only one thing.
        filters: of :data:`crm_tui.rules.reporting.FILTERS`.
        statuses: the values of the filter *status* with their words.
        period: the usual period, of :data:`crm_tui.rules.periods.NAMES`.
        people: it compares people: an agent may only ask for their own figures.
        people_by: what its rows can stand for that does; with ``agent`` among them, narrowing it to others does as well.
    """

    name: str
    title: str
    about: str
    by: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    period: str = "month"
    people: bool = False
    people_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a report's module worked out.

    Attributes:
        links: what each record is about, in their order; empty: no row is about a single thing.
        sums: the totals, where they are no sums of the records.
        chart: makes the chart of the finished table; None: a chart would say no more.
        note: what else must be said of the figures, a sentence.
    """

    columns: Sequence[Column]
    records: Sequence[Record]
    links: Sequence[Link | None] = ()
    chart: Callable[[Table], Chart | None] | None = None
    note: str = ""
    sums: Sequence[Record] | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """A report for a period.

    Attributes:
        filters: what it was narrowed to: names of filters with what was asked for.
        by: what a row stands for; empty where there is only one thing.
    """

    report: Report
    period: Period
    filters: Mapping[str, str]
    by: str
    table: Table
    links: tuple[Link | None, ...] = ()
    chart: Chart | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """What commands and files call it."""
        return self.report.name
