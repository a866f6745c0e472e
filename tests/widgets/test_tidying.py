"""The search for rubbish waits until nobody types."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App

from crm_tui.widgets import tidying
from crm_tui.widgets.tidying import Tidying


class TidyApp(Tidying, App[None]):
    """An App that has it."""


class Ring:
    """Refers to itself: only the search finds it."""

    def __init__(self) -> None:
        self.myself: Any = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


async def test_the_whole_is_searched_only_while_nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    async with TidyApp().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, TidyApp)
        app.tidy_in_steps()
        assert gc.get_threshold() == tidying.STEP
        assert gc.get_freeze_count() > 10_000
        await pilot.press("x")
        kept = [Ring() for _number in range(3 * tidying.STEP[0])]  # noqa: F841 -- so much that the young are searched
        assert not app.tidy_at_rest()
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 2 * tidying.REST)
        assert app.tidy_at_rest()
        assert not app.tidy_at_rest()  # nothing new
    assert gc.get_threshold() != tidying.STEP
    assert gc.get_freeze_count() == 0


async def test_without_a_terminal_nothing_is_changed() -> None:
    before = gc.get_threshold()
    async with TidyApp().run_test() as pilot:
        await pilot.pause()
        assert gc.get_threshold() == before
