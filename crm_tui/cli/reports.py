"""``report``: figures of a period as a table, CSV or JSON (SPEC §12, §15)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.progress import Belated
from crm_tui.cli.report_options import OPTION
from crm_tui.cli.times import zone_of
from crm_tui.cli.usage import UsageError
from crm_tui.mail.text import display_text
from crm_tui.rules.reporting import FILTERS

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.reports import Report, ReportData
    from crm_tui.rules.periods import Period


def report(run: Invocation) -> int:
    """Print a report, write it as CSV, or list the reports there are."""
    from crm_tui import desk

    options = run.options
    if not options.name:
        return _list(run)
    with run.desk() as ctx:
        asked = {name: getattr(options, OPTION.get(name, name)) for name in FILTERS}
        period = _period(run, ctx, desk.reports.get(options.name))
        shown = Belated(run.progress())
        try:
            data = desk.reports.run(ctx, options.name, period, asked, by=options.by, drawn=False, progress=shown)
        finally:
            shown.done()
        if options.csv:
            return _csv(run, ctx, data)
        return _print(run, data, zone_of(ctx))


def _period(run: Invocation, ctx: Context, report: Report) -> Period:
    from crm_tui import desk

    options = run.options
    if options.period and (options.first or options.last):
        raise UsageError(_("Give either --period or --from and --to."))
    if options.last and not options.first:
        raise UsageError(_("Without its first day it is no period."), _("Add --from."))
    if options.first:
        return desk.periods.between(ctx, options.first, options.last)
    return desk.periods.read(ctx, (options.period or report.period).replace("last-", "last "))


def _list(run: Invocation) -> int:
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.reports.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(
                {
                    "name": one.name,
                    "title": _(one.title),
                    "about": _(one.about),
                    "period": one.period,
                    "by": list(one.by),
                    "filters": list(one.filters),
                    "statuses": list(one.statuses),
                }
            )
        return 0
    rows = [[one.name, _(one.about), ", ".join(one.by), ", ".join(_options(one))] for one in found]
    run.out.table((_("Name"), _("What it says"), "--by", _("Options")), rows)
    return 0


def _options(report: Report) -> list[str]:
    return [f"--{OPTION.get(name, name)}" for name in report.filters]


def _csv(run: Invocation, ctx: Context, data: ReportData) -> int:
    from crm_tui.desk.reports import files

    target = run.options.csv
    if target == "-":
        text = io.StringIO(newline="")
        files.write_rows(data, text)
        run.out.octets(text.getvalue().replace("\r\n", "\n").encode("utf-8"))
        return 0
    count = files.to_file(ctx, data, Path(target), overwrite=run.options.overwrite)
    if run.out.as_json:
        run.out.record({"count": count, "format": "csv", "file": target})
    else:
        words = ngettext("{n} row is in {file}.", "{n} rows are in {file}.", count)
        run.out.line(words.format(n=count, file=display_text(target)))
    return 0


def _print(run: Invocation, data: ReportData, zone: ZoneInfo) -> int:
    from crm_tui.desk.reports import files, words

    if run.out.as_json:
        for one in files.records(data):
            run.out.record(one)
        return 0
    title = " · ".join((_(data.report.title), str(data.period), *words.narrowed(data)))
    run.out.line(title, "bold")
    if not data.table.rows:
        run.out.line(_("There is nothing in these days."))
        return 0
    shown = [place for place, column in enumerate(data.table.columns) if column.shown]
    columns = [data.table.columns[place] for place in shown]
    rows = [words.cells(data, row, shown, zone) for row in data.table.rows]
    rows += [words.totals(data, row, shown, zone) for row in data.table.totals]
    right = [place for place, column in enumerate(columns) if column.right]
    run.out.table([_(column.title) for column in columns], rows, right=right)
    if data.note:
        run.out.line(data.note, "dim")
    return 0
