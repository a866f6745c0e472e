"""A hotel with a guest who has come for years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.guests.regular import Regular, regular_hotel


@pytest.fixture
def regular(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Regular]:
    """Łucja Nowak, with mail, inquiries, stays and notes."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    found = regular_hotel(tmp_path / "home")
    yield found
    found.hotel.ctx.store.close()
