"""How the recall looks. Renew with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.harness import Hotel
from tests.screens.opened import desk_of
from tests.screens.test_pictures import running

KEYS = ["g", "r", "right", "right", "space", "right", "right", "space", "L"]


@pytest.mark.parametrize("size", [(80, 24), (150, 45)], ids=["80x24", "150x45"])
def test_recall(size: tuple[int, int], waiting: Hotel, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(desk_of(waiting), terminal_size=size, run_before=running(KEYS))
