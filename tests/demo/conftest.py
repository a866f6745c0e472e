"""The sample hotel's servers, fast and small."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.demo.servers import DemoServers

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
SECRET = "sesame"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def servers(tmp_path: Path, clock: FixedClock) -> Iterator[DemoServers]:
    with DemoServers(tmp_path, SECRET, clock=clock, conversations=40, delay=(0.0, 0.0)) as running:
        yield running
