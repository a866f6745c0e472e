"""The line over a list."""

from __future__ import annotations

import pytest

from crm_tui.widgets.list_looks import whole_parts

DAY = [("▶ ", "good"), ("takes tickets", "good"), (" · 3 open", "strong"), (" · 花子", "muted")]


@pytest.mark.parametrize(("width", "many"), [(0, 0), (15, 2), (23, 2), (24, 3), (30, 3), (31, 4), (99, 4)])
def test_parts_are_shown_whole_or_not_at_all(width: int, many: int) -> None:
    assert whole_parts(DAY, width) == DAY[:many]
