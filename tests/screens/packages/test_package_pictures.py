"""How packages and mailings look. Renew with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.screens.harness import Hotel
from tests.screens.opened import desk_of
from tests.screens.test_pictures import running

SIZES = pytest.mark.parametrize("size", [(80, 24), (150, 45)], ids=["80x24", "150x45"])


@SIZES
def test_before_a_mailing(size: tuple[int, int], packed: Hotel, snap_compare: Callable[..., bool]) -> None:
    keys = ["g", "p", "down", "w", "s", "e", "a", "enter", "down", "down", "down"]
    assert snap_compare(desk_of(packed), terminal_size=size, run_before=running(keys))


@SIZES
def test_lists(size: tuple[int, int], packed: Hotel, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(desk_of(packed), terminal_size=size, run_before=running(["g", "l"]))
