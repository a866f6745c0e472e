"""What makes thousands of short tests cheap without changing what any of them says.

Textual's pilot takes the desk for idle after it has used little processor time for 20 ms, twice a key: most of what a
screen's test takes. Here it is idle once nothing is left to do: no task is ready, no question to the desk is under way and
no frame is due. Statements are compiled once a process and not once a store.
"""

from __future__ import annotations

import asyncio
import gc
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import sqlalchemy
from textual import app as textual_app
from textual import constants
from textual import pilot as textual_pilot
from textual._context import active_app

from crm_tui.data import store as data_store
from crm_tui.widgets.background import Background

_YOUNG, _ENOUGH, _STATEMENTS = 50_000, 250_000, 6_000
_SOON, _PATIENCE = 0.04, 15.0
_backgrounds: WeakSet[Background] = WeakSet()
_held: WeakKeyDictionary[Background, int] = WeakKeyDictionary()
_shared: dict[str, Any] = {}
_waiting = 0
_begin = Background.__init__
_create_engine = sqlalchemy.create_engine


def set_up() -> None:
    """For the whole process."""
    gc.set_threshold(_YOUNG, 20, 50)  # a painted line is ten objects: the usual 700 are a collection a frame
    Background.__init__ = _noted  # type: ignore[method-assign]
    textual_app.wait_for_idle = idle  # type: ignore[assignment,attr-defined]
    textual_pilot.wait_for_idle = idle  # type: ignore[assignment,attr-defined]
    textual_pilot.Pilot._wait_for_screen = _screen_is_idle  # type: ignore[method-assign]
    data_store.create_engine = _engine_of_all  # type: ignore[assignment,attr-defined]
    constants.TEXTUAL_ANIMATIONS = "none"  # type: ignore[misc]  # App takes it from there


def between_tests() -> None:
    """Collect what tests left behind, whenever that has become much."""
    if gc.get_count()[0] + _YOUNG * gc.get_count()[1] > _ENOUGH:
        gc.collect()
        gc.freeze()


async def idle(_least: float = 0, longest: float = 1) -> None:
    """Wait until the desk has nothing to do; ``longest`` seconds for questions that are not answered."""
    global _waiting
    _waiting += 1
    try:
        await _idle(longest)
    finally:
        _waiting -= 1


async def _idle(longest: float) -> None:
    loop: Any = asyncio.get_running_loop()
    held, last = monotonic() + longest, monotonic() + _PATIENCE
    while monotonic() < last:
        await asyncio.sleep(0)
        if len(loop._ready) >= _waiting:  # those who wait beside this one are always ready
            continue
        for one in [one for one in _held if one.idle]:
            del _held[one]
        asked = [one for one in _backgrounds if not one._closed and one._pending > _held.get(one, 0)]
        if (asked or awaited(_SOON)) and monotonic() < held:
            await asyncio.sleep(0.001)
        elif _painted() and len(loop._ready) < _waiting:
            # what a test holds back on purpose need not be waited for at each key
            _held.update({one: one._pending for one in asked})
            return


def awaited(seconds: float) -> bool:
    """Whether something is to be done once, at most so many seconds after it was said."""
    app = active_app.get(None)
    if app is None or not app._screen_stack:
        return False
    nodes = [app, *app.screen.walk_children(with_self=True)]
    timers = [timer for node in nodes for timer in node._timers]
    return any(one._repeat == 0 and one._interval <= seconds and one._task and not one._task.done() for one in timers)


async def _screen_is_idle(self: textual_pilot.Pilot[Any], timeout: float = 30.0) -> bool:
    """As Textual says it, False where the desk has failed; without a message to each widget."""
    await idle(longest=min(timeout, 1))
    return not self.app._exception_event.is_set()


def _painted() -> bool:
    """Whether no frame was due; it is painted now if one was, and not up to 16 ms later."""
    app = active_app.get(None)
    screen = app.screen if app is not None and app._screen_stack and app._running else None
    if screen is None or not screen.is_mounted:
        return True
    wanted = (
        screen._layout_required or screen._scroll_required or screen._repaint_required or screen._recompose_required
    )
    due = bool(wanted or screen._dirty_widgets) and not screen.app._batch_count
    if due or screen._callbacks:
        screen._on_timer_update()
    return not due


def _noted(self: Background, threads: int = 4) -> None:
    _begin(self, threads)
    _backgrounds.add(self)


def _engine_of_all(url: str, **options: Any) -> Any:
    """An engine whose compiled statements are those of every other store of this process."""
    engine = _create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        kept = _shared.setdefault("engine", engine)
        engine.dialect = engine.pool._dialect = kept.dialect
        engine._compiled_cache = kept._compiled_cache
        kept._compiled_cache.capacity = _STATEMENTS
    return engine
