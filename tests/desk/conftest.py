"""A desk in a temporary home, with an account and a guest's mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.desk.common.context import Context
from tests.desk.house import make_house


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """An empty desk with one agent (an administrator)."""
    context = make_house(tmp_path)
    yield context
    context.store.close()
