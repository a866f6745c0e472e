"""A line of text with two ends."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from crm_tui.widgets.line import Line


@pytest.mark.parametrize("width", range(4, 30))
async def test_what_is_cut_ends_in_one_ellipsis(width: int) -> None:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Line()

    async with Shown().run_test(size=(width, 2)) as pilot:
        line = pilot.app.query_one(Line)
        line.show([("◐ in progress", ""), (" · ", ""), ("Ana", ""), (" · ", ""), ("plan 12 Dec", "")])
        text = line.render_line(0).text
        assert "……" not in text
        assert "…" not in text.rstrip()[:-1]
