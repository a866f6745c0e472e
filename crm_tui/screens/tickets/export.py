"""The figures of a period into a file: the same as the report on productivity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.screens.watchlists.export import FileExport

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.rules.periods import Period


class FiguresExport(FileExport):
    """Writes the figures of agents to a CSV file; for an agent their own.

    Args:
        period: whose figures.
    """

    def __init__(self, period: Period) -> None:
        def write(ctx: Context, path: Path, overwrite: bool) -> int:
            from crm_tui.desk.reports import files

            own = desk.reports.own_only(ctx, desk.reports.get("productivity"))
            data = desk.reports.run(ctx, "productivity", period, own)
            return files.to_file(ctx, data, path, overwrite=overwrite)

        super().__init__(_("Figures of tickets"), write)
