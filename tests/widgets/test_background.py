"""Work beside the event loop: newest answer only, errors delivered, quick end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from crm_tui.widgets.background import Background


class Pump:
    """Collects callbacks like a message pump that somebody turns by hand."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []
        self.closed = False

    def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        if self.closed:
            return False
        self.calls.append(lambda: callback(*args, **kwargs))
        return True

    def turn(self, background: Background) -> None:
        end = time.monotonic() + 5
        while not background.idle and time.monotonic() < end:
            while self.calls:
                self.calls.pop(0)()
        assert background.idle


def fail(error: Exception) -> None:
    raise AssertionError(error)


def test_only_the_newest_answer_of_a_topic_arrives() -> None:
    pump, background, gate = Pump(), Background(), threading.Event()
    got: list[int] = []

    def slow(number: int) -> Callable[[], int]:
        return lambda: number if gate.wait(5) else -1

    for number in range(5):
        background.submit(pump, slow(number), got.append, fail, "search")
    gate.set()
    pump.turn(background)
    assert got == [4]
    background.close()


def test_without_a_topic_every_answer_arrives() -> None:
    pump, background = Pump(), Background()
    got: list[int] = []
    for number in range(5):
        background.submit(pump, lambda number=number: number, got.append, fail)  # type: ignore[misc]
    pump.turn(background)
    assert sorted(got) == list(range(5))
    background.close()


def test_an_error_is_handed_over() -> None:
    pump, background = Pump(), Background()
    errors: list[Exception] = []
    background.submit(pump, lambda: 1 / 0, None, errors.append)
    pump.turn(background)
    assert isinstance(errors[0], ZeroDivisionError)
    background.close()


def test_a_pump_that_is_gone_leaves_nothing_pending() -> None:
    pump, background = Pump(), Background()
    pump.closed = True
    background.submit(pump, lambda: 1, None, fail)
    pump.turn(background)
    background.close()
    background.submit(pump, lambda: 1, None, fail)
    assert background.idle
