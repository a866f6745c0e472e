"""A report's chart as the chart widget draws it."""

from __future__ import annotations

from crm_tui.base.i18n import language
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Chart, Kind
from crm_tui.widgets.chart_data import ChartData, ChartKind, Series, Unit

_UNITS = {Kind.DURATION: Unit.SECONDS, Kind.SHARE: Unit.RATIO}


def chart_data(chart: Chart) -> ChartData:
    """Its labels, series and unit; amounts are written as the agent writes them."""
    series = [Series(one.name, one.values) for one in chart.series]
    unit = _UNITS.get(chart.unit, Unit.COUNT)
    if chart.unit is not Kind.MONEY:
        return ChartData(chart.labels, series, ChartKind(chart.kind), unit)
    currency, spoken = chart.currency, language()

    def write(value: float) -> str:
        return Money(round(value), currency).written(spoken)

    return ChartData(chart.labels, series, ChartKind(chart.kind), unit, write)
