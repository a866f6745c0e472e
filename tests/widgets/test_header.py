"""The top line says no hour before it is known whose hour it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textual.app import App, ComposeResult

from crm_tui.widgets.header import DeskStatus, HeaderLine
from crm_tui.widgets.themes import desk_themes

NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


class One(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for theme in desk_themes():
            self.register_theme(theme)
        self.theme = desk_themes()[0].name

    def compose(self) -> ComposeResult:
        yield HeaderLine()


async def test_the_hour_waits_for_the_propertys_zone() -> None:
    app = One()
    async with app.run_test(size=(80, 3)) as pilot:
        header = app.query_one(HeaderLine)
        for status, there in (
            (DeskStatus(), False),
            (DeskStatus(property="Hotel Miramar"), True),
            (DeskStatus(opening=False, synced_at=NOW - timedelta(hours=1)), True),
        ):
            header.tell(status, NOW, UTC)
            await pilot.pause()
            assert ("13:05" in header.render_line(0).text) is there
