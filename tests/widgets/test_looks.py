"""Signs and colours that must not be taken for one another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from textual.theme import Theme

from crm_tui.widgets.header import DeskStatus, _sync_part
from crm_tui.widgets.themes import desk_themes

NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize("theme", desk_themes(), ids=lambda theme: theme.name)
def test_late_waiting_and_broken_differ_in_every_theme(theme: Theme) -> None:
    assert len({theme.accent, theme.warning, theme.error}) == 3


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "✔ in step"), (4, "✔ in step"), (6, "synced 6 min ago"), (90, "synced 1 h 30 m ago")]
)
def test_the_header_tells_the_age_only_when_contact_is_lost(ago: int, said: str) -> None:
    status = DeskStatus(opening=False, accounts=1, synced_at=NOW - timedelta(minutes=ago))
    assert _sync_part(status, NOW)[0] == said
